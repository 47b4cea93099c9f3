"""Action types that take their time, in threads as in the web process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from actions import registry
from actions.base import ActionType, Moment, Outcome, ToolArguments
from actions.effects import AddNote
from actions.sending import ticket


class Slow(ActionType):
    """An action that waits longer than the barrier."""

    slug, label, group, icon = "t_slow", "Slow", "Messaging", "clock"
    asks = True
    seconds = 0.2

    class Arguments(ToolArguments):
        """None."""

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Wait, then note it."""
        time.sleep(self.seconds)
        ctx.emit(AddNote("late"))
        return Outcome("Waited")


class SlowTicket(Slow):
    """One that is committed with the hand-off."""

    slug, with_handoff = "t_slow_ticket", True
    moments = frozenset({Moment.BEFORE_HANDOFF})
    default_moment = Moment.BEFORE_HANDOFF

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """Wait, then a ticket."""
        super().execute(ctx, config, args)
        ctx.emit(ticket("Late", {}))
        return Outcome("Waited")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Slow executors in threads, as in the web process."""
    for kind in (Slow, SlowTicket):
        registry.register(kind)
    pool = ThreadPoolExecutor(2)
    yield pool
    pool.shutdown()
    for kind in (Slow, SlowTicket):
        registry.unregister(kind.slug)
