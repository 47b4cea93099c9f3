"""The test bench's WebSocket: test chat and typed test call. Thin: frames in, frames out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from actions.effects import Send
from actions.text import clean
from agents.channels.bench.replay import frames_to_come
from agents.channels.bench.session import open_session, prefetch
from agents.channels.leases import leases
from agents.conversations.models import Conversation
from agents.conversations.playing import known
from agents.conversations.services import LostLease, note_step
from agents.core import pools
from agents.core import writer as writing
from agents.engine.session import Session
from agents.engine.turn import Inbound, TurnState

log = logging.getLogger(__name__)
MAX_FRAME = 600_000
MAX_TEXT = 100_000
SKIP_LIMIT = 90 * 24 * 3600
LEG = frozenset({"answered", "declined", "no_answer", "busy", "failed", "machine", "caller_gone"})
NOT_ANSWERED = frozenset({"not_answered", "busy", "failed", "machine"})
MAX_STEP = 2000  # characters of a step that is kept


class BenchConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One socket, one conversation, one user who may try agents."""

    session: Session | None = None
    replaying = False

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
        self.session = open_session(
            prefetched, writer=writing.writer, asking=pools.asking, say=self, told=self.turn_written
        )
        leases.hold(self.session.conversation, writing.writer)
        await self._send(
            type="ready",
            state=self.session.conversation.state,
            turn=self.session.conversation.memory.turn,
        )
        self._start(self._open())

    async def _refuse(self, code: int) -> None:
        """Accept first: a browser learns the code of an open socket only."""
        await self.accept()
        await self.close(code=code)

    async def disconnect(self, code: int) -> None:
        """The socket is gone; a running turn goes on to its end."""
        if self.session:
            leases.release(self.session.conversation)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame; what cannot be read is answered with a sentence."""
        try:
            frame = orjson.loads((text_data or "")[:MAX_FRAME])
            handle = FRAMES[frame["type"]]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            await self._send(type="error", sentence="This frame cannot be read.")
            return
        if self.replaying and frame["type"] not in DURING_REPLAY:
            await self._send(type="error", sentence="Wait until the replay is over.")
        elif self.session is not None:
            self._start(self._handle(handle, self.session, frame))

    async def _handle(self, handle: Handler, session: Session, frame: dict[str, Any]) -> None:
        """What the tester does is kept, so that a replay can repeat it."""
        if frame["type"] in STEPS and len(str(frame)) <= MAX_STEP:
            await self.note({**frame, "after": session.conversation.memory.turn})
        await handle(self, session, frame)

    async def note(self, step: dict[str, Any]) -> None:
        """Keep one step of a test."""
        if self.session and self.session.conversation.sandbox:
            unit = partial(note_step, fence=self.session.conversation.fence, step=step)
            await asyncio.wrap_future(writing.writer.submit(unit))

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
        if self.session:
            now = self.session.conversation.state
            await self._send(type="state", state=now, label=label, outcome=outcome)

    async def _open(self) -> None:
        if self.session:
            await self.session.resume()
            await self.session.greet()
            await self._replay(self.session)

    async def _replay(self, session: Session) -> None:
        """Do again what the test did that this one repeats, as far as it is not done yet."""
        unit = partial(frames_to_come, session.conversation.id)
        frames = await asyncio.wrap_future(writing.writer.submit(unit))
        if not frames:
            return
        self.replaying = True
        await self._send(type="replay", state="running")
        try:
            for frame in frames:
                await self._handle(FRAMES[frame["type"]], session, frame)
        finally:
            self.replaying = False
            await self._send(type="replay", state="over")

    # --- plumbing -----------------------------------------------------------------------

    def _start(self, work: Awaitable[None]) -> None:
        """Frames are taken as they come; the session puts them in order."""
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


async def _say(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    text = clean(frame.get("text", ""), MAX_TEXT)
    if text.strip():
        await _take(socket, session, text, clean(frame.get("id", ""), 60))
    else:
        await socket._send(type="ack", id=frame.get("id"))


async def _take(socket: BenchConsumer, session: Session, text: str, name: str = "") -> None:
    """A message of the contact: acknowledged once it is durable."""
    key = f"{session.conversation.id}:{name or uuid4().hex}"

    async def acknowledge() -> None:
        if name:
            await socket._send(type="ack", id=name)

    await session.say(Inbound(text, key), acknowledge)


async def _key(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    digit = str(frame.get("digit", ""))[:1]
    if digit and digit in "0123456789*#":
        session.keys.press(digit, lambda said: socket._start(_take(socket, session, said)))


async def _interrupt(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    session.interrupt(clean(frame.get("heard", ""), MAX_TEXT))


async def _hang_up(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    await session.hang_up()
    await socket._state()


async def _outcome(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    kind = frame.get("kind")
    if kind == "answered":
        await session.answered()
    elif kind in NOT_ANSWERED:
        await session.not_answered(str(kind))
    await socket._state()


async def _leg(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    outcome = frame.get("outcome")
    if outcome in LEG or outcome == "message_taken":
        step = await session.leg(str(outcome))
        await socket._state(step.label if step else "", step.outcome if step else "")


async def _skip(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    seconds = frame.get("seconds")
    if isinstance(seconds, int | float) and 0 < seconds <= SKIP_LIMIT:
        await session.skip(float(seconds))
        await socket._state()


async def _release(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    await session.release(str(socket.scope["user"]))
    await socket._state()


async def _play(socket: BenchConsumer, session: Session, frame: dict[str, Any]) -> None:
    what, how = str(frame.get("what")), str(frame.get("how"))
    if session.conversation.sandbox and known(what, how):
        await session.play(what, how)
        await socket._send(type="play", what=what, how=how)


STEPS = frozenset({"outcome", "leg", "skip", "hangup", "release", "play"})
DURING_REPLAY = frozenset({"interrupt"})
Handler = Callable[[BenchConsumer, Session, dict[str, Any]], Awaitable[None]]
FRAMES: dict[str, Handler] = {
    "say": _say,
    "key": _key,
    "interrupt": _interrupt,
    "hangup": _hang_up,
    "outcome": _outcome,
    "leg": _leg,
    "skip": _skip,
    "release": _release,
    "play": _play,
}
