"""The WebSocket of Try it: test chat and typed test call. Thin: frames in, frames out."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from agents.channels.leases import leases
from agents.channels.visitors import Visitor
from agents.conversations.models import Conversation
from agents.core import writer as writing
from agents.core.roles import has_role
from agents.tryit.access import TESTERS
from agents.tryit.frames import FrameRefused, read_text
from agents.tryit.sessions import OpenTest, open_tests

log = logging.getLogger(__name__)
FORBIDDEN, UNKNOWN = 4403, 4404
FAILED = 1011  # the browser tries again


class TryItConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One socket, one test, one user who may try agents."""

    test: OpenTest | None = None
    visitor: Visitor | None = None
    name = ""

    async def connect(self) -> None:
        """Accept first: a browser learns the code of an open socket only."""
        await self._put(self.accept())
        user = self.scope.get("user")
        if not has_role(user, *TESTERS):
            await self.shut(FORBIDDEN)
            return
        try:
            self.test = await open_tests.join(self.scope["url_route"]["kwargs"]["conversation"])
        except Conversation.DoesNotExist:
            await self.shut(UNKNOWN)
            return
        except Exception:
            log.exception("A test could not be opened")
            await self.tell(type="error", sentence="This test cannot be opened now.")
            await self.shut(FAILED)
            return
        self.name = str(user)
        key = self.scope["session"].session_key
        self.visitor = Visitor(user.pk, key, TESTERS, self._dismissed)
        leases.watch(self.visitor, writing.writer)
        await self.test.attach(self)

    async def disconnect(self, code: int) -> None:
        """The socket is gone; the test goes on to the end of what it has taken."""
        if self.visitor:
            leases.unwatch(self.visitor)
        if self.test:
            self.test.detach(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame; one that is not taken is answered with a sentence."""
        if self.test is None:
            return
        try:
            self.test.take(read_text(text_data or ""))
        except FrameRefused as refused:
            await self.tell(type="error", sentence=str(refused))

    async def tell(self, **frame: Any) -> None:
        """See `TesterSocket`."""
        await self._put(self.send(text_data=orjson.dumps(frame).decode()))

    async def shut(self, code: int) -> None:
        """See `TesterSocket`; what still comes is not taken."""
        test, self.test = self.test, None
        if test:
            test.detach(self)
        await self._put(self.close(code=code))

    async def _dismissed(self) -> None:
        await self.shut(FORBIDDEN)

    async def _put(self, sending: Any) -> None:
        """What a server raises when the socket is gone is of no use to who speaks."""
        try:
            await sending
        except Exception:  # noqa: BLE001 - each server raises errors of its own
            log.debug("The socket is gone")
