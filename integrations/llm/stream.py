"""Asking a chat model: the request as bytes, the streamed answer as events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import aiohttp
import orjson

from integrations.llm import client
from integrations.llm.errors import TOO_LONG, broken, plain
from integrations.llm.message import MessageParts
from integrations.llm.types import ChatRequest, Done, Endpoint, Event, ModelError, Text

LINE_BYTES = 1024 * 1024
DRAIN = 0.05  # seconds given to a finished answer to end properly, so that its line can be reused
PATH = "/chat/completions"
_CHOICES = ("auto", "none", "required")


async def stream_chat(endpoint: Endpoint, request: ChatRequest) -> AsyncGenerator[Event]:
    """Pieces of text, opened tools, and at the end the whole answer. Raises ModelError.

    Closing the generator, or cancelling who waits on it, cancels the request. Words that arrive
    together are one piece.
    """
    answer = await client.post(endpoint, PATH, encode(endpoint, request, stream=True))
    parts = MessageParts(request.max_characters, endpoint.api_key)
    try:
        if "json" in answer.headers.get("content-type", ""):
            for event in parts.take_whole(_parsed(await client.read_all(answer))):
                yield event
        else:
            async for together in _events(answer, parts):
                for event in together:
                    yield event
        done = parts.done()
    finally:
        # What is not read to its end cannot be reused, and closing stops the model's work.
        answer.release() if answer.content.at_eof() else answer.close()
    yield done


async def complete(endpoint: Endpoint, request: ChatRequest) -> Done:
    """The whole answer at once, within the endpoint's time limit. Raises ModelError."""
    body = await client.fetch(endpoint, PATH, encode(endpoint, request, stream=False))
    parts = MessageParts(request.max_characters, endpoint.api_key)
    parts.take_whole(_parsed(body))
    return parts.done()


async def collect(events: AsyncGenerator[Event]) -> Done:
    """The end of a stream, for callers that do not care for the pieces."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Done):
                return event
    raise plain("cut")


def encode(endpoint: Endpoint, request: ChatRequest, *, stream: bool) -> bytes:
    """The request's body. The same request gives the same bytes: prompt caches depend on it."""
    body: dict[str, Any] = {"model": endpoint.model, "messages": _messages(request)}
    if request.tools:
        body["tools"] = orjson.Fragment(request.tools)
    if request.tools and request.tool_choice:
        body["tool_choice"] = _choice(request.tool_choice)
    if request.max_tokens:
        body[endpoint.max_tokens_param] = request.max_tokens
    if request.json_schema:
        body["response_format"] = _format(endpoint, request.json_schema)
    if stream:
        body["stream"] = True
        if endpoint.supports_stream_usage:
            body["stream_options"] = {"include_usage": True}
    body.update(endpoint.extra_body)
    return to_bytes(body)


def to_bytes(body: dict[str, Any]) -> bytes:
    """JSON; what cannot be sent is our error and not the model's."""
    try:
        return orjson.dumps(body)
    except TypeError as error:
        raise ModelError("bad_request", "The request holds text that cannot be sent.") from error


def _messages(request: ChatRequest) -> list[dict[str, Any]]:
    if not request.system:
        return list(request.messages)
    return [{"role": "system", "content": request.system}, *request.messages]


def _choice(choice: str) -> Any:
    if choice in _CHOICES:
        return choice
    return {"type": "function", "function": {"name": choice}}


def _format(endpoint: Endpoint, schema: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"name": "answer", "schema": schema}
    if endpoint.supports_strict:
        described["strict"] = True
    return {"type": "json_schema", "json_schema": described}


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except ValueError as error:
        raise plain("nonsense") from error
    if not isinstance(value, dict):
        raise plain("nonsense")
    return value


async def _events(
    answer: aiohttp.ClientResponse, parts: MessageParts
) -> AsyncGenerator[list[Event]]:
    """The events of each packet, until [DONE], the end, or enough. Bytes: a character that is
    split between two packets is whole again in its line."""
    content = answer.content
    rest = b""
    try:
        while not parts.full and (packet := await content.readany()):
            lines = (rest + packet).split(b"\n")
            rest = lines.pop()
            if len(rest) > LINE_BYTES:
                raise ModelError("nonsense", TOO_LONG)
            ended, events = _taken(lines, parts)
            if events:
                yield events
            if ended:
                await _drain(content)
                return
        yield _taken([rest], parts)[1]
    except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
        raise broken(error) from error


def _taken(lines: list[bytes], parts: MessageParts) -> tuple[bool, list[Event]]:
    """Whether the answer has ended in these lines, and their events, neighbouring words joined."""
    events: list[Event] = []
    for line in lines:
        if parts.full or not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return True, events
        for event in parts.take(_parsed(data)) if data else ():
            before = events[-1] if events else None
            if isinstance(event, Text) and isinstance(before, Text):
                events[-1] = Text(before.text + event.text)
            else:
                events.append(event)
    return False, events


async def _drain(content: aiohttp.StreamReader) -> None:
    if content.at_eof():
        return
    try:
        async with asyncio.timeout(DRAIN):
            while await content.readany():
                pass
    except (TimeoutError, aiohttp.ClientError):
        return
