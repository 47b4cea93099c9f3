"""Asking a chat model: the request as bytes, the streamed answer as events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import aiohttp
import orjson

from integrations.llm import client
from integrations.llm.message import MessageParts
from integrations.llm.types import ChatRequest, Done, Endpoint, Event, ModelError

LINE_BYTES = 1024 * 1024
DRAIN = 0.05  # seconds given to a finished answer to end properly, so that its line can be reused
PATH = "/chat/completions"
_CHOICES = ("auto", "none", "required")


async def stream_chat(endpoint: Endpoint, request: ChatRequest) -> AsyncGenerator[Event]:
    """Pieces of text, opened tools, and at the end the whole answer. Raises ModelError.

    Closing the generator, or cancelling who waits on it, cancels the request.
    """
    answer = await client.post(endpoint, PATH, encode(endpoint, request, stream=True))
    parts = MessageParts()
    try:
        if "json" in answer.headers.get("content-type", ""):
            body = await client.read_all(answer)
            for event in parts.take_whole(_parsed(body)):
                yield event
        else:
            async for data in _events(answer):
                for event in parts.take(_parsed(data)):
                    yield event
        done = parts.done()
    finally:
        # What is not read to its end cannot be reused, and closing stops the model's work.
        answer.release() if answer.content.at_eof() else answer.close()
    yield done


async def complete(endpoint: Endpoint, request: ChatRequest) -> Done:
    """The whole answer at once, within the endpoint's time limit. Raises ModelError."""
    body = await client.fetch(endpoint, PATH, encode(endpoint, request, stream=False))
    parts = MessageParts()
    parts.take_whole(_parsed(body))
    return parts.done()


async def collect(events: AsyncGenerator[Event]) -> Done:
    """The end of a stream, for callers that do not care for the pieces."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Done):
                return event
    raise ModelError("cut", "The model's answer was cut off.")


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


def _parsed(data: bytes | bytearray) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except ValueError as error:
        raise ModelError(
            "nonsense", "The model server answered with something that is no answer."
        ) from error
    if not isinstance(value, dict):
        raise ModelError("nonsense", "The model server answered with something that is no answer.")
    return value


async def _events(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The data of each server-sent event, until [DONE] or the end. Bytes: a character that is
    split between two packets is whole again in its line."""
    content = answer.content
    rest = b""
    try:
        while chunk := await content.readany():
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            if len(rest) > LINE_BYTES:
                raise ModelError("nonsense", "The model server's answer was too long.")
            for line in lines:
                data = _data(line)
                if data == b"[DONE]":
                    await _drain(content)
                    return
                if data:
                    yield data
        if (data := _data(rest)) and data != b"[DONE]":
            yield data
    except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
        raise client.broken(error) from error


def _data(line: bytes) -> bytes:
    return line[5:].strip() if line.startswith(b"data:") else b""


async def _drain(content: aiohttp.StreamReader) -> None:
    if content.at_eof():
        return
    try:
        async with asyncio.timeout(DRAIN):
            while await content.readany():
                pass
    except (TimeoutError, aiohttp.ClientError):
        return
