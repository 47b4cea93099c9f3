"""Tool calls that a model wrote as text instead of calling the tool, kept out of its speech.

A call may begin at a brace, a list of objects, a tag, a code fence, or at an offered tool's name
that `(`, `{` or `:` follows. From there on nothing is spoken until it is decided. What is no call
is plain text again; what names a tool and cannot be read is neither spoken nor called.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from integrations.llm import written
from integrations.llm.types import ToolCall

_TAGGED = ("tool_call", "tool_calls", "tool", "tools", "function_call", "function_calls")
_TAGS = (
    *(f"<{slash}{tag}>" for tag in _TAGGED for slash in ("", "/")),
    *("<function=", "</function>", "<|tool_call|>", "<|python_tag|>", "[TOOL_CALLS]"),
)
_TOKEN = re.compile(r"[{\[<`]|(?<!\w)\w+")
_FENCE = re.compile(r"```(?:[ \t]*([\w-]*)[ \t]*(?:\n|(?=[{\[<])))?\s*|`{1,2}\s*")
_OPEN_FENCE = re.compile(r"`{1,2}\Z|```[ \t]*[\w-]*\s*\Z")
_FUNCTION = re.compile(
    r"<function=(\w+)>\s*((?:<parameter=\w+>.*?</parameter>\s*)*)</function>", re.S
)
_OPEN_FUNCTION = re.compile(r"<function=\w*(?:\Z|>\s*(?:\Z|<))")
_PARAMETER = re.compile(r"<parameter=(\w+)>\s*(.*?)\s*</parameter>", re.S)
_LIST = re.compile(r"\[\s*")
_BRACES = re.compile(r"\{[\s{]*")
_KEY = re.compile(r"\Z|[\"']|\w+\s*(?:\Z|:)")  # what may follow the braces of a call
_CALL_KEY = re.compile(r"\{[\s{]*[\"'](?:name|tool|tool_name|tool_calls|function|arguments)\b")
_AFTER_NAME = re.compile(r"\(|[\"'`*]*\s*[:>=]?\s*(?:\Z|(?=\{))")
_RESIDUE = re.compile(r"(?:[\s,;}\])]|`{1,3}(?![\w`]))*+")
_SENTENCE_RUNS = re.compile(r"\w[ \t,:]*[\"'“‘(]?[ \t]*\Z")
_SENTENCE_GOES_ON = re.compile(r"[\"'”’)]?[ \t]*[,;?]|[\"'”’)]?[ \t]+[a-z]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Block:
    """A place where a call may have begun, decided. `calls` None: it is plain text."""

    end: int
    calls: tuple[ToolCall, ...] | None


class TextCalls:
    """Takes an answer piece by piece and gives what may surely be spoken.

    However the answer is cut into pieces, the same is spoken and the same calls are found.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._beginnings = _beginnings(self._names)
        self._text = ""
        self._at = 0  # what stands before it is decided
        self._spoken: list[str] = []
        self._found: list[tuple[int, int, tuple[ToolCall, ...]]] = []
        self._gap = False  # a call was taken out before what is spoken next
        self.stopped = False  # part of the answer is a call: the rest waits for its end

    @property
    def spoken(self) -> str:
        """The answer without the calls in it, as far as it is decided."""
        return "".join(self._spoken)

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls, once the answer is complete. One quoted inside a sentence is none."""
        return tuple(
            call
            for start, end, calls in self._found
            for call in calls
            if not self._quoted(start, end)
        )

    def feed(self, piece: str) -> str:
        """Take the next piece; what may be spoken now."""
        self._text += piece
        return "" if self.stopped else self._decide(final=False)

    def end(self) -> str:
        """The answer is complete; what may be spoken of what was held."""
        return self._decide(final=True)

    def _decide(self, *, final: bool) -> str:
        before = len(self._spoken)
        while self._at < len(self._text) and (final or not self.stopped):
            if self._gap:
                self._at = _end(_RESIDUE, self._text, self._at)
            start = self._candidate(final)
            self._speak(self._text[self._at : start])
            self._at = start
            block = self._block(start, final) if start < len(self._text) else None
            if block is None:
                break
            self._take(start, block)
        return "".join(self._spoken[before:])

    def _speak(self, words: str) -> None:
        if not self._spoken:
            words = words.lstrip()
        elif self._gap and not (words[:1].isspace() or self._spoken[-1][-1].isspace()):
            words = words and f" {words}"
        if words:
            self._spoken.append(words)
            self._gap = False

    def _take(self, start: int, block: _Block) -> None:
        self._at = block.end
        if block.calls is None:
            self._speak(self._text[start : block.end])
            return
        self.stopped = self._gap = True
        self._found.append((start, block.end, block.calls))

    def _candidate(self, final: bool) -> int:
        """Where a call may begin next; the end of the text if nowhere."""
        for token in _TOKEN.finditer(self._text, self._at):
            if token[0] in "{[<`" or self._names_call(token):
                return token.start()
            last = token.end() == len(self._text)
            if last and not final and token[0] in self._beginnings:
                return token.start()
        return len(self._text)

    def _names_call(self, token: re.Match[str]) -> bool:
        return token[0] in self._names and bool(_AFTER_NAME.match(self._text, token.end()))

    def _block(self, start: int, final: bool) -> _Block | None:
        """What begins here; None: that is not decided yet."""
        first = self._text[start]
        if first == "`":
            return self._fence(start, final)
        if first in "<[" and (tag := self._tag(start, final)) is not _NO_TAG:
            return tag
        if first == "[":
            return self._wrapped(_end(_LIST, self._text, start), "{", final)
        if first == "{":
            return self._braces(start, final)
        return _plain(start + 1) if first == "<" else self._named(start, final)

    def _fence(self, start: int, final: bool) -> _Block | None:
        if not final and _OPEN_FENCE.match(self._text, start):
            return None
        fence = _FENCE.match(self._text, start)
        named = fence and fence[1] in self._names  # a tool's name where a language would stand
        inner = start + 3 if named else _end(_FENCE, self._text, start)
        return self._wrapped(inner, "{[<", final)

    def _wrapped(self, inner: int, openers: str, final: bool) -> _Block | None:
        """A call right behind a fence or a bracket takes them along; else they are text."""
        if inner == len(self._text):
            return _plain(inner) if final else None
        token = _TOKEN.match(self._text, inner)
        if token is None:
            return _plain(inner)
        if token[0] in openers or self._names_call(token):
            block = self._block(inner, final)
            return _plain(inner) if block and block.calls is None else block
        begun = token.end() == len(self._text) and token[0] in self._beginnings
        return None if begun and not final else _plain(inner)

    def _tag(self, start: int, final: bool) -> _Block | None:
        rest = self._text[start : start + 24]
        if _OPEN_FUNCTION.match(self._text, start):
            return self._function(start, final)
        for tag in _TAGS:
            if rest.startswith(tag):
                return _Block(start + len(tag), ())
        begun = not final and any(tag.startswith(rest) for tag in _TAGS)
        return None if begun else _NO_TAG

    def _function(self, start: int, final: bool) -> _Block | None:
        """A call as elements: `<function=NAME><parameter=KEY>value</parameter></function>`."""
        whole = _FUNCTION.match(self._text, start)
        if whole is None:
            return _Block(len(self._text), ()) if final else None
        given = {key: written.read_text(value) for key, value in _PARAMETER.findall(whole[2])}
        call = written.named_call(whole[1], given)
        return _Block(whole.end(), (call,) if call else ())

    def _braces(self, start: int, final: bool) -> _Block | None:
        read = self._object(start, final)
        if read is None:
            return None
        value, end = read
        calls = written.calls_of(value, self._names)
        broken = value is written.NOTHING and _CALL_KEY.match(self._text, start)
        if calls or (end and (broken or self._names_tool(start, end))):
            return _Block(end, calls)
        return _plain(max(end, _end(_BRACES, self._text, start)))

    def _object(self, start: int, final: bool) -> tuple[Any, int] | None:
        """The value in the braces and where it ends (0: there are none that hold an object)."""
        text, opened = self._text, _end(_BRACES, self._text, start)
        if not _KEY.match(text, opened) or (final and opened == len(text)):
            return written.NOTHING, 0
        inner = text.rindex("{", start, opened)  # some templates teach a model to double braces
        if text.find("}", opened) < 0:
            return (written.NOTHING, len(text)) if final else None
        value, end = written.decoded(text, inner)
        if value is not written.NOTHING:
            return value, end
        if closed := written.object_end(text, inner):
            return written.read_value(text[inner:closed]), closed
        return self._repaired(inner) if final else None

    def _repaired(self, start: int) -> tuple[Any, int]:
        """An object whose last braces are missing."""
        end = self._text.rindex("}") + 1
        for missing in ("}", "}}", "]}"):
            value = written.read_value(self._text[start:end] + missing)
            if value is not written.NOTHING:
                return value, end
        return written.NOTHING, len(self._text)

    def _named(self, start: int, final: bool) -> _Block | None:
        """A tool's name, and its arguments in parentheses or in braces."""
        name = _WORD.match(self._text, start)
        after = _AFTER_NAME.match(self._text, name.end()) if name else None
        if name is None or after is None or (after.end() == len(self._text) and after[0] != "("):
            return _plain(name.end() if name else start + 1) if final else None
        if after[0] == "(":
            return self._parentheses(name[0], name.end(), final)
        read = self._object(after.end(), final)
        if read is None:
            return None
        value, end = read
        call = written.named_call(name[0], value)
        calls = written.calls_of(value, self._names) or ((call,) if call else ())
        return _Block(end, calls) if end else _plain(after.end())

    def _parentheses(self, name: str, start: int, final: bool) -> _Block | None:
        end = written.call_end(self._text, start)
        if end is None:
            if not final:
                return None
            line = self._text.find("\n", start)
            end = len(self._text) if line < 0 else line
            inner = self._text[start + 1 : end].rstrip()
            inner = inner if inner.endswith(("'", '"', "]", "}")) else "("
        else:
            inner = self._text[start + 1 : end - 1]
        arguments = written.read_arguments(inner)
        return _Block(end, (ToolCall(written.new_id(), name, arguments),) if arguments else ())

    def _names_tool(self, start: int, end: int) -> bool:
        return any(word in self._names for word in _WORD.findall(self._text, start, end))

    def _quoted(self, start: int, end: int) -> bool:
        before = self._text[:start].rpartition("\n")[2]
        runs, goes_on = _SENTENCE_RUNS.search(before), _SENTENCE_GOES_ON.match(self._text, end)
        return bool(runs and goes_on)


_NO_TAG = _Block(0, None)


@lru_cache(maxsize=256)
def _beginnings(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name[:n] for name in names for n in range(1, len(name) + 1))


def _plain(end: int) -> _Block:
    return _Block(end, None)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def calls_in_text(text: str, names: Collection[str]) -> tuple[str, tuple[ToolCall, ...]]:
    """The text without the calls in it, and the calls."""
    answer = TextCalls(names)
    answer.feed(text)
    answer.end()
    return (answer.spoken.strip() if answer.stopped else text), answer.calls
