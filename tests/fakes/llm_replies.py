"""What the scripted model says, and the bytes that say it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson

WORDS = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Call:
    """A tool call, its arguments sent in `fragments` pieces."""

    name: str
    arguments: str = "{}"
    fragments: int = 3
    id: str = "call_1"


@dataclass(frozen=True)
class Reply:
    """What the model does with one request, faults included."""

    tokens: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    first_ms: float = 0
    per_token_ms: float = 0
    status: int = 200
    retry_after: str = ""
    message: str = ""
    cut_after: int | None = None  # chunks after which the connection breaks
    hang_after: int | None = None  # chunks after which nothing comes any more
    raw: bytes | None = None  # sent as it is instead of an answer
    packets: tuple[bytes, ...] = ()  # the same in several packets
    content_type: str = "text/event-stream"
    index: bool = True
    ids: bool = True
    usage: bool = True
    finish: str = ""
    closing: bool = True  # is [DONE] sent?

    def after(self, first_ms: float, per_token_ms: float = 0) -> Reply:
        """The same with delays."""
        return replace(self, first_ms=first_ms, per_token_ms=per_token_ms)


def say(text: str, **faults: Any) -> Reply:
    """Words, one token each."""
    return Reply(tokens=tuple(WORDS.findall(text)) or ((text,) if text else ()), **faults)


def call(name: str, arguments: Any = None, text: str = "", **faults: Any) -> Reply:
    """A tool call; arguments that are a string are sent as they are."""
    one = Call(name, _json(arguments), faults.pop("fragments", 3))
    return replace(say(text, **faults), calls=(one,))


def calls(*wanted: tuple[str, Any], **faults: Any) -> Reply:
    """Several tool calls in one message."""
    made = [Call(name, _json(args), 3, f"call_{n}") for n, (name, args) in enumerate(wanted)]
    return replace(say(faults.pop("text", ""), **faults), calls=tuple(made))


def twice(name: str, arguments: Any = None) -> Reply:
    """The same call two times in one message."""
    return calls((name, arguments), (name, arguments))


def as_text(name: str, arguments: Any = None, form: str = "bare") -> Reply:
    """A call written as text: bare, fence, tag or list."""
    body = json.dumps({"name": name, "arguments": arguments or {}})
    forms = {
        "bare": body,
        "fence": f"```json\n{body}\n```",
        "tag": f"<tool_call>\n{body}\n</tool_call>",
        "list": f"[{body}]",
    }
    return say(forms[form])


def fail(status: int, message: str = "It failed.", retry_after: str = "") -> Reply:
    """An error status."""
    return Reply(status=status, message=message, retry_after=retry_after)


def cut(text: str, after: int) -> Reply:
    """An answer that breaks off after some chunks."""
    return say(text, cut_after=after)


def hang(text: str = "", after: int = 0) -> Reply:
    """An answer that stops coming."""
    return say(text, hang_after=after)


def garbage() -> Reply:
    """Something that is no answer."""
    return Reply(raw=b"data: {not json\n\ndata: [DONE]\n\n")


EMPTY = Reply()


USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_tokens_details": {"cached_tokens": 64},
}
DECISION_USAGE = {
    "input_tokens": 90,
    "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0},
    "output_tokens": 2,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 92,
}


@lru_cache(maxsize=2048)
def encoded(reply: Reply, with_usage: bool) -> list[bytes]:
    """The answer as server-sent events, ready to be written."""
    if reply.packets or reply.raw is not None:
        return list(reply.packets) or [reply.raw or b""]
    chunks = [_chunk([_delta({"role": "assistant", "content": ""})])]
    chunks += [_chunk([_delta({"content": token})]) for token in reply.tokens]
    for index, each in enumerate(reply.calls):
        chunks += [_chunk([_delta({"tool_calls": [p]})]) for p in _pieces(reply, each, index)]
    chunks.append(_chunk([{**_delta({}), "finish_reason": reason(reply)}]))
    if with_usage:
        chunks.append(_chunk([], usage=USAGE))
    return [*chunks, b"data: [DONE]\n\n"] if reply.closing else chunks


def _pieces(reply: Reply, each: Call, index: int) -> Iterator[dict[str, Any]]:
    """The first piece has the name, the others parts of the arguments."""
    at = {"index": index} if reply.index else {}
    size = max(1, math.ceil(len(each.arguments) / max(each.fragments, 1)))
    parts = [each.arguments[n : n + size] for n in range(0, len(each.arguments), size)]
    whole = each.fragments <= 1
    function = {"name": each.name, "arguments": each.arguments if whole else ""}
    yield {**at, **({"id": each.id} if reply.ids else {}), "type": "function", "function": function}
    if not whole:
        yield from ({**at, "function": {"arguments": part}} for part in parts)


def _chunk(choices: list[dict[str, Any]], **more: Any) -> bytes:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "fake"}
    return b"data: " + orjson.dumps({**head, "choices": choices, **more}) + b"\n\n"


def _delta(delta: dict[str, Any]) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": None}


def reason(reply: Reply) -> str:
    return reply.finish or ("tool_calls" if reply.calls else "stop")


def whole_call(each: Call) -> dict[str, Any]:
    function = {"name": each.name, "arguments": each.arguments}
    return {"id": each.id, "type": "function", "function": function}


def logprobs(word: str, yes: float) -> dict[str, Any]:
    pair = {"Yes": max(yes, 1e-9), "No": max(1 - yes, 1e-9)}
    top = [{"token": w, "logprob": math.log(p), "bytes": None} for w, p in pair.items()]
    return {"token": word, "logprob": math.log(pair[word]), "bytes": None, "top_logprobs": top}


def head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": body.get("model", "")}


def model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1, "owned_by": "tests"}


def _json(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments or {})
