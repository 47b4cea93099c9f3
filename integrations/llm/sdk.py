"""The SDK over our guarded connections: it lists models and knows the headers of a request."""

from __future__ import annotations

from typing import Any

import aiohttp
import httpx2
import openai
from yarl import URL

from integrations.llm.types import Endpoint

CONNECT = 5.0  # seconds to reach a server
ERROR_BYTES = 65_536
BODY_BYTES = 8 * 1024 * 1024
_KEPT_HEADERS = frozenset({b"retry-after", b"x-request-id", b"location"})
_DROPPED_HEADERS = frozenset({"host", "content-length", "connection", "accept-encoding"})


def sdk_client(endpoint: Endpoint, session: aiohttp.ClientSession) -> openai.AsyncOpenAI:
    """A client of the SDK whose requests leave through the session."""
    return openai.AsyncOpenAI(
        api_key=endpoint.api_key or "none",
        base_url=endpoint.base_url,
        max_retries=0,
        timeout=endpoint.timeout,
        http_client=httpx2.AsyncClient(
            transport=_Transport(session), trust_env=False, follow_redirects=False
        ),
    )


def headers_of(client: openai.AsyncOpenAI) -> dict[str, str]:
    """What the SDK would send with every request, without its figures about itself."""
    headers = {**client.default_headers, **client.auth_headers}
    return {
        name: value
        for name, value in headers.items()
        if isinstance(value, str) and not name.lower().startswith("x-stainless")
    }


class _Transport(httpx2.AsyncBaseTransport):
    """Carries the SDK's requests over aiohttp."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send; aiohttp itself repeats a GET whose kept connection was closed meanwhile."""
        seconds = request.extensions.get("timeout", {}).get("read")
        headers = {k: v for k, v in request.headers.items() if k not in _DROPPED_HEADERS}
        try:
            answer = await self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=headers,
                data=request.content or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT),
            )
        except TimeoutError as error:
            raise httpx2.ReadTimeout(str(error)) from error
        except aiohttp.ClientError as error:
            raise httpx2.ConnectError(str(error)) from error
        return httpx2.Response(
            answer.status,
            headers=[(b"content-type", answer.headers.get("content-type", "").encode())]
            + [(k, v) for k, v in answer.raw_headers if k.lower() in _KEPT_HEADERS],
            stream=_Body(answer),
        )


class _Body(httpx2.AsyncByteStream):
    """The body as the SDK reads it, bounded."""

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
        except TimeoutError as error:
            raise httpx2.ReadTimeout(str(error)) from error
        except aiohttp.ClientError as error:
            raise httpx2.ReadError(str(error)) from error

    async def aclose(self) -> None:
        """Give the connection back, or close it if something is left unread."""
        self._answer.release() if self._answer.content.at_eof() else self._answer.close()
