"""A signed-in admin without a browser: pages by HTTP, test conversations by WebSocket."""

from __future__ import annotations

import http.cookiejar
import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.aloai.running import DROPPED, MANAGE, Running


class Visitor:
    """One session."""

    def __init__(self, product: Running) -> None:
        self.product = product
        self.jar = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open
        link = product.base + product.link()
        page = self.open(link, timeout=20).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1)}).encode()
        self.open(urllib.request.Request(link, form), timeout=20)

    def page(self, path: str) -> str:
        """A page as this user sees it."""
        return str(self.open(self.product.base + path, timeout=20).read().decode())

    @property
    def cookies(self) -> str:
        """For the WebSocket."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)


class Chat:
    """One test conversation; a lost socket is opened again, unacknowledged words are resent."""

    def __init__(self, visitor: Visitor, conversation: str) -> None:
        self.visitor, self.conversation = visitor, conversation
        self.socket: ClientConnection | None = None
        self.frames: list[dict[str, Any]] = []
        self.pending: dict[str, str] = {}
        self.join()

    def join(self, seconds: float = 20) -> None:
        """Open the socket; connections wait while the web process restarts."""
        product = self.visitor.product
        until = time.monotonic() + seconds
        while True:
            try:
                self.socket = connect(
                    f"ws://127.0.0.1:{product.port}/ws/try/{self.conversation}/",
                    additional_headers={"Cookie": self.visitor.cookies, "Origin": product.base},
                    open_timeout=seconds,
                    proxy=None,
                ).__enter__()
                for key, text in self.pending.items():
                    self._send(type="say", id=key, text=text)
                return
            except (OSError, ConnectionClosed, TimeoutError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _send(self, **frame: Any) -> None:
        assert self.socket
        self.socket.send(json.dumps(frame))

    def say(self, text: str) -> str:
        """Say something; returns the message's id."""
        key = uuid.uuid4().hex
        self.pending[key] = text
        try:
            self._send(type="say", id=key, text=text)
        except (ConnectionClosed, OSError):
            self.join()
        return key

    def until(self, wanted: str, seconds: float = 30) -> dict[str, Any]:
        """Read until a frame of a type; reconnects on the way."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.socket
            try:
                frame = json.loads(self.socket.recv(timeout=max(until - time.monotonic(), 0.1)))
            except (ConnectionClosed, OSError):
                self.join()
                continue
            self.frames.append(frame)
            if frame["type"] == "ack":
                self.pending.pop(frame["id"], None)
            if wanted in (frame["type"], "*"):
                return dict(frame)
        raise AssertionError(f"no {wanted} in {self.frames[-8:]}")

    def settled(self, turn: int) -> None:
        """Wait until a turn is written and everything said is acknowledged."""
        while self.pending or not any(
            frame["type"] == "turn" and frame["turn"] >= turn for frame in self.frames
        ):
            self.until("*")

    def close(self) -> None:
        """Leave."""
        if self.socket:
            self.socket.close()


def run_inside(folder: Path, script: str, **env: str) -> Any:
    """Run a few lines with the product's own code and database; the last line printed is JSON."""
    import os

    clean = {k: v for k, v in os.environ.items() if k not in DROPPED}
    done = subprocess.run(
        [sys.executable, str(MANAGE), "shell", "-v", "0", "-c", script],
        env={**clean, "ALOAI_VAR": str(folder), "ALOAI_NO_BOOTSTRAP": "1", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])
