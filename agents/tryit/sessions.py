"""The tests that are open in this process.

A test outlives its socket: what was taken is done to its end, and a tester who comes back finds
the same session. Another socket of the same test takes the place of the one before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from actions.effects import Send
from agents.channels.leases import leases
from agents.channels.opening import Prefetched, World, open_session, prefetch
from agents.conversations.services import LostLease
from agents.core import pools
from agents.core import writer as writing
from agents.engine.adapters import Adapters
from agents.engine.turn import TurnState
from agents.ports.answering import Summarise
from agents.tryit.frames import Frame, FrameRefused, LegOutcome, read_frame
from agents.tryit.replay import frames_to_come
from agents.tryit.ringing import RingClock
from agents.tryit.sandbox import SandboxAdapters
from agents.tryit.services import MAX_STEPS, TooManySteps, keep_step
from agents.tryit.simulated_answers import SimulatedAnswers

log = logging.getLogger(__name__)
MAX_WAITING = 50  # frames of one test that are not done yet
TAKEN_OVER = 4409


def sandbox_adapters(summarise: Summarise | None) -> Adapters:
    """What records instead of acting."""
    return SandboxAdapters(SimulatedAnswers(summarise))


SANDBOX = World(True, sandbox_adapters)


class TesterSocket(Protocol):
    """The socket through which a tester is told."""

    name: str

    async def tell(self, **frame: Any) -> None:
        """Send a frame; never raises."""

    async def shut(self, code: int) -> None:
        """Close it; never raises."""


class OpenTest:
    """One test, its session and the socket that looks on, if there is one."""

    def __init__(self, prefetched: Prefetched, registry: OpenTests) -> None:
        self.session = open_session(
            prefetched,
            writer=writing.writer,
            asking=pools.asking,
            say=self,
            told=self.turn_written,
        )
        self.tester, self.replaying = "", False
        self._registry, self._begun = registry, False
        self._socket: TesterSocket | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._entrance = asyncio.Lock()
        self._clock = RingClock(self.session, self._rang_out)
        leases.hold(self.session.conversation, writing.writer)

    # --- sockets ------------------------------------------------------------------------

    async def attach(self, socket: TesterSocket) -> None:
        """Tell this socket from now on, and the one before that its place is taken."""
        before, self._socket, self.tester = self._socket, socket, socket.name
        if before is not None:
            await _taken_over(before)
        conversation = self.session.conversation
        await self.tell(type="ready", state=conversation.state, turn=conversation.memory.turn)
        if self.replaying:
            await self.tell(type="replay", state="running")
        if not self._begun:
            self._begun = True
            self.start(self._begin())
        elif not self.replaying:
            self._clock.start()

    def detach(self, socket: TesterSocket) -> None:
        """The socket is gone; what was taken goes on to its end."""
        if self._socket is socket:
            self._socket = None
            self._clock.stop()
            self._leave()

    def _leave(self) -> None:
        """Without a socket and without work the session is over here."""
        if self._socket is None and not self._jobs:
            self._registry.drop(self)
            leases.release(self.session.conversation)

    # --- what the tester does -----------------------------------------------------------

    def take(self, frame: Frame) -> None:
        """Begin with a frame; raises FrameRefused with what the tester is told."""
        if self.replaying and not frame.reaches_in:
            raise FrameRefused("Wait until the replay is over.")
        if len(self._jobs) >= MAX_WAITING and not frame.reaches_in:
            raise FrameRefused(
                "Too many messages are waiting. Continue when they have been answered."
            )
        self.start(self._do(frame))

    async def _do(self, frame: Frame) -> None:
        """In the order in which they came; what a replay repeats is kept first."""
        if not frame.reaches_in:
            async with self._entrance:
                await self._keep(frame)
        await frame.act(self)

    async def _keep(self, frame: Frame) -> None:
        if frame.kept:
            conversation = self.session.conversation
            unit = partial(
                keep_step,
                fence=conversation.fence,
                after=conversation.memory.turn,
                frame=frame.model_dump(),
            )
            await asyncio.wrap_future(writing.writer.submit(unit))

    async def _begin(self) -> None:
        await self.session.resume()
        await self.session.greet()
        await self._replay()
        self._clock.start()

    async def _replay(self) -> None:
        """Do again what the test did that this one repeats, as far as it is not done yet."""
        unit = partial(frames_to_come, self.session.conversation.id)
        frames = await asyncio.wrap_future(writing.writer.submit(unit))
        if not frames:
            return
        self.replaying = True
        await self.tell(type="replay", state="running")
        try:
            for frame in frames:
                await self._do(read_frame(frame))
        finally:
            self.replaying = False
            await self.tell(type="replay", state="over")

    # --- what the engine says -----------------------------------------------------------

    async def text(self, piece: str) -> None:
        """A piece of the running reply."""
        await self.tell(type="text", t=piece)

    async def turn_written(self, state: TurnState) -> None:
        """A turn and its decisions are durable."""
        if state.spoken or state.heard is not None:
            text = state.spoken if state.heard is None else state.heard
            await self.tell(type="reply", turn=state.row.number, text=text)
        await self.tell(type="turn", turn=state.row.number)
        if any(isinstance(effect, Send) for run in state.runs for effect in run.effects):
            await self.tell(type="outbox")
        outcome = str(state.changes.get("outcome", ""))
        await self.tell_state(outcome.removeprefix("calling "), outcome)

    async def tell_state(self, label: str = "", outcome: str = "", why: str = "") -> None:
        """Where the conversation stands now."""
        now = self.session.conversation.state
        await self.tell(type="state", state=now, label=label, outcome=outcome, why=why)
        if self._socket is not None and not self.replaying:
            self._clock.start()

    async def _rang_out(self) -> None:
        """Nobody picked up in time."""
        self.start(self._do(LegOutcome(type="leg", outcome="no_answer")))

    async def tell(self, **frame: Any) -> None:
        """To the socket that looks on; without one nobody is told."""
        if self._socket is not None:
            await self._socket.tell(**frame)

    # --- work ---------------------------------------------------------------------------

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Beside all else; the session puts in order what has one."""
        job = asyncio.ensure_future(self._guarded(work))
        self._jobs.add(job)
        job.add_done_callback(self._done)

    def _done(self, job: asyncio.Task[None]) -> None:
        self._jobs.discard(job)
        self._leave()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except LostLease:
            self._registry.drop(self)
            if self._socket is not None:
                await _taken_over(self._socket)
        except TooManySteps:
            sentence = f"A test has at most {MAX_STEPS} steps. Start again."
            await self.tell(type="error", sentence=sentence)
        except Exception:
            log.exception("A test conversation failed")
            await self.tell(type="error", sentence="Something went wrong. Try again.")


async def _taken_over(socket: TesterSocket) -> None:
    await socket.tell(type="error", sentence="This test was opened somewhere else.")
    await socket.shut(TAKEN_OVER)


class OpenTests:
    """All of this process, by conversation."""

    def __init__(self) -> None:
        self._tests: dict[UUID, asyncio.Future[OpenTest]] = {}

    async def join(self, conversation_id: UUID) -> OpenTest:
        """The open test, else a new one; raises Conversation.DoesNotExist."""
        found = self._tests.get(conversation_id)
        if found is None or found.get_loop() is not asyncio.get_running_loop():
            found = asyncio.ensure_future(self._open(conversation_id))
            self._tests[conversation_id] = found
        return await asyncio.shield(found)

    async def _open(self, conversation_id: UUID) -> OpenTest:
        unit = partial(prefetch, conversation_id, writing.writer, SANDBOX)
        try:
            prefetched = await asyncio.wrap_future(writing.writer.submit(unit))
        except BaseException:
            self._tests.pop(conversation_id, None)
            raise
        return OpenTest(prefetched, self)

    def drop(self, test: OpenTest) -> None:
        """Whoever comes next opens it anew."""
        conversation_id = test.session.conversation.id
        found = self._tests.get(conversation_id)
        if found is not None and found.done() and found.result() is test:
            del self._tests[conversation_id]


open_tests = OpenTests()
