"""Reads calls that a model wrote as text: JSON and its near misses, and the form of Python."""

from __future__ import annotations

import ast
import json
import re
import uuid
from collections.abc import Callable, Collection
from typing import Any

from integrations.llm.types import ToolCall

NOTHING: Any = object()  # what could not be read; None is a value
LONGEST = 20_000  # characters that are read with more than the JSON decoder
_NAMES = ("name", "tool", "tool_name", "function", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "params", "input", "action_input")
_ENVELOPE = frozenset({*_NAMES, "type", "id"})
_STRINGS = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_JSON_MARK = re.compile(_STRINGS + r'|["{}\[\]]', re.S)
_CALL_MARK = re.compile(_STRINGS + r"|'[^'\\]*+(?:\\.[^'\\]*+)*+'|[\"'(){}\[\]]", re.S)
_BARE_KEY = re.compile(r"([{,]\s*)(\w+)(\s*:)")
_DECODER = json.JSONDecoder(strict=False)


def new_id() -> str:
    """An id for a call whose server gave none."""
    return f"call_{uuid.uuid4().hex[:24]}"


def decoded(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins here, and where it ends; NOTHING if there is none yet."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return NOTHING, start


def object_end(text: str, start: int) -> int | None:
    """Where the object that begins here is closed."""
    return _closed(_JSON_MARK, text, start)


def call_end(text: str, start: int) -> int | None:
    """Where the parenthesis that begins here is closed."""
    return _closed(_CALL_MARK, text, start)


def _closed(marks: re.Pattern[str], text: str, start: int) -> int | None:
    depth = 0
    for mark in marks.finditer(text, start):
        if mark[0] in "([{":
            depth += 1
        elif mark[0] in ")]}":
            depth -= 1
            if depth <= 0:
                return mark.end()
        elif len(mark[0]) == 1:
            return None  # a string that nobody has closed
    return None


def read_value(text: str) -> Any:
    """A value written as JSON, as Python or with bare keys; NOTHING if it is none of these."""
    if len(text) > LONGEST:
        return NOTHING
    readers: tuple[Callable[[str], Any], ...] = (_DECODER.decode, ast.literal_eval, _bare_keys)
    for reader in readers:
        try:
            return reader(text)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
    return NOTHING


def read_text(text: str) -> Any:
    """What an element holds: an object, a list, nothing, else the words as they are."""
    value = decoded(text, 0)[0] if text.startswith(("{", "[")) or text == "null" else NOTHING
    return text if value is NOTHING else value


def _bare_keys(text: str) -> Any:
    return _DECODER.decode(_BARE_KEY.sub(r'\1"\2"\3', text))


def read_arguments(inner: str) -> str | None:
    """What stands between the parentheses of a call, as JSON; None if it cannot be read."""
    try:
        call = ast.parse(f"f({inner})", mode="eval").body if len(inner) < LONGEST else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            return _json(_values(call))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        pass
    value = read_value("{" + inner + "}")
    return _json(value) if isinstance(value, dict) else None


def _values(call: ast.Call) -> Any:
    """By name; one object alone; a list where nobody knows the names: the tool refuses it."""
    named = {str(each.arg): _literal(each.value) for each in call.keywords if each.arg}
    unnamed = [_literal(each) for each in call.args]
    if not unnamed:
        return named
    return unnamed[0] if len(unnamed) == 1 and isinstance(unnamed[0], dict) else unnamed


class _Constants(ast.NodeTransformer):
    """JSON's constants between Python's."""

    _KNOWN = {"true": True, "false": False, "null": None}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A constant where the name is one."""
        return ast.Constant(self._KNOWN[node.id]) if node.id in self._KNOWN else node


def _literal(node: ast.expr) -> Any:
    return ast.literal_eval(_Constants().visit(node))


def calls_of(value: Any, names: Collection[str]) -> tuple[ToolCall, ...]:
    """The calls that a value holds, if it is nothing but calls."""
    listed = value.get("tool_calls") if isinstance(value, dict) else None
    wanted = listed if isinstance(listed, list) else [value]
    calls = [call for each in wanted if (call := _call(each, names))]
    return tuple(calls) if len(calls) == len(wanted) else ()


def _call(value: Any, names: Collection[str]) -> ToolCall | None:
    """A known tool in any usual shape; an unknown one only in the unmistakable shape."""
    if not isinstance(value, dict):
        return None
    if len(value) == 1 and (only := next(iter(value))) in names:
        return named_call(only, value[only])
    inner = value.get("function")
    call = inner if isinstance(inner, dict) else value
    name = next((call[key] for key in _NAMES if isinstance(call.get(key), str)), "")
    arguments = next((call[key] for key in _ARGUMENTS if key in call), NOTHING)
    if name in names:
        if arguments is NOTHING:
            arguments = {key: call[key] for key in call if key not in _ENVELOPE}
        return named_call(name, {} if arguments is None else arguments)
    unmistakable = len(call) == 2 and "name" in call and isinstance(arguments, dict | str)
    return named_call(name, arguments) if name and unmistakable else None


def named_call(name: str, arguments: Any) -> ToolCall | None:
    """A call with these arguments; a string is taken as it was written."""
    if not isinstance(arguments, dict | str):
        return None
    try:
        written = arguments if isinstance(arguments, str) else _json(arguments)
    except (TypeError, ValueError, RecursionError):  # Python knows values that JSON does not
        return None
    return ToolCall(new_id(), name, written)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
