"""The fake model server and a plain web server for these tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest
from cryptography.fernet import Fernet

from tests.fakes.llm import fake_llm

__all__ = ["fake_llm"]


@pytest.fixture(autouse=True)
def _credential_key(settings: Any) -> None:
    """A key of this test's own."""
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]


@dataclass
class Site:
    """A web server on loopback that notes who came."""

    port: int = 0
    paths: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/ok", host: str = "127.0.0.1") -> str:
        """An address on it."""
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    """The server; what it was asked is in `paths`."""
    facts = Site()

    class Handler(BaseHTTPRequestHandler):
        """Answers by path."""

        def do_GET(self) -> None:
            facts.paths.append(self.path)
            if self.path.startswith("/to/"):
                self._redirect(unquote(self.path[4:]))
            elif self.path == "/big":
                self._start(10_000_000)
                self._pour()
            elif self.path == "/drip":
                self._start(1000)
                self._drip()
            elif self.path == "/dripping-head":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
                self._drip()
            elif self.path == "/silent":
                facts.released.wait(10)
            else:
                self._start(2)
                self.wfile.write(b"ok")

        def _start(self, length: int) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def _redirect(self, where: str) -> None:
            self.send_response(302)
            self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _drip(self) -> None:
            """A byte at a time, each well within a time limit on silence."""
            try:
                while not facts.released.wait(0.02):
                    self.wfile.write(b"x")
            except OSError:
                return

        def _pour(self) -> None:
            try:
                for _ in range(1000):
                    self.wfile.write(b"x" * 10_000)
            except OSError:
                return

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    facts.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield facts
    facts.released.set()
    server.shutdown()
    server.server_close()
