"""The test bench's WebSocket: test chat and typed test call. Thin: frames in, frames out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from actions.effects import Send
from actions.text import clean
from agents.channels.bench.session import open_talk, prefetch
from agents.channels.keeper import keeper
from agents.conversations.models import Conversation
from agents.conversations.services import LostLease
from agents.core import pools
from agents.core import writer as writing
from agents.engine.state import Inbound, TurnState
from agents.engine.talk import Talk

log = logging.getLogger(__name__)
MAX_FRAME = 600_000
MAX_TEXT = 100_000
SKIP_LIMIT = 90 * 24 * 3600
LEG = frozenset({"answered", "declined", "no_answer", "busy", "failed", "machine", "caller_gone"})
NOT_ANSWERED = frozenset({"not_answered", "busy", "failed", "machine"})


class BenchConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One socket, one conversation, one user who may try agents."""

    talk: Talk | None = None

    async def connect(self) -> None:
        """Take the conversation over; a lost lease of another socket is void from now on."""
        user = self.scope.get("user")
        if user is None or not user.is_authenticated or not may_try(user):
            await self._refuse(4403)
            return
        self._jobs: set[asyncio.Task[None]] = set()
        conversation_id: UUID = self.scope["url_route"]["kwargs"]["conversation"]
        unit = partial(prefetch, conversation_id)
        try:
            prefetched = await asyncio.wrap_future(writing.writer.submit(unit))
        except Conversation.DoesNotExist:
            await self._refuse(4404)
            return
        await self.accept()
        self.talk = open_talk(
            prefetched, writer=writing.writer, asking=pools.asking, say=self, told=self.turn_written
        )
        keeper.hold(self.talk.scene, writing.writer)
        await self._send(
            type="ready", state=self.talk.scene.state, turn=self.talk.scene.turn_number
        )
        self._start(self._open())

    async def _refuse(self, code: int) -> None:
        """Accept first: a browser learns the code of an open socket only."""
        await self.accept()
        await self.close(code=code)

    async def disconnect(self, code: int) -> None:
        """The socket is gone; a running turn goes on to its end."""
        if self.talk:
            keeper.release(self.talk.scene)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame; what cannot be read is answered with a sentence."""
        try:
            frame = orjson.loads((text_data or "")[:MAX_FRAME])
            handle = FRAMES[frame["type"]]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            await self._send(type="error", sentence="This frame cannot be read.")
            return
        if self.talk is not None:
            self._start(handle(self, self.talk, frame))

    # --- what the engine says -----------------------------------------------------------

    async def text(self, piece: str) -> None:
        """A piece of the running reply."""
        await self._send(type="text", t=piece)

    async def turn_written(self, state: TurnState) -> None:
        """A turn and its decisions are durable."""
        if state.spoken or state.heard is not None:
            text = state.spoken if state.heard is None else state.heard
            await self._send(type="reply", turn=state.row.number, text=text)
        await self._send(type="turn", turn=state.row.number)
        if any(isinstance(effect, Send) for run in state.runs for effect in run.effects):
            await self._send(type="outbox")
        outcome = str(state.changes.get("outcome", ""))
        await self._state(outcome.removeprefix("calling "), outcome)

    async def _state(self, label: str = "", outcome: str = "") -> None:
        if self.talk:
            now = self.talk.scene.state
            await self._send(type="state", state=now, label=label, outcome=outcome)

    async def _open(self) -> None:
        if self.talk:
            await self.talk.resume()
            await self.talk.greet()

    # --- plumbing -----------------------------------------------------------------------

    def _start(self, work: Awaitable[None]) -> None:
        """Frames are taken as they come; the talk puts them in order."""
        task = asyncio.ensure_future(self._guarded(work))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except LostLease:
            await self._send(type="error", sentence="This test was opened somewhere else.")
            await self.close(code=4409)
        except Exception:
            log.exception("A test conversation failed")
            await self._send(type="error", sentence="Something went wrong. Try again.")

    async def _send(self, **frame: Any) -> None:
        try:
            await self.send(text_data=orjson.dumps(frame).decode())
        except RuntimeError:
            log.debug("The socket is gone")


def may_try(user: Any) -> bool:
    """Admins and builders try agents."""
    return user.role in ("admin", "builder")


async def _say(socket: BenchConsumer, talk: Talk, frame: dict[str, Any]) -> None:
    text = clean(frame.get("text", ""), MAX_TEXT)
    key = f"{talk.scene.id}:{clean(frame.get('id', ''), 60)}" if frame.get("id") else None

    async def acknowledge() -> None:
        await socket._send(type="ack", id=frame.get("id"))

    if not text.strip():
        await acknowledge()
        return
    await talk.say(Inbound(text, key), acknowledge)


async def _key(socket: BenchConsumer, talk: Talk, frame: dict[str, Any]) -> None:
    digit = str(frame.get("digit", ""))[:1]
    if digit and digit in "0123456789*#":
        await talk.say(Inbound(f"[pressed {digit}]"))


async def _interrupt(socket: BenchConsumer, talk: Talk, frame: dict[str, Any]) -> None:
    talk.interrupt(clean(frame.get("heard", ""), MAX_TEXT))


async def _hang_up(socket: BenchConsumer, talk: Talk, frame: dict[str, Any]) -> None:
    await talk.hang_up()
    await socket._state()


async def _outcome(socket: BenchConsumer, talk: Talk, frame: dict[str, Any]) -> None:
    kind = frame.get("kind")
    if kind == "answered":
        await talk.answered()
    elif kind in NOT_ANSWERED:
        await talk.not_answered(str(kind))
    await socket._state()


async def _leg(socket: BenchConsumer, talk: Talk, frame: dict[str, Any]) -> None:
    outcome = frame.get("outcome")
    if outcome in LEG or outcome == "message_taken":
        step = await talk.leg(str(outcome))
        await socket._state(step.label if step else "", step.outcome if step else "")


async def _skip(socket: BenchConsumer, talk: Talk, frame: dict[str, Any]) -> None:
    seconds = frame.get("seconds")
    if isinstance(seconds, int | float) and 0 < seconds <= SKIP_LIMIT:
        await talk.skip(float(seconds))
        await socket._state()


Handler = Callable[[BenchConsumer, Talk, dict[str, Any]], Awaitable[None]]
FRAMES: dict[str, Handler] = {
    "say": _say,
    "key": _key,
    "interrupt": _interrupt,
    "hangup": _hang_up,
    "outcome": _outcome,
    "leg": _leg,
    "skip": _skip,
}
