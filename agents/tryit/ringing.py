"""A destination that is rung in a test stops by itself, after the seconds that its card says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from agents.conversations.models import Conversation
from agents.engine.session import Session


class RingClock:
    """Watches the ringing of one test, while somebody looks on."""

    def __init__(self, session: Session, over: Callable[[], Awaitable[None]]) -> None:
        self._session, self._over = session, over
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Count anew: another one rings, time was skipped, or nobody rings any more."""
        self.stop()
        if self._session.conversation.state == Conversation.State.RINGING:
            self._task = asyncio.ensure_future(self._wait())

    def stop(self) -> None:
        """Nobody looks on."""
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        self._task = None

    async def _wait(self) -> None:
        left = await self._session.rings_for()
        while left:
            await self.pause(left)
            left = await self._session.rings_for()
        if left is not None:  # it still rings, and its time is over
            await self._over()

    async def pause(self, seconds: float) -> None:
        """Let them pass."""
        await asyncio.sleep(seconds)
