"""A tester's socket, as a browser holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
from asgiref.testing import ApplicationCommunicator
from django.contrib.sessions.backends.db import SessionStore

from agents.conversations.models import Conversation
from agents.core.models import User
from agents.tryit.consumer import TryItConsumer

Frame = dict[str, Any]
Done = tuple[str, dict[str, Any]]
NOTHING: Done = ("", {})
PATIENCE = 20  # seconds; a wait that is over fails the test


def signed_in() -> SessionStore:
    """A session of a browser."""
    session = SessionStore()
    session.create()
    return session


class Closed(Exception):
    """The server closed the socket; the code is the argument."""


class TryItSocket:
    """The socket of one test conversation."""

    def __init__(self, conversation: Conversation, user: User, session: SessionStore) -> None:
        kwargs = {"conversation": conversation.pk}
        scope = {
            "type": "websocket", "user": user, "session": session,
            "url_route": {"kwargs": kwargs},
        }  # fmt: skip
        self._socket = ApplicationCommunicator(self._app, scope)
        self.got: list[Frame] = []
        self.gone: Exception | None = None

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        """The consumer on a server that raises once the browser has gone."""

        async def through(message: Any) -> None:
            if self.gone:
                raise self.gone
            await send(message)

        await TryItConsumer.as_asgi()(scope, receive, through)

    async def __aenter__(self) -> TryItSocket:
        await self._socket.send_input({"type": "websocket.connect"})
        await self._socket.receive_output(PATIENCE)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._socket.wait(PATIENCE)

    async def send(self, **frame: Any) -> None:
        """A frame of the tester."""
        await self.send_text(orjson.dumps(frame).decode())

    async def send_text(self, text: str) -> None:
        """Whatever a browser may send."""
        await self._socket.send_input({"type": "websocket.receive", "text": text})

    async def until(self, kind: str, **values: Any) -> Frame:
        """The next frame of this kind with these values; what came before is kept in `got`."""
        while True:
            sent = await self._socket.receive_output(PATIENCE)
            if sent["type"] == "websocket.close":
                raise Closed(sent["code"])
            frame: Frame = orjson.loads(sent["text"])
            self.got.append(frame)
            if frame["type"] == kind and values.items() <= frame.items():
                return frame

    async def closed(self) -> int:
        """The code with which the server closes it."""
        try:
            await self.until("never")
        except Closed as closed:
            return int(closed.args[0])
        raise AssertionError("it stays open")


async def all_done() -> None:
    """Until nothing runs in this loop any more."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    while rest:
        await asyncio.wait(rest, timeout=PATIENCE)
        assert not all(task in asyncio.all_tasks() for task in rest), rest
        rest = asyncio.all_tasks() - {asyncio.current_task()}


def run_script(
    test: Conversation, user: User, script: Sequence[tuple[Frame, Done]] = ()
) -> list[Frame]:
    """Open the test, send each frame and wait for what it leads to; a replay is awaited first."""
    session = signed_in()

    async def run() -> list[Frame]:
        async with TryItSocket(test, user, session) as socket:
            await socket.until("ready")
            if test.world.get("replay"):
                await socket.until("replay", state="over")
            elif test.direction == "inbound" and test.state == "open":
                await socket.until("turn", turn=1)
            for frame, (kind, values) in script:
                await socket.send(**frame)
                if kind:
                    await socket.until(kind, **values)
            return socket.got

    return asyncio.run(run())


def say(text: str, turn: int) -> tuple[Frame, Done]:
    """A message, and the turn that it makes."""
    return {"type": "say", "id": f"m{turn}", "text": text}, ("turn", {"turn": turn})
