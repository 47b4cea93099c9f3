"""A chat message put together from its pieces, however a server chose to cut them."""

from __future__ import annotations

from typing import Any

import orjson

from integrations.llm.errors import plain, told_error
from integrations.llm.thoughts import Thoughts
from integrations.llm.types import Done, Event, ModelError, Text, ToolCall, ToolOpened, Usage
from integrations.llm.written import new_id

CHARACTERS = 1_000_000  # of a whole answer, thoughts and arguments too
CALLS = 64
_TOO_LONG = "The model's answer was too long."


class _Call:
    """A call as far as it has arrived."""

    __slots__ = ("id", "name", "opened", "parts")

    def __init__(self) -> None:
        self.id = ""
        self.name = ""
        self.parts: list[str] = []
        self.opened = False

    @property
    def arguments(self) -> str:
        """The JSON text so far."""
        return "".join(self.parts)

    def whole(self) -> bool:
        """Are the arguments a complete JSON text?"""
        try:
            orjson.loads(self.arguments)
        except ValueError:
            return False
        return True

    def fits(self, call_id: str, name: str) -> bool:
        """Does a further piece with this id and name belong to this call?"""
        if call_id and self.id:
            return call_id == self.id
        return not (name and self.name and (name != self.name or self.whole()))


class MessageParts:
    """Takes a server's chunks and gives events; `done` gives the whole.

    `full`: all the words that are wanted are there; what comes now is left unread.
    """

    def __init__(self, max_characters: int = CHARACTERS, key: str = "") -> None:
        self._left = max_characters
        self._key = key
        self.full = False
        self._text: list[str] = []
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._finish = ""
        self._ended = False
        self._usage: Usage | None = None
        self._size = 0
        self._thoughts = Thoughts()

    def take(self, chunk: dict[str, Any]) -> list[Event]:
        """The events of one streamed chunk. Raises ModelError."""
        try:
            return self._taken(chunk)
        except (AttributeError, TypeError, KeyError, ValueError) as error:
            raise plain("nonsense") from error

    def _taken(self, chunk: dict[str, Any]) -> list[Event]:
        if chunk.get("error"):
            raise told_error(chunk["error"], self._key)
        if usage := chunk.get("usage"):
            self._usage = _usage(usage)
        events: list[Event] = []
        choices = chunk.get("choices")
        if not choices:
            return events
        choice = choices[0]
        delta = choice.get("delta") or {}
        if (content := delta.get("content")) and (said := self._said(content)):
            events.append(Text(said))
        for piece in delta.get("tool_calls") or ():
            if opened := self._called(piece):
                events.append(opened)
        if (reason := choice.get("finish_reason")) and not self.full:
            self._end(str(reason))
        return events

    def _end(self, reason: str) -> None:
        self._finish, self._ended = reason, True

    def take_whole(self, body: dict[str, Any]) -> list[Event]:
        """The events of an answer that came in one piece. Raises ModelError."""
        choices = body.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(first, dict) and not body.get("error"):
            raise plain("nonsense")
        whole = [{**first, "delta": first.get("message")}] if isinstance(first, dict) else []
        events = self.take({**body, "choices": whole})
        self._ended = True
        return events

    def done(self) -> Done:
        """The whole message. Raises ModelError if the stream broke off before its end."""
        if not self._ended:
            raise plain("cut")
        calls = tuple(
            ToolCall(call.id or new_id(), call.name, call.arguments or "{}")
            for call in self._calls
            if call.name
        )
        self._text.append(self._within(self._thoughts.rest()))
        return Done("".join(self._text), calls, self._finish, self._usage)

    def _said(self, content: Any) -> str:
        if not isinstance(content, str):
            raise TypeError("text that is no text")
        self._grow(len(content))
        said = self._within(self._thoughts.said(content))
        self._text.append(said)
        return said

    def _within(self, said: str) -> str:
        """The part that is still wanted."""
        self._left -= len(said)
        if self._left >= 0:
            return said
        kept = said[: self._left]
        self._left, self.full = 0, True
        self._end("length")
        return kept

    def _called(self, piece: dict[str, Any]) -> ToolOpened | None:
        function = piece.get("function") or {}
        name, call_id = function.get("name") or "", piece.get("id") or ""
        call = self._slot(piece.get("index"), call_id, name)
        call.id = call.id or call_id
        call.name = call.name or name
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            self._grow(len(arguments))
            call.parts.append(arguments)
        elif arguments is not None:
            call.parts = [orjson.dumps(arguments).decode()]
        if call.name and not call.opened:
            call.opened = True
            return ToolOpened(self._calls.index(call), call.name)
        return None

    def _slot(self, index: Any, call_id: str, name: str) -> _Call:
        """The call a piece belongs to: by index, else by id, else the last one."""
        if isinstance(index, int):
            call = self._by_index.get(index)
        elif call_id:
            call = next((each for each in self._calls if each.id == call_id), None)
        else:
            call = self._calls[-1] if self._calls else None
        if call is None or not call.fits(call_id, name):
            call = _Call()
            self._calls.append(call)
            if len(self._calls) > CALLS:
                raise ModelError("nonsense", _TOO_LONG)
        if isinstance(index, int):
            self._by_index[index] = call
        return call

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > CHARACTERS:
            raise ModelError("nonsense", _TOO_LONG)


def _usage(value: dict[str, Any]) -> Usage:
    details = value.get("prompt_tokens_details") or {}
    return Usage(
        int(value.get("prompt_tokens") or 0),
        int(value.get("completion_tokens") or 0),
        int(details.get("cached_tokens") or 0),
    )
