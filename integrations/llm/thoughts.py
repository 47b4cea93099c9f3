"""What a model thinks aloud before it answers, taken out: `<think> … </think>` at the start."""

from __future__ import annotations

OPEN, CLOSE = "<think>", "</think>"


class Thoughts:
    """Follows the beginning of one answer; what it has decided once costs nothing more."""

    __slots__ = ("_held", "_thinking", "open")

    def __init__(self) -> None:
        self.open = False
        self._thinking = False
        self._held = ""

    def said(self, text: str) -> str:
        """The part of a piece that is no thought; empty while that is not known."""
        if self.open:
            return text
        self._held += text
        start = self._held.lstrip()
        if not self._thinking and OPEN.startswith(start[: len(OPEN)]):
            self._thinking = start.startswith(OPEN)
            if not self._thinking:
                return ""
        if not self._thinking:
            return self.rest()
        _, closed, after = self._held.partition(CLOSE)
        if not closed:
            self._held = self._held[-len(CLOSE) :]
            return ""
        if not after.strip():
            return ""
        self._held, self._thinking = after.lstrip(), False
        return self.rest()

    def rest(self) -> str:
        """What is still held at the end, unless it is a thought that never ended."""
        held, self._held, self.open = "" if self._thinking else self._held, "", True
        return held
