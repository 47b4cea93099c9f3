"""Which page may open a WebSocket: one of this very site, port and scheme included."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """What makes an origin; the port is never left out."""

    scheme: str
    host: str
    port: int


class SameOrigin:
    """Refuses a WebSocket whose page is of another origin, or that does not name its page."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Go on, or refuse the handshake."""
        if is_same_origin(scope):
            await self.application(scope, receive, send)
            return
        await receive()  # the server's "websocket.connect"
        await send({"type": "websocket.close"})


def is_same_origin(scope: Any) -> bool:
    """Whether the page that asks is of the site that is asked."""
    page = parse(_header(scope, b"origin"))
    if page is None:
        return False
    trusted = [*settings.CSRF_TRUSTED_ORIGINS, settings.PUBLIC_BASE_URL]
    return page == _asked(scope) or any(_matches(page, origin) for origin in trusted)


def parse(text: str) -> Address | None:
    """The address in a URL; None where there is none."""
    try:
        parts = urlsplit(text.strip().lower())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not host:
        return None
    return Address(parts.scheme, host, PORTS[parts.scheme] if port is None else port)


def _asked(scope: Any) -> Address | None:
    """The address that the browser used, where the site may be reached under it."""
    host = _header(scope, b"host")
    name, _ = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return None
    return parse(f"{'https' if scope.get('scheme') == 'wss' else 'http'}://{host}")


def _matches(page: Address, origin: str) -> bool:
    """An origin of the settings may stand for all names below one: https://*.example.com."""
    other = parse(origin.replace("://*.", "://.", 1))
    return (
        other is not None
        and (page.scheme, page.port) == (other.scheme, other.port)
        and is_same_domain(page.host, other.host)
    )


def _header(scope: Any, wanted: bytes) -> str:
    """The value of a header that came once; what came twice counts as missing."""
    values = [value for name, value in scope.get("headers", []) if name == wanted]
    return values[0].decode("latin1") if len(values) == 1 else ""
