"""How much a request may carry, counted before Django stores anything of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass
class Body:
    """The body of one request, as far as it was read."""

    receive: Any
    limit: int
    read: int = 0

    @property
    def too_large(self) -> bool:
        """Whether more came than may come."""
        return self.read > self.limit

    async def __call__(self) -> Any:
        """The next piece; once it is too much, the application hears that the client has gone."""
        message = await self.receive()
        if message["type"] == "http.request":
            self.read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.too_large else message


class BodyLimit:
    """Answers 413 where a body is larger than its route takes, without reading on."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Compare what the request says first, then count what comes."""
        body = Body(receive, limit_of(scope["path"]))
        if announced(scope) > body.limit:
            await refuse(send, body.limit)
            return
        await self.application(scope, body, send)
        if body.too_large:
            await refuse(send, body.limit)


def limit_of(path: str) -> int:
    """How many bytes a request to this path may carry."""
    for prefix, limit in settings.BODY_LIMITS.items():
        if path.startswith(prefix):
            return int(limit)
    return int(settings.BODY_LIMIT)


def announced(scope: Any) -> int:
    """The length that the request says it has."""
    values = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in values if value.isdigit()), default=0)


async def refuse(send: Any, limit: int) -> None:
    """One sentence; the connection ends, so that nobody waits for the rest."""
    text = f"This is too large: at most {limit // 1024} KB can be sent here.".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text})
