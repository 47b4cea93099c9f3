"""The ASGI application as a server calls it, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

Headers = Iterable[tuple[str, str]]


def scope_of(path: str, headers: Headers = (), **more: Any) -> dict[str, Any]:
    """What a server hands over for one request."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        **more,
    }


class Asked:
    """One request: its pieces are counted as they are read, its answer is kept."""

    def __init__(self, application: Any, scope: dict[str, Any], pieces: list[bytes]) -> None:
        self.left = list(pieces)
        self.sent: list[dict[str, Any]] = []
        self._over = asyncio.Event()
        asyncio.run(application(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self.left:
            await self._over.wait()
            return {"type": "http.disconnect"}
        piece = self.left.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.left)}

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        """Of the answer; there is one only."""
        (start,) = [m for m in self.sent if m["type"] == "http.response.start"]
        return int(start["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        """Of the answer."""
        return dict(self.sent[0]["headers"])

    @property
    def text(self) -> str:
        """Of the answer."""
        return b"".join(m.get("body", b"") for m in self.sent[1:]).decode()
