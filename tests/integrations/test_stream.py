"""The chat client against the scripted server, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

import orjson
import pytest

from integrations.llm import client
from integrations.llm.stream import complete, encode, stream_chat
from integrations.llm.types import (
    ChatRequest,
    Done,
    Endpoint,
    Event,
    ModelError,
    Text,
    ToolOpened,
    Usage,
)
from tests.fakes.llm import (
    EMPTY,
    FakeLLM,
    Reply,
    call,
    calls,
    cut,
    fail,
    garbage,
    hang,
    say,
    twice,
)
from tests.fakes.llm_replies import encoded

T = TypeVar("T")
TOOLS = (
    b'[ {"type": "function","function":{"name":"tag_contact","parameters":{"type":"object",'
    b'"properties":{"tag":{"type":"string"}}}}} ]'
)
ASKED = ChatRequest("You are kind.", [{"role": "user", "content": "Hi."}], TOOLS)


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a loop of its own, whose clients are closed."""

    async def whole() -> T:
        try:
            return await work
        finally:
            await client.close_clients()

    return asyncio.run(whole())


async def heard(endpoint: Endpoint, request: ChatRequest = ASKED) -> list[Event]:
    """All events of one answer."""
    return [event async for event in stream_chat(endpoint, request)]


def ask(llm: FakeLLM, reply: Reply, request: ChatRequest = ASKED, **options: Any) -> list[Event]:
    """The events of one scripted reply."""
    llm.script = [reply]
    return run(heard(llm.endpoint(**options), request))


def done(events: list[Event]) -> Done:
    """The last event."""
    last = events[-1]
    assert isinstance(last, Done)
    return last


def failure(llm: FakeLLM, reply: Reply, **options: Any) -> ModelError:
    """The error of one scripted reply."""
    with pytest.raises(ModelError) as caught:
        ask(llm, reply, **options)
    return caught.value


class TestAnswers:
    """What a server may send."""

    def test_words_come_in_pieces_and_then_whole(self, fake_llm: FakeLLM) -> None:
        events = ask(fake_llm, say("Hello there, friend."))
        assert "".join(e.text for e in events if isinstance(e, Text)) == "Hello there, friend."
        assert done(events) == Done("Hello there, friend.", (), "stop", Usage(100, 20, 64))

    @pytest.mark.parametrize("index", [True, False])
    @pytest.mark.parametrize("ids", [True, False])
    @pytest.mark.parametrize("fragments", [1, 3, 50])
    def test_a_call_is_opened_at_once_and_whole_at_the_end(
        self, fake_llm: FakeLLM, index: bool, ids: bool, fragments: int
    ) -> None:
        reply = call(
            "tag_contact", {"tag": "hot"}, "Sure.", fragments=fragments, index=index, ids=ids
        )
        events = ask(fake_llm, reply)
        assert [type(e) for e in events] == [Text, ToolOpened, Done]
        (made,) = done(events).calls
        assert (made.name, json.loads(made.arguments)) == ("tag_contact", {"tag": "hot"})
        assert made.id
        assert done(events).finish_reason == "tool_calls"

    @pytest.mark.parametrize("index", [True, False])
    @pytest.mark.parametrize("ids", [True, False])
    def test_several_calls_are_kept_apart(self, fake_llm: FakeLLM, index: bool, ids: bool) -> None:
        wanted = [("tag_contact", {"tag": "a"}), ("tag_contact", {"tag": "b"}), ("end_call", {})]
        made = done(ask(fake_llm, calls(*wanted, index=index, ids=ids))).calls
        assert [(each.name, json.loads(each.arguments)) for each in made] == wanted
        assert len({each.id for each in made}) == 3

    def test_the_same_call_twice_is_two_calls(self, fake_llm: FakeLLM) -> None:
        assert len(done(ask(fake_llm, twice("tag_contact", {"tag": "a"}))).calls) == 2

    def test_words_are_handed_on_as_they_come(self, fake_llm: FakeLLM) -> None:
        fake_llm.script = [hang("Hello there", 2)]

        async def first() -> Event:
            async with aclosing(stream_chat(fake_llm.endpoint(), ASKED)) as events:
                return await anext(events)

        assert run(first()) == Text("Hello ")

    def test_words_that_arrive_together_are_one_piece(self, fake_llm: FakeLLM) -> None:
        events = ask(fake_llm, call("tag_contact", {"tag": "hot"}, "Sure, at once."))
        raw = b"".join(encoded(say("Hello there, friend."), with_usage=False))
        (piece,) = ask(fake_llm, Reply(raw=raw))[:-1]
        assert piece == Text("Hello there, friend.")
        assert [type(e) for e in events][-2:] == [ToolOpened, Done]

    def test_characters_split_between_packets_are_whole(self, fake_llm: FakeLLM) -> None:
        body = b'data: {"choices":[{"delta":{"content":"na\xc3\xafve \xf0\x9f\x8c\xbb"}}]}\n'
        end = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
        for at in range(len(body)):
            packets = (body[:at], body[at:] + end)
            events = ask(fake_llm, Reply(packets=packets))
            assert done(events).text == "naïve 🌻"

    def test_comments_other_fields_and_line_ends_are_no_matter(self, fake_llm: FakeLLM) -> None:
        raw = (
            b": waiting\r\n\r\nevent: chunk\r\nid: 1\r\n"
            b'data:{"choices":[{"delta":{"content":"Hi"},"finish_reason":null}]}\r\n\r\n'
            b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}'
        )
        assert done(ask(fake_llm, Reply(raw=raw))) == Done("Hi", (), "stop")

    def test_a_server_that_does_not_stream_is_understood(self, fake_llm: FakeLLM) -> None:
        whole = {"choices": [{"message": {"content": "Hi."}, "finish_reason": "stop"}]}
        reply = Reply(raw=orjson.dumps(whole), content_type="application/json")
        events = ask(fake_llm, reply)
        assert events == [Text("Hi."), Done("Hi.", (), "stop")]

    def test_arguments_as_an_object_are_taken(self, fake_llm: FakeLLM) -> None:
        delta = {"tool_calls": [{"function": {"name": "tag_contact", "arguments": {"tag": "x"}}}]}
        chunk = orjson.dumps({"choices": [{"delta": delta, "finish_reason": "tool_calls"}]})
        (made,) = done(ask(fake_llm, Reply(raw=b"data: " + chunk + b"\n\n"))).calls
        assert json.loads(made.arguments) == {"tag": "x"}

    def test_an_empty_answer_is_handed_on(self, fake_llm: FakeLLM) -> None:
        assert done(ask(fake_llm, EMPTY)).text == ""

    def test_no_usage_no_figures(self, fake_llm: FakeLLM) -> None:
        assert done(ask(fake_llm, say("Hi."), supports_stream_usage=False)).usage is None


class TestFailures:
    """Every failure has a kind and a sentence."""

    @pytest.mark.parametrize(
        ("status", "kind", "permanent"),
        [
            (400, "bad_request", True),
            (401, "auth", True),
            (403, "auth", True),
            (404, "bad_request", True),
            (422, "bad_request", True),
            (429, "rate_limited", False),
            (500, "unavailable", False),
            (503, "unavailable", False),
            (504, "timeout", False),
        ],
    )
    def test_status(self, fake_llm: FakeLLM, status: int, kind: str, permanent: bool) -> None:
        error = failure(fake_llm, fail(status))
        assert (error.kind, error.permanent) == (kind, permanent)
        assert error.sentence.endswith((".", ")"))
        assert len(fake_llm.requests) == 1

    def test_retry_after_is_handed_on(self, fake_llm: FakeLLM) -> None:
        assert failure(fake_llm, fail(429, retry_after="7")).retry_after == 7

    def test_the_server_s_own_words_are_shown_where_they_help(self, fake_llm: FakeLLM) -> None:
        assert "no such model" in failure(fake_llm, fail(404, "no such model")).sentence

    @pytest.mark.parametrize("after", [0, 1, 3])
    def test_a_stream_that_breaks_is_cut(self, fake_llm: FakeLLM, after: int) -> None:
        assert failure(fake_llm, cut("one two three four", after)).kind == "cut"

    def test_a_stream_that_ends_too_early_is_cut(self, fake_llm: FakeLLM) -> None:
        raw = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
        assert failure(fake_llm, Reply(raw=raw)).kind == "cut"

    @pytest.mark.parametrize("after", [0, 2])
    def test_silence_is_a_timeout(self, fake_llm: FakeLLM, after: int) -> None:
        assert failure(fake_llm, hang("one two", after), timeout=0.2).kind == "timeout"

    @pytest.mark.parametrize(
        "reply",
        [
            garbage(),
            Reply(raw=b"data: [1, 2]\n\n"),
            Reply(raw=b"<html>", content_type="application/json"),
            Reply(raw=b"{}", content_type="application/json"),
            Reply(raw=b'data: {"choices":[{"delta":{"content":"\xff"}}]}\n\n'),
            Reply(raw=b'data: {"choices":["what"]}\n\n'),
            Reply(raw=b'data: {"choices":[{"delta":{"tool_calls":[7]}}]}\n\n'),
            Reply(raw=b"data: " + b"x" * 2_000_000),
        ],
    )
    def test_nonsense(self, fake_llm: FakeLLM, reply: Reply) -> None:
        assert failure(fake_llm, reply).kind == "nonsense"

    def test_an_error_inside_a_stream(self, fake_llm: FakeLLM) -> None:
        raw = b'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n'
        error = failure(fake_llm, Reply(raw=raw))
        assert error.kind == "unavailable"
        assert "overloaded" in error.sentence

    def test_a_wrong_key(self, fake_llm: FakeLLM) -> None:
        fake_llm.api_key = "another"
        endpoint = Endpoint(fake_llm.url, "wrong", "fake-large")
        with pytest.raises(ModelError) as caught:
            run(heard(endpoint))
        assert caught.value.kind == "auth"
        assert "wrong" not in repr(endpoint)

    def test_nobody_there(self, fake_llm: FakeLLM) -> None:
        endpoint = Endpoint("http://127.0.0.1:1/v1", "key", "fake")
        with pytest.raises(ModelError) as caught:
            run(heard(endpoint))
        assert (caught.value.kind, caught.value.permanent) == ("unavailable", False)

    def test_an_address_that_is_not_allowed(self, fake_llm: FakeLLM, settings: Any) -> None:
        settings.ALOAI_LOCAL_MODELS = False
        error = failure(fake_llm, say("Hi."))
        assert (error.kind, error.permanent) == ("bad_request", True)
        assert fake_llm.requests == []

    def test_text_that_cannot_be_sent(self, fake_llm: FakeLLM) -> None:
        request = ChatRequest("", [{"role": "user", "content": "\ud800"}])
        with pytest.raises(ModelError) as caught:
            run(heard(fake_llm.endpoint(), request))
        assert caught.value.kind == "bad_request"


class TestConnection:
    """One connection, kept and given back."""

    def test_a_finished_answer_leaves_its_connection_to_the_next(self, fake_llm: FakeLLM) -> None:
        async def many() -> None:
            for _ in range(5):
                await heard(fake_llm.endpoint())

        run(many())
        assert fake_llm.connections == 1

    def test_warming_opens_the_connection_that_the_first_call_uses(self, fake_llm: FakeLLM) -> None:
        async def warmed() -> None:
            await client.warm(fake_llm.endpoint())
            await heard(fake_llm.endpoint())

        run(warmed())
        assert [each.path for each in fake_llm.requests] == ["/v1/models", "/v1/chat/completions"]
        assert fake_llm.connections == 1

    def test_closing_the_stream_cancels_the_request(self, fake_llm: FakeLLM) -> None:
        fake_llm.script = [hang("one two three", 2)]

        async def leave() -> None:
            async with aclosing(stream_chat(fake_llm.endpoint(), ASKED)) as events:
                async for event in events:
                    assert event == Text("one ")
                    break
            await fake_llm.ended(fake_llm.requests[0])

        run(leave())
        assert fake_llm.requests[0].cancelled

    def test_cancelling_who_waits_cancels_the_request(self, fake_llm: FakeLLM) -> None:
        fake_llm.script = [hang()]

        async def leave() -> None:
            task = asyncio.create_task(heard(fake_llm.endpoint()))
            while not fake_llm.requests:
                await asyncio.sleep(0.005)
            task.cancel()
            await asyncio.wait([task])
            await fake_llm.ended(fake_llm.requests[0])

        run(leave())
        assert fake_llm.requests[0].cancelled

    def test_a_kept_connection_that_the_server_closed_is_replaced(self, fake_llm: FakeLLM) -> None:
        async def again() -> list[Event]:
            await heard(fake_llm.endpoint())
            fake_llm.drop_next = True
            return await heard(fake_llm.endpoint())

        assert done(run(again())).text == "Hello from the model."


class TestRequests:
    """What is sent."""

    def test_tools_are_sent_byte_for_byte(self, fake_llm: FakeLLM) -> None:
        ask(fake_llm, say("Hi."))
        assert TOOLS in fake_llm.requests[0].raw

    def test_the_body(self, fake_llm: FakeLLM) -> None:
        request = ChatRequest(
            "S", [{"role": "user", "content": "U"}], TOOLS, "tag_contact", max_tokens=50
        )
        ask(
            fake_llm,
            say("Hi."),
            request,
            max_tokens_param="max_completion_tokens",
            extra_body={"seed": 4},
        )
        body = fake_llm.bodies()[0]
        assert body.pop("tools")
        assert body == {
            "model": "fake-large",
            "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}],
            "tool_choice": {"type": "function", "function": {"name": "tag_contact"}},
            "max_completion_tokens": 50,
            "stream": True,
            "stream_options": {"include_usage": True},
            "seed": 4,
        }

    def test_the_same_request_gives_the_same_bytes(self, fake_llm: FakeLLM) -> None:
        ask(fake_llm, say("Hi."))
        ask(fake_llm, say("Ho."))
        assert fake_llm.requests[0].raw == fake_llm.requests[1].raw

    def test_a_whole_answer_with_a_schema(self, fake_llm: FakeLLM) -> None:
        fake_llm.script = [say('{"mood": "good"}')]
        request = ChatRequest("", ASKED.messages, json_schema={"type": "object"})
        answer = run(complete(fake_llm.endpoint(supports_strict=True), request))
        assert (answer.text, answer.usage) == ('{"mood": "good"}', Usage(100, 20, 64))
        body = fake_llm.bodies()[0]
        assert "stream" not in body
        assert body["response_format"]["json_schema"] == {
            "name": "answer",
            "schema": {"type": "object"},
            "strict": True,
        }

    def test_a_whole_answer_has_a_limit_of_time(self, fake_llm: FakeLLM) -> None:
        fake_llm.script = [hang()]
        with pytest.raises(ModelError) as caught:
            run(complete(fake_llm.endpoint(timeout=0.2), ASKED))
        assert caught.value.kind == "timeout"

    def test_encoding_leaves_unset_fields_out(self) -> None:
        endpoint = Endpoint("https://models.example/v1", "key", "m", supports_stream_usage=False)
        body = orjson.loads(encode(endpoint, ChatRequest("", []), stream=True))
        assert body == {"model": "m", "messages": [], "stream": True}
