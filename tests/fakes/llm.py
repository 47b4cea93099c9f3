"""A scripted model server on loopback: OpenAI's chat, decisions and models, with faults.

    with FakeLLM() as llm:
        llm.script = [say("Hello."), call("tag_contact", {"tag": "hot"}), say("Done.")]
        endpoint = llm.endpoint()

`script` is a list of replies or a callable that gets the request's body and gives a reply. By hand:
`python -m tests.fakes.llm --port 9000 --first-ms 300 --per-token-ms 5`; there a contact's
`call:NAME {json}` makes the model call that tool, and `yes:WORDS` makes the judge agree with
conditions that contain these words.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import orjson
import pytest
from aiohttp import web

from integrations.llm.types import Endpoint
from tests.fakes import llm_check
from tests.fakes.llm_replies import (
    DECISION_USAGE,
    EMPTY,
    USAGE,
    Call,
    Reply,
    as_text,
    call,
    calls,
    cut,
    encoded,
    fail,
    garbage,
    hang,
    head,
    logprobs,
    model,
    reason,
    say,
    twice,
    whole_call,
)

__all__ = [
    "EMPTY",
    "Call",
    "FakeLLM",
    "Recorded",
    "Reply",
    "as_text",
    "call",
    "calls",
    "cut",
    "fail",
    "fake_llm",
    "garbage",
    "hang",
    "say",
    "twice",
]

Script = Callable[[dict[str, Any]], Reply]
Judge = Callable[[str, str], float | None]


@dataclass
class Recorded:
    """One request as it came, and when."""

    path: str
    raw: bytes
    headers: dict[str, str]
    at: float
    cancelled: bool = False
    sent: int = 0
    ended_at: float | None = None

    @cached_property
    def body(self) -> dict[str, Any]:
        """The parsed body."""
        return dict(orjson.loads(self.raw)) if self.raw else {}


@dataclass
class FakeLLM:
    """The server; a context manager. It runs in a thread of its own."""

    script: Script | list[Reply] = field(default_factory=lambda: _hello)
    judge: Judge = field(default_factory=lambda: lambda instructions, asked: 0.0)
    has_decisions: bool = True
    has_logprobs: bool = True
    refuses_logprobs: bool = False
    fail_judge: int = 0  # the status that predicates asked of the chat model get
    models: list[str] = field(default_factory=lambda: ["fake-large", "fake-small"])
    api_key: str = "test-key"
    keep: bool = True
    port: int = 0
    drop_next: bool = False  # close the connection of the next request unanswered, once
    connections: int = 0
    requests: list[Recorded] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _seen: dict[int, Any] = field(default_factory=dict)

    def __enter__(self) -> FakeLLM:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the fake model server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def endpoint(self, model: str = "fake-large", **options: Any) -> Endpoint:
        """An endpoint of ours that leads here."""
        return Endpoint(self.url, self.api_key, model, **{"timeout": 5.0, **options})

    def bodies(self, path: str = "/v1/chat/completions") -> list[dict[str, Any]]:
        """The bodies of the requests to one path, in order."""
        return [each.body for each in self.requests if each.path == path]

    async def ended(self, record: Recorded) -> None:
        """Wait until a request is over."""
        while record.ended_at is None:
            await asyncio.sleep(0.005)

    def _run(self, ready: threading.Event) -> None:
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        runner = web.ServerRunner(
            web.Server(self._handle, access_log=None, handler_cancellation=True),
            shutdown_timeout=0.1,
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport is not self._seen.get(id(request.protocol)):
            self._seen[id(request.protocol)] = request.transport
            self.connections += 1
        raw = await request.read()
        if self.drop_next:
            self.drop_next = False
            assert request.transport is not None
            request.transport.close()
            raise asyncio.CancelledError
        record = Recorded(request.path, raw, dict(request.headers), time.monotonic())
        if self.keep:
            self.requests.append(record)
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return _error(401, "Incorrect API key provided.")
        try:
            if problem := await llm_check.problem_of(record.path, record.raw):
                self.problems.append(problem)
                return _error(400, problem)
            return await self._route(request, record)
        except (asyncio.CancelledError, ConnectionResetError):
            record.cancelled = True
            raise asyncio.CancelledError from None
        finally:
            record.ended_at = time.monotonic()

    async def _route(self, request: web.BaseRequest, record: Recorded) -> web.StreamResponse:
        if request.path == "/v1/models":
            return _answer({"object": "list", "data": [model(name) for name in self.models]})
        if request.path == "/v1/decisions" and self.has_decisions:
            return _answer(self._decide(record.body))
        if request.path != "/v1/chat/completions":
            return _error(404, "There is no such page.")
        if record.body.get("max_tokens") == 1 and not record.body.get("tools"):
            return self._yes_or_no(record.body)
        return await self._chat(request, record)

    def _decide(self, body: dict[str, Any]) -> dict[str, Any]:
        asked = body["input"] if isinstance(body["input"], str) else json.dumps(body["input"])
        answers: list[dict[str, Any]] = []
        for question in body["questions"]:
            probability = self.judge(question["instructions"], asked)
            name = question.get("name")
            if probability is None:
                answers.append({"type": "refusal", "name": name})
            else:
                answers.append({"type": "predicate", "name": name, "probability": probability})
        return {"model": body["model"], "answers": answers, "usage": DECISION_USAGE}

    def _yes_or_no(self, body: dict[str, Any]) -> web.Response:
        if self.fail_judge:
            return _error(self.fail_judge, "The judge failed.")
        if body.get("logprobs") and self.refuses_logprobs:
            return _error(400, "logprobs are not supported with this model")
        text = str(body["messages"][-1]["content"]).rpartition("\n")[0]
        asked, _, question = text.rpartition("\n")
        yes = self.judge(question, asked) or 0.0
        word = "Yes" if yes >= 0.5 else "No"
        choice: dict[str, Any] = {
            "index": 0,
            "message": {"role": "assistant", "content": word},
            "finish_reason": "length",
        }
        if body.get("logprobs") and self.has_logprobs:
            choice["logprobs"] = {"content": [logprobs(word, yes)]}
        return _answer({**head(body, "chat.completion"), "choices": [choice], "usage": USAGE})

    def _next(self, body: dict[str, Any]) -> Reply:
        if callable(self.script):
            return self.script(body)
        return self.script.pop(0) if self.script else say("I have nothing more to say.")

    async def _chat(self, request: web.BaseRequest, record: Recorded) -> web.StreamResponse:
        reply = self._next(record.body)
        if reply.first_ms:
            await asyncio.sleep(reply.first_ms / 1000)
        if reply.status != 200:
            headers = {"Retry-After": reply.retry_after} if reply.retry_after else {}
            return _error(reply.status, reply.message, headers)
        if not record.body.get("stream"):
            return await self._whole(reply, record.body)
        with_usage = bool(record.body.get("stream_options")) and reply.usage
        return await self._stream(request, record, reply, with_usage)

    async def _whole(self, reply: Reply, body: dict[str, Any]) -> web.Response:
        if reply.raw is not None:
            return web.Response(body=reply.raw, content_type="application/json")
        if reply.hang_after is not None:
            await asyncio.sleep(3600)
        message: dict[str, Any] = {"role": "assistant", "content": "".join(reply.tokens) or None}
        if reply.calls:
            message["tool_calls"] = [whole_call(each) for each in reply.calls]
        choice = {"index": 0, "message": message, "finish_reason": reason(reply)}
        return _answer({**head(body, "chat.completion"), "choices": [choice], "usage": USAGE})

    async def _stream(
        self, request: web.BaseRequest, record: Recorded, reply: Reply, with_usage: bool
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": reply.content_type})
        await response.prepare(request)
        chunks = encoded(replace(reply, first_ms=0, per_token_ms=0), with_usage)
        at_once = not reply.per_token_ms and not reply.packets
        if at_once and reply.cut_after is None and reply.hang_after is None:
            record.sent = len(chunks)
            await response.write(b"".join(chunks))
        else:
            await self._slowly(request, response, record, reply, chunks)
        await response.write_eof()
        return response

    async def _slowly(
        self,
        request: web.BaseRequest,
        response: web.StreamResponse,
        record: Recorded,
        reply: Reply,
        chunks: list[bytes],
    ) -> None:
        for chunk in chunks:
            if record.sent == reply.hang_after:
                await asyncio.sleep(3600)
            if record.sent == reply.cut_after:
                assert request.transport is not None
                request.transport.abort()
                raise asyncio.CancelledError
            await response.write(chunk)
            record.sent += 1
            if reply.per_token_ms or reply.packets:
                await asyncio.sleep(reply.per_token_ms / 1000)


def _answer(value: Any) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = orjson.dumps({"error": {"message": message, "type": "fake", "code": None}})
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def _hello(body: dict[str, Any]) -> Reply:
    return say("Hello from the model.")


def directed(first_ms: float, per_token_ms: float, tokens: int) -> Script:
    """For runs by hand: the contact's own words say what the model does."""
    words = say(" ".join(["word"] * max(tokens, 1))).after(first_ms, per_token_ms)
    wanted = re.compile(r"call:(\w+)\s*(\{.*\})?")

    def script(body: dict[str, Any]) -> Reply:
        last = body["messages"][-1]
        if last["role"] == "user" and (found := wanted.search(str(last["content"]))):
            return call(found[1], found[2] or "{}").after(first_ms, per_token_ms)
        return words

    return script


def agreeing(instructions: str, asked: str) -> float:
    """For runs by hand: the judge agrees with what the contact's `yes:WORDS` names."""
    wanted = re.findall(r"yes:(.+)", asked)
    return 0.97 if any(words.strip() in instructions for words in wanted) else 0.03


@pytest.fixture
def fake_llm(settings: Any) -> Iterator[FakeLLM]:
    """A fresh server; what it did not accept fails the test."""
    settings.ALOAI_LOCAL_MODELS = True
    with FakeLLM() as llm:
        yield llm
    assert llm.problems == []


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--first-ms", type=float, default=300)
    parser.add_argument("--per-token-ms", type=float, default=5)
    parser.add_argument("--tokens", type=int, default=20)
    options = parser.parse_args()
    script = directed(options.first_ms, options.per_token_ms, options.tokens)
    with FakeLLM(script=script, judge=agreeing, keep=False, port=options.port):
        threading.Event().wait()


if __name__ == "__main__":
    main()
