"""What the web process does when it starts and before it stops; rooms register it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)
Hook = Callable[[], Awaitable[None]]
_on_start: list[Hook] = []
_on_stop: list[Hook] = []


def on_start(hook: Hook) -> Hook:
    """Run `hook` when the web process starts."""
    _on_start.append(hook)
    return hook


def on_stop(hook: Hook) -> Hook:
    """Run `hook` before the web process stops."""
    _on_stop.append(hook)
    return hook


async def start() -> None:
    """Run the start hooks; one that fails does not keep the site from answering."""
    await _run(_on_start)


async def stop() -> None:
    """Run the stop hooks."""
    await _run(_on_stop)


async def _run(hooks: list[Hook]) -> None:
    for hook in hooks:
        try:
            await hook()
        except Exception:
            log.exception("A hook of the web process failed")
