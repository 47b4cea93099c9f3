"""What may be spoken when: the speech is open from the first token and closes on a sign.

It closes at the end of the running sentence when the stream opens a tool call or a verdict names
an eligible action; before the first token it closes at once. Of the running sentence the shortest
tail that may begin a promise waits; a completed promise is held until the keys are reconciled.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from actions.understood import Phrases

_SENTENCE_END = re.compile(r"[.!?…][\"”’)]*(?=\s)|\n")
WINDOW = 160  # characters in which a promise phrase is looked for


class SpeechBuffer:
    """Speaks pieces of a message through `say`, holds back the rest."""

    def __init__(
        self, say: Callable[[str], Awaitable[None]], promises: Phrases | None = None
    ) -> None:
        self._say = say
        self._promises = promises
        self._text = ""
        self._said = 0
        self._closing = False
        self._shut = False
        self.promised = False

    @property
    def spoken(self) -> str:
        """What went out of this message."""
        return self._text[: self._said]

    @property
    def held(self) -> str:
        """What waits."""
        return self._text[self._said :]

    @property
    def has_spoken(self) -> bool:
        """Whether anything of this message went out."""
        return bool(self.spoken.strip())

    def close(self) -> None:
        """Speak to the end of the running sentence, no further."""
        if not self.has_spoken:
            self._shut = True
        self._closing = True

    def hold(self, text: str) -> None:
        """A whole message of which nothing is spoken yet."""
        self._text, self._shut = text, True

    async def feed(self, piece: str) -> None:
        """Take the next piece of the stream and speak what may be spoken."""
        self._text += piece
        if self._shut or self.promised:
            return
        end = self._open_until()
        if end > self._said:
            ready, self._said = self._text[self._said : end], end
            await self._say(ready)

    def _open_until(self) -> int:
        end = len(self._text)
        if self._closing:
            start = max(self._said - 1, 0)
            if match := _SENTENCE_END.search(self._text, start):
                self._shut, end = True, max(match.end(), self._said)
        if self._promises is None:
            return end
        start = max(self._said - WINDOW, 0)
        window = self._text[start:end]
        if found := self._promises.found(window):
            self.promised = start + found.end > self._said
            if self.promised:
                return max(start + found.start, self._said)
        tail = self._promises.tail(window)
        return max(start + tail, self._said) if tail < len(window) else end

    async def finish(self) -> None:
        """The message is complete and nothing holds it: a mere tail is spoken."""
        if not self._shut and not self.promised:
            await self.release()

    async def release(self) -> None:
        """The message is settled: speak what was held."""
        held, self._said = self.held, len(self._text)
        if held:
            await self._say(held)

    def drop(self) -> str:
        """What was held is not spoken at all; returns it."""
        held = self.held
        self._text = self.spoken
        return held
