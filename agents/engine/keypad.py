"""Pressed keys, gathered until they are complete: enough of them, # or a pause."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from agents.core.waits import wait
from agents.engine.conversation import ConversationState


class KeyPad:
    """The keys of one call. An action that asks for digits says how many and how long it waits."""

    def __init__(self, conversation: ConversationState) -> None:
        self._conversation = conversation
        self._keys = ""
        self._pause: asyncio.TimerHandle | None = None

    def press(self, key: str, complete: Callable[[str], None]) -> None:
        """Take a key; `complete` gets the message that all of them make."""
        script = self._conversation.memory.script
        asked = script if script.get("reads") == "extension" else {}
        if self._pause:
            self._pause.cancel()
        self._keys = "" if key == "*" and asked else self._keys + key
        if key == "#" or 0 < asked.get("digits", 0) <= len(self._keys):
            self._end(complete)
            return
        seconds = asked.get("seconds", wait("keys"))
        self._pause = asyncio.get_running_loop().call_later(seconds, self._end, complete)

    def _end(self, complete: Callable[[str], None]) -> None:
        keys, self._keys = self._keys, ""
        if keys:
            complete(f"[pressed {keys.strip('#') or keys}]")
