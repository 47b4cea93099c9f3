"""What a model server may cost: time, characters, and never the key."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.llm import client
from integrations.llm.errors import redacted
from integrations.llm.judge import decisions
from integrations.llm.stream import complete, stream_chat
from integrations.llm.types import ChatRequest, Done, Endpoint, ModelError, Predicate, Text
from tests.fakes.llm import FakeLLM, Reply, call, fail, hang, say
from tests.integrations.test_stream import ask, done, failure, run

KEY = "sk-proj-Zq81xT7bLm204vWd"
HI = [{"role": "user", "content": "Hi."}]


def sse(chunk: dict[str, Any]) -> bytes:
    """One event of a stream."""
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


class TestKey:
    """A server that repeats the key."""

    @pytest.mark.parametrize(
        "words",
        [
            f"No access with {KEY}.",
            f'Header "Authorization: Bearer {KEY}" was refused',
            f"Incorrect API key provided: {KEY[:8]}*****{KEY[-4:]}",
            f"Incorrect API key provided: {KEY[:11]}...{KEY[-4:]}. Try again",
            f"the key ending in {KEY[-9:]} is blocked",
            f"{'x' * 196} {KEY}",
        ],
    )
    def test_no_sentence_holds_it(self, fake_llm: FakeLLM, words: str) -> None:
        fake_llm.api_key = KEY
        inside = Reply(raw=sse({"error": {"message": words, "type": "server_error"}}))
        for reply in (fail(400, words), fail(418, words), fail(401, words), inside):
            error = failure(fake_llm, reply)
            told = error.sentence + "".join(traceback.format_exception(error))
            assert not any(KEY[n : n + 6] in told for n in range(len(KEY) - 5))

    def test_the_rest_of_the_words_remains(self, fake_llm: FakeLLM) -> None:
        fake_llm.api_key = KEY
        error = failure(fake_llm, fail(404, f"no model gpt-9 for\n {KEY}, sorry"))
        assert error.sentence.endswith("It said: no model gpt-9 for … sorry (404)")

    def test_a_foreign_bearer_goes_too(self) -> None:
        assert redacted("sent Authorization: bearer abc.def now", "") == (
            "sent Authorization: bearer … now"
        )

    def test_a_key_that_no_header_can_carry(self, fake_llm: FakeLLM) -> None:
        with pytest.raises(ModelError) as caught:
            run(complete(Endpoint(fake_llm.url, "a\nb", "m"), ChatRequest("", HI)))
        assert (caught.value.kind, fake_llm.requests) == ("bad_request", [])

    @given(key=st.text(min_size=1, max_size=40), words=st.text(max_size=60))
    def test_no_text_breaks_it(self, key: str, words: str) -> None:
        told = redacted(f"{words} {key}", key)
        assert len(told) <= 200
        assert key.split() != [key] or key in "…" or key not in told.split(" ")


class TestTime:
    """The endpoint's limit holds for a whole answer, whatever the server sends meanwhile."""

    @pytest.mark.parametrize(
        "packet",
        [
            b": keep-alive\n\n",
            b"\n",
            b"data:\n\n",
            sse({"choices": []}),
            sse({"choices": [{"delta": {"content": ""}}]}),
            sse({"choices": [{"delta": {"content": "so "}}]}),
        ],
    )
    def test_a_stream_that_only_stays_open_is_given_up(
        self, fake_llm: FakeLLM, packet: bytes
    ) -> None:
        reply = Reply(packets=(packet,) * 400, per_token_ms=10)
        assert failure(fake_llm, reply, timeout=0.3).kind == "timeout"

    def test_a_head_that_never_comes_and_a_whole_answer(self, fake_llm: FakeLLM) -> None:
        late = say("Hi.").after(3_600_000)
        assert failure(fake_llm, late, timeout=0.2).kind == "timeout"
        fake_llm.script = [late]
        with pytest.raises(ModelError) as caught:
            run(complete(fake_llm.endpoint(timeout=0.2), ChatRequest("", HI)))
        assert caught.value.kind == "timeout"


class TestLength:
    """An answer ends where enough was said."""

    def test_an_endless_answer_ends_and_what_was_said_stands(self, fake_llm: FakeLLM) -> None:
        request = ChatRequest("", HI, max_characters=12)
        fake_llm.script = [hang("one two three four five", 5)]

        async def listened() -> tuple[str, Any]:
            events = [e async for e in stream_chat(fake_llm.endpoint(), request)]
            await fake_llm.ended(fake_llm.requests[0])
            return "".join(e.text for e in events if isinstance(e, Text)), events[-1]

        said, last = run(listened())
        assert (said, last) == ("one two thre", Done("one two thre", (), "length"))
        assert fake_llm.requests[0].cancelled

    def test_an_answer_that_is_just_long_enough_is_whole(self, fake_llm: FakeLLM) -> None:
        events = ask(fake_llm, say("one two"), ChatRequest("", HI, max_characters=7))
        assert (done(events).text, done(events).finish_reason) == ("one two", "stop")

    def test_a_call_after_the_words_is_kept(self, fake_llm: FakeLLM) -> None:
        reply = call("tag_contact", {"tag": "a long value"}, "Sure.")
        (made,) = done(ask(fake_llm, reply, ChatRequest("", HI, max_characters=10))).calls
        assert orjson.loads(made.arguments) == {"tag": "a long value"}

    def test_thoughts_are_not_counted(self, fake_llm: FakeLLM) -> None:
        reply = say("<think>Let me think about it.</think>We open at eight.")
        events = ask(fake_llm, reply, ChatRequest("", HI, max_characters=20))
        assert done(events).text == "We open at eight."

    def test_an_answer_in_one_piece(self, fake_llm: FakeLLM) -> None:
        fake_llm.script = [say("one two three")]
        whole = run(complete(fake_llm.endpoint(), ChatRequest("", HI, max_characters=5)))
        assert (whole.text, whole.finish_reason) == ("one t", "length")

    @pytest.mark.parametrize("field", ["content", "arguments"])
    def test_thoughts_and_arguments_without_end_are_no_answer(
        self, fake_llm: FakeLLM, field: str
    ) -> None:
        part = "x" * 100_000
        delta: dict[str, Any] = {"content": f"<think>{part}"}
        if field == "arguments":
            delta = {"tool_calls": [{"index": 0, "function": {"name": "t", "arguments": part}}]}
        first, more = sse({"choices": [{"delta": delta}]}), sse({"choices": [{"delta": {}}]})
        assert failure(fake_llm, Reply(packets=(first,) * 20 + (more,))).kind == "nonsense"


class TestWire:
    """How a request leaves, and what becomes of an answer that is none."""

    def test_the_headers(self, fake_llm: FakeLLM) -> None:
        ask(fake_llm, say("Hi."))
        sent = {name.lower(): value for name, value in fake_llm.requests[0].headers.items()}
        assert sent["authorization"] == f"Bearer {fake_llm.api_key}"
        assert (sent["accept-encoding"], sent["content-type"]) == ("identity", "application/json")
        assert not any(name.startswith("x-stainless") for name in sent)

    def test_every_kind_of_request_shares_one_connection(self, fake_llm: FakeLLM) -> None:
        async def several() -> None:
            endpoint = fake_llm.endpoint()
            await client.warm(endpoint)
            fake_llm.script = [fail(400), fail(500), say("Hi."), say("Ho.")]
            for _ in range(3):
                try:
                    await complete(endpoint, ChatRequest("", HI))
                except ModelError:
                    await asyncio.sleep(0)
            await decisions(endpoint, "Hi.", [Predicate("p", "it rains")])
            await complete(endpoint, ChatRequest("", HI))

        run(several())
        assert fake_llm.connections == 1

    def test_no_redirect_is_followed(self, fake_llm: FakeLLM) -> None:
        error = failure(fake_llm, fail(307))
        assert (error.kind, len(fake_llm.requests)) == ("bad_request", 1)

    def test_a_long_error_is_cut(self, fake_llm: FakeLLM) -> None:
        error = failure(fake_llm, fail(400, "no " * 1_000_000))
        assert error.kind == "bad_request" and len(error.sentence) < 300
