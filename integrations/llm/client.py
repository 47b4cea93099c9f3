"""One client per process, server and key: created and warmed once, never per call.

The SDK gives base URL, authentication and errors. What it costs is its walk through messages,
tools and chunks, so requests leave as ready bytes and answers are read from the socket.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from contextlib import suppress
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
import certifi
import httpx2
import openai
from ssrfguard import SSRFGuardError
from yarl import URL

from integrations import outbound
from integrations.llm.types import Endpoint, Kind, ModelError

CONNECT = 5.0  # seconds to reach a server
KEPT = 30.0  # seconds an idle connection stays open
CONNECTIONS = 500
ERROR_BYTES = 65_536
BODY_BYTES = 8 * 1024 * 1024

_Clients = dict[tuple[str, str], openai.AsyncOpenAI]
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients] = WeakKeyDictionary()
_making = threading.Lock()


async def post(endpoint: Endpoint, path: str, body: bytes) -> aiohttp.ClientResponse:
    """Send ready bytes; the answer's head has arrived. Raises ModelError."""
    try:
        response = await client_for(endpoint).post(
            path,
            cast_to=httpx2.Response,
            content=body,
            options={"timeout": endpoint.timeout},
            stream=True,
            stream_cls=openai.AsyncStream[Any],
        )
    except (openai.OpenAIError, SSRFGuardError) as error:
        raise as_model_error(error) from error
    answer: aiohttp.ClientResponse = response.extensions["answer"]  # type: ignore[attr-defined]
    return answer


async def fetch(endpoint: Endpoint, path: str, body: bytes) -> bytes:
    """Send ready bytes and read the whole answer. Raises ModelError."""
    try:
        async with asyncio.timeout(endpoint.timeout):
            return await read_all(await post(endpoint, path, body))
    except TimeoutError:
        raise ModelError("timeout", _SENTENCES["timeout"]) from None


async def read_all(answer: aiohttp.ClientResponse) -> bytes:
    """The body of an answer, bounded. Raises ModelError."""
    parts = bytearray()
    try:
        async for chunk in answer.content.iter_any():
            parts += chunk
            if len(parts) > BODY_BYTES:
                raise ModelError("nonsense", "The model server's answer was too long.")
    except (TimeoutError, aiohttp.ClientError) as error:
        raise broken(error) from error
    finally:
        answer.close() if not answer.content.at_eof() else answer.release()
    return bytes(parts)


async def list_models(endpoint: Endpoint) -> list[str]:
    """The ids of the models that the server offers. Raises ModelError."""
    try:
        page = await client_for(endpoint).models.list(timeout=endpoint.timeout)
    except (openai.OpenAIError, SSRFGuardError) as error:
        raise as_model_error(error) from error
    except ValueError as error:
        raise ModelError("nonsense", _SENTENCES["nonsense"]) from error
    return [str(model.id) for model in page.data or []]


async def warm(endpoint: Endpoint) -> None:
    """Create the client and open a connection before the first call needs it."""
    with suppress(ModelError):
        await list_models(endpoint)


async def close_clients() -> None:
    """Close this loop's clients; for the end of a loop."""
    for client in (_clients.pop(asyncio.get_running_loop(), None) or {}).values():
        await client.close()


def client_for(endpoint: Endpoint) -> openai.AsyncOpenAI:
    """The client of this loop for the endpoint's server and key."""
    loop = asyncio.get_running_loop()
    mine = _clients.get(loop)
    if mine is None:
        with _making:
            mine = _clients.setdefault(loop, {})
    key = (endpoint.base_url, endpoint.api_key)
    client = mine.get(key)
    if client is None:
        client = mine[key] = openai.AsyncOpenAI(
            api_key=endpoint.api_key or "none",
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=endpoint.timeout,
            http_client=httpx2.AsyncClient(
                transport=_Transport(), trust_env=False, follow_redirects=False
            ),
        )
    return client


@cache
def _tls() -> ssl.SSLContext:
    """Public authorities, and what SSL_CERT_FILE adds for a private one."""
    context = ssl.create_default_context(cafile=certifi.where())
    if extra := os.environ.get("SSL_CERT_FILE"):
        context.load_verify_locations(extra)
    return context


class _Transport(httpx2.AsyncBaseTransport):
    """Carries the SDK's requests over aiohttp, through the guarded connector."""

    def __init__(self) -> None:
        connector = outbound.guarded_connector(
            limit=CONNECTIONS,
            keepalive_timeout=KEPT,
            tls=_tls(),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=True,
            timeout=aiohttp.ClientTimeout(),
            trust_env=False,
        )
        self._urls: dict[str, URL] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send, once more if the server had closed the kept connection meanwhile."""
        try:
            try:
                answer = await self._send(request)
            except aiohttp.ServerDisconnectedError:
                answer = await self._send(request)
        except TimeoutError as error:
            raise httpx2.ReadTimeout(str(error)) from error
        except aiohttp.ClientError as error:
            raise httpx2.ConnectError(str(error)) from error
        return httpx2.Response(
            answer.status,
            headers=[(b"content-type", answer.headers.get("content-type", "").encode())]
            + [(k, v) for k, v in answer.raw_headers if k.lower() in _KEPT_HEADERS],
            stream=_Body(answer),
            extensions={"answer": answer},
        )

    async def _send(self, request: httpx2.Request) -> aiohttp.ClientResponse:
        text = str(request.url)
        url = self._urls.get(text)
        if url is None:
            url = self._urls[text] = URL(text, encoded=True)
        read = request.extensions.get("timeout", {}).get("read")
        headers = {k: v for k, v in request.headers.items() if k not in _DROPPED_HEADERS}
        headers["accept-encoding"] = "identity"  # a packed stream arrives late
        return await self._session.request(
            request.method,
            url,
            headers=headers,
            data=request.content or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(sock_connect=CONNECT, sock_read=read),
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()


_KEPT_HEADERS = frozenset({b"retry-after", b"x-request-id", b"location"})
_DROPPED_HEADERS = frozenset({"host", "content-length", "connection", "accept-encoding"})


class _Body(httpx2.AsyncByteStream):
    """The body as the SDK reads it: of errors and lists only, and bounded."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> Any:
        size = 0
        limit = ERROR_BYTES if self._answer.status >= 400 else BODY_BYTES
        try:
            async for chunk in self._answer.content.iter_any():
                size += len(chunk)
                if size > limit:
                    return
                yield chunk
        except (TimeoutError, aiohttp.ClientError) as error:
            raise httpx2.ReadError(str(error)) from error

    async def aclose(self) -> None:
        """Give the connection back, or close it if something is left unread."""
        self._answer.release() if self._answer.content.at_eof() else self._answer.close()


_SENTENCES: dict[Kind, str] = {
    "timeout": "The model server did not answer in time.",
    "rate_limited": "The model server refused the request: too many requests or no credit left.",
    "auth": "The model server refused the key. Enter a valid key.",
    "bad_request": "The model server did not accept the request.",
    "unavailable": "The model server could not be reached.",
    "nonsense": "The model server answered with something that is no answer.",
    "cut": "The model's answer was cut off.",
}


def broken(error: Exception) -> ModelError:
    """What a connection that failed in the middle of an answer means."""
    kind: Kind = "timeout" if isinstance(error, TimeoutError) else "cut"
    return ModelError(kind, _SENTENCES[kind])


def as_model_error(error: Exception) -> ModelError:
    """The SDK's and the guard's exceptions as ours."""
    if isinstance(error, SSRFGuardError):
        return ModelError("bad_request", f"The model's address is not allowed. {_why(error)}")
    if isinstance(error, openai.APITimeoutError):
        return ModelError("timeout", _SENTENCES["timeout"])
    if isinstance(error, openai.APIStatusError):
        return _status_error(error)
    return ModelError("unavailable", _SENTENCES["unavailable"])


def _status_error(error: openai.APIStatusError) -> ModelError:
    status = error.status_code
    kind: Kind = "bad_request"
    if status in (401, 403):
        kind = "auth"
    elif status == 429:
        kind = "rate_limited"
    elif status in (408, 409, 425) or status >= 500:
        kind = "timeout" if status in (408, 504) else "unavailable"
    if status >= 500:
        sentence = f"The model server failed with error {status}."
    elif kind == "bad_request":
        sentence = f"{_SENTENCES[kind]} It said: {_said(error)}"
    else:
        sentence = _SENTENCES[kind]
    after = error.response.headers.get("retry-after", "")
    return ModelError(kind, sentence, retry_after=float(after) if after.isdigit() else None)


def _said(error: openai.APIStatusError) -> str:
    """The server's own words, short and in one line."""
    body = error.body
    said = body.get("message") or body.get("error") if isinstance(body, dict) else body
    words = " ".join(str(said or "").split())[:200]
    return f"{words} ({error.status_code})" if words else f"error {error.status_code}."


def _why(error: SSRFGuardError) -> str:
    return str(getattr(error, "reason", error))[:200]
