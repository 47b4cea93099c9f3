"""Tool calls that a model wrote as text instead of calling the tool."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Collection
from typing import Any

from integrations.llm.types import ToolCall

HELD = 8_000  # characters after which a beginning is no longer taken for a call
_TAGS = ("tool_call", "tool_calls", "tools", "function_call")
_STARTS = tuple(f"<{tag}>" for tag in _TAGS)
_FENCE = re.compile(
    r"```[ \t]*(?:json|tool_call|tool_calls|tool)?[ \t]*\n(.*?)(?:\n[ \t]*```|\Z)", re.S
)
_TAGGED = re.compile(rf"<({'|'.join(_TAGS)})>(.*?)(?:</\1>|\Z)", re.S)
_OPENING_FENCE = re.compile(r"`{1,2}\Z|```[ \t]*[a-z_]{0,12}[ \t]*(?:\Z|\n\s*(?:\Z|[\[{]))")
_OPENING_KEY = re.compile(r'\[?\s*\{{1,2}\s*(?:\Z|"([a-z_]*)("?))')
_FIRST_KEYS = ("name", "arguments", "parameters", "function", "type", "id", "tool_calls")
_DECODER = json.JSONDecoder(strict=False)


def may_open_call(text: str) -> bool:
    """Could what the stream has brought so far be the beginning of a call written as text?"""
    begun = text.lstrip()
    if not begun:
        return True
    if len(begun) > HELD:
        return False
    if begun[0] == "<":
        return begun.startswith(_STARTS) or any(start.startswith(begun) for start in _STARTS)
    if begun[0] == "`":
        return _OPENING_FENCE.match(begun) is not None
    return begun == "[" or _opens_object(begun)


def calls_in_text(text: str, names: Collection[str]) -> tuple[str, tuple[ToolCall, ...]]:
    """The text without the calls in it, and the calls.

    A call counts in tags, in a code fence, or where it is all there is: in the middle of a
    sentence it may be a quotation.
    """
    calls: list[ToolCall] = []

    def taken(match: re.Match[str]) -> str:
        found = _calls(match.group(match.lastindex or 0), names)
        calls.extend(found or ())
        return match.group(0) if found is None else ""

    rest = _FENCE.sub(taken, _TAGGED.sub(taken, text)).strip()
    alone = _calls(rest, names) if rest[:1] in ("{", "[") else None
    if alone is not None:
        calls.extend(alone)
        rest = ""
    return (rest, tuple(calls)) if calls else (text, ())


def _opens_object(begun: str) -> bool:
    match = _OPENING_KEY.match(begun)
    if match is None:
        return begun[0] == "[" and not begun[1:].strip()
    key, closed = match.group(1), match.group(2)
    if key is None or (not closed and match.end() == len(begun)):
        return key is None or any(first.startswith(key) for first in _FIRST_KEYS)
    return bool(closed) and key in _FIRST_KEYS


def _calls(text: str, names: Collection[str]) -> list[ToolCall] | None:
    """All calls in a text that is nothing but calls, else None."""
    values = _values(text)
    if not values:
        return None
    calls: list[ToolCall] = []
    for value in values:
        wanted = value.get("tool_calls") if isinstance(value, dict) else None
        call = None if wanted else _call(value, names)
        more = [_call(each, names) for each in wanted] if isinstance(wanted, list) else [call]
        if None in more:
            return None
        calls.extend(each for each in more if each)
    return calls


def _values(text: str) -> list[Any]:
    """The JSON values that follow one another in the text; empty if anything else is there."""
    values: list[Any] = []
    position, end = 0, len(text)
    while True:
        while position < end and text[position] in " \t\r\n,;":
            position += 1
        if position == end:
            return values
        doubled = text.startswith("{{", position)  # as some chat templates teach the model
        try:
            value, position = _DECODER.raw_decode(text, position + doubled)
        except (ValueError, RecursionError):
            return []
        position += doubled and text.startswith("}", position)
        values.extend(value if isinstance(value, list) else [value])


def _call(value: Any, names: Collection[str]) -> ToolCall | None:
    """A known tool in any usual shape; an unknown one only in the unmistakable shape."""
    if not isinstance(value, dict):
        return None
    inner = value.get("function")
    call = inner if isinstance(inner, dict) else value
    name = call.get("name")
    arguments = call.get("arguments", call.get("parameters"))
    if not isinstance(name, str) or not name:
        return None
    if isinstance(arguments, str):
        written = arguments
    elif isinstance(arguments, dict):
        written = json.dumps(arguments, ensure_ascii=False)
    elif arguments is None and name in names:
        written = "{}"
    else:
        return None
    if name not in names and len(call) != 2:
        return None
    return ToolCall(new_id(), name, written)


def new_id() -> str:
    """An id for a call whose server gave none."""
    return f"call_{uuid.uuid4().hex[:24]}"
