"""A WebSocket is opened by a page of this very site, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from aloai.asgi import application
from aloai.origins import SameOrigin

Headers = list[tuple[bytes, bytes]]


async def _accepts(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})


def _opens(origin: str | None, host: str = "localhost:8000", scheme: str = "ws") -> bool:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return _connects(SameOrigin(_accepts), headers, scheme)


def _connects(site: Any, headers: Headers, scheme: str = "ws") -> bool:
    scope = {"type": "websocket", "path": "/ws/", "scheme": scheme, "headers": headers}

    async def run() -> bool:
        socket = ApplicationCommunicator(site, scope)
        await socket.send_input({"type": "websocket.connect"})
        return bool((await socket.receive_output(10))["type"] == "websocket.accept")

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def _hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "aloai.example", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = []
    settings.PUBLIC_BASE_URL = ""


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        ("http://localhost:8000", "localhost:8000", "ws"),
        ("http://LOCALHOST:8000", "localhost:8000", "ws"),
        ("http://aloai.example", "aloai.example:80", "ws"),
        ("https://aloai.example", "aloai.example", "wss"),
        ("https://aloai.example:443", "aloai.example", "wss"),
        ("http://[::1]:8000", "[::1]:8000", "ws"),
    ],
)
def test_a_page_of_the_site_opens_it(origin: str, host: str, scheme: str) -> None:
    assert _opens(origin, host, scheme)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "http://localhost",
        "https://localhost:8000",
        "http://aloai.example:8000",
        "http://localhost.evil.example:8000",
        "http://localhost:99999",
        "file://localhost:8000",
        "null",
        "",
        None,
    ],
)
def test_another_page_does_not(origin: str | None) -> None:
    assert not _opens(origin)


def test_a_name_that_the_site_does_not_have_opens_nothing() -> None:
    """Even where page and socket agree: somebody else's name may lead to this address."""
    assert not _opens("http://evil.example:8000", "evil.example:8000")


def test_an_origin_that_is_sent_twice_is_refused() -> None:
    ours, other = (b"origin", b"http://localhost:8000"), (b"origin", b"http://evil.example")
    headers = [(b"host", b"localhost:8000"), ours, other]
    assert not _connects(SameOrigin(_accepts), headers)


def test_an_encrypted_page_does_not_belong_to_an_open_site() -> None:
    assert not _opens("https://aloai.example", "aloai.example", "ws")


@pytest.mark.parametrize(
    ("setting", "value", "opens"),
    [
        ("PUBLIC_BASE_URL", "https://aloai.example/", True),
        ("PUBLIC_BASE_URL", "https://aloai.example:8443", False),
        ("CSRF_TRUSTED_ORIGINS", ["https://aloai.example"], True),
        ("CSRF_TRUSTED_ORIGINS", ["https://*.example"], True),
        ("CSRF_TRUSTED_ORIGINS", ["https://*.other.example"], False),
    ],
)
def test_the_settings_name_the_address_behind_a_proxy(
    setting: str, value: object, opens: bool, settings: Any
) -> None:
    setattr(settings, setting, value)
    assert _opens("https://aloai.example", "127.0.0.1:8000", "ws") is opens


def test_the_site_itself_asks_for_it() -> None:
    """Before the session is read: no database is needed to refuse."""
    headers = [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:9000")]
    assert not _connects(application, headers)
