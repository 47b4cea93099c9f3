"""One guarded session per process, server and key: created and warmed once, never per call.

Requests leave as ready bytes with ready headers and answers are read from the socket; the SDK
lists the models. An endpoint's time limit holds for a whole answer, to its last byte.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from contextlib import suppress
from functools import cache
from weakref import WeakKeyDictionary

import aiohttp
import certifi
import openai
from multidict import CIMultiDict
from ssrfguard import SSRFGuardError
from yarl import URL

from integrations import outbound
from integrations.llm.errors import TOO_LONG, as_model_error, broken, plain, status_error
from integrations.llm.sdk import BODY_BYTES, CONNECT, ERROR_BYTES, headers_of, sdk_client
from integrations.llm.types import Endpoint, ModelError

KEPT = 30.0  # seconds an idle connection stays open
CONNECTIONS = 500


class Server:
    """A model server as one key sees it: its connections, and what every request carries."""

    def __init__(self, endpoint: Endpoint) -> None:
        connector = outbound.guarded_connector(
            limit=CONNECTIONS, keepalive_timeout=KEPT, tls=_tls()
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),
            trust_env=False,
        )
        self.sdk = sdk_client(endpoint, self._session)
        self._headers = CIMultiDict(headers_of(self.sdk))
        self._headers["accept-encoding"] = "identity"  # a packed stream arrives late
        self._base = endpoint.base_url.rstrip("/")
        self._urls: dict[str, URL] = {}

    async def post(self, path: str, body: bytes, seconds: float) -> aiohttp.ClientResponse:
        """Send, once more if the server had closed the kept connection meanwhile."""
        try:
            return await self._send(path, body, seconds)
        except aiohttp.ServerDisconnectedError:
            return await self._send(path, body, seconds)

    async def _send(self, path: str, body: bytes, seconds: float) -> aiohttp.ClientResponse:
        url = self._urls.get(path)
        if url is None:
            url = self._urls[path] = URL(self._base + path)
        return await self._session.post(
            url,
            headers=self._headers,
            data=body,
            allow_redirects=False,
            timeout=_limits(seconds),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


_Servers = dict[tuple[str, str], Server]
_servers: WeakKeyDictionary[asyncio.AbstractEventLoop, _Servers] = WeakKeyDictionary()
_making = threading.Lock()


async def post(endpoint: Endpoint, path: str, body: bytes) -> aiohttp.ClientResponse:
    """Send ready bytes; the head of a good answer has arrived. Raises ModelError."""
    try:
        answer = await server_for(endpoint).post(path, body, endpoint.timeout)
    except (aiohttp.ClientError, SSRFGuardError, OSError, ValueError) as error:
        raise as_model_error(error, endpoint.api_key) from None
    if answer.status < 300:
        return answer
    said = await read_all(answer, ERROR_BYTES)
    raise status_error(answer.status, answer.headers, said, endpoint.api_key)


async def fetch(endpoint: Endpoint, path: str, body: bytes) -> bytes:
    """Send ready bytes and read the whole answer. Raises ModelError."""
    return await read_all(await post(endpoint, path, body))


async def read_all(answer: aiohttp.ClientResponse, limit: int = BODY_BYTES) -> bytes:
    """The body of an answer, bounded; of an error its beginning. Raises ModelError."""
    parts = bytearray()
    try:
        async for chunk in answer.content.iter_any():
            parts += chunk
            if len(parts) > limit:
                break
    except (TimeoutError, aiohttp.ClientError) as error:
        raise broken(error) from None
    finally:
        answer.release() if answer.content.at_eof() else answer.close()
    if len(parts) > limit and answer.status < 300:
        raise ModelError("nonsense", TOO_LONG)
    return bytes(parts)


async def list_models(endpoint: Endpoint) -> list[str]:
    """The ids of the models that the server offers. Raises ModelError."""
    try:
        page = await server_for(endpoint).sdk.models.list(timeout=endpoint.timeout)
    except (openai.OpenAIError, SSRFGuardError) as error:
        raise as_model_error(error, endpoint.api_key) from None
    except ValueError:
        raise plain("nonsense") from None
    return [str(model.id) for model in page.data or []]


async def warm(endpoint: Endpoint) -> None:
    """Create the session and open a connection before the first call needs it."""
    with suppress(ModelError):
        await list_models(endpoint)


async def close_clients() -> None:
    """Close this loop's sessions; for the end of a loop."""
    for server in (_servers.pop(asyncio.get_running_loop(), None) or {}).values():
        await server.close()


def server_for(endpoint: Endpoint) -> Server:
    """This loop's sessions with the endpoint's server under its key."""
    loop = asyncio.get_running_loop()
    mine = _servers.get(loop)
    if mine is None:
        with _making:
            mine = _servers.setdefault(loop, {})
    key = (endpoint.base_url, endpoint.api_key)
    server = mine.get(key)
    if server is None:
        server = mine[key] = Server(endpoint)
    return server


@cache
def _limits(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT)


@cache
def _tls() -> ssl.SSLContext:
    """Public authorities, and what SSL_CERT_FILE adds for a private one."""
    context = ssl.create_default_context(cafile=certifi.where())
    if extra := os.environ.get("SSL_CERT_FILE"):
        context.load_verify_locations(extra)
    return context
