"""A conversation open in this process: messages and events in order, resuming after a crash.

A channel calls these methods and plays what `Output` gets. Everything of one conversation happens
in order; only an interruption reaches into a running turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from actions.base import Channel, Event, Moment
from actions.text import clean
from agents.conversations.models import Conversation, Turn
from agents.conversations.services import change, release_item, set_world, take_up
from agents.conversations.situation import world_of
from agents.engine import ledger, scripts
from agents.engine.adapters import Engine
from agents.engine.conversation import ConversationState
from agents.engine.events import Closing, NoAnswer, Silence
from agents.engine.handler import OwnWords, TurnKind
from agents.engine.keypad import KeyPad
from agents.engine.message import Greeting, MessageTurn
from agents.engine.reminder import Reminder
from agents.engine.runner import Acknowledge, Runner
from agents.engine.transferring import Landing, leg_moved
from agents.engine.turn import Inbound, TurnState, new_turn, turn_again
from agents.transfers.machine import TransferStep
from agents.transfers.services import rings_until

State = Conversation.State
TAKE_UPS = 2  # how often a turn that a crash cut off is taken up


class Session:
    """A conversation whose lease this process holds."""

    def __init__(
        self,
        engine: Engine,
        conversation: ConversationState,
        told: Callable[[TurnState], Awaitable[None]],
    ) -> None:
        self.engine, self.conversation = engine, conversation
        self._told = told
        self._running: Runner | None = None
        self._order = asyncio.Lock()
        self.keys = KeyPad(conversation)

    # --- turns --------------------------------------------------------------------------

    async def _turn(
        self,
        kind: TurnKind,
        inbound: Inbound | None = None,
        acknowledge: Acknowledge | None = None,
        **changes: Any,
    ) -> TurnState:
        """One turn, from its beginning to its end, and the closing where it ends all."""
        turn = new_turn(self.engine, self.conversation, kind.name, inbound, kind.moment)
        turn.changes.update(changes)
        return await self._run(Runner(turn, kind), acknowledge)

    async def _run(self, runner: Runner, acknowledge: Acknowledge | None = None) -> TurnState:
        self._running = runner
        try:
            turn = await runner.run(acknowledge)
        finally:
            self._running = None
        await self._told(turn)
        return turn

    async def _close(self) -> None:
        """A conversation that is over gets its closing turn, once."""
        if self.conversation.memory.words_due:
            await self._say_due()
        if self.conversation.over and not self.conversation.memory.closed:
            await self._turn(Closing())

    async def _say_due(self) -> None:
        """Words of ours that something else has made necessary."""
        memory = self.conversation.memory
        words, memory.words_due = memory.words_due, ""
        await self._turn(OwnWords(words))

    # --- words --------------------------------------------------------------------------

    async def greet(self) -> None:
        """The first words, before anything else is said."""
        async with self._order:
            if self.conversation.memory.turn or self.conversation.state != State.OPEN:
                return
            await self._turn(Greeting())
            await self._close()

    async def say(self, inbound: Inbound, acknowledge: Acknowledge | None = None) -> None:
        """A message of the contact; the same key twice is acknowledged and taken once."""
        inbound = Inbound(clean(inbound.text), inbound.key)
        if self._running:
            self._running.turn.hurry.set()
        async with self._order:
            known = bool(inbound.key) and inbound.key in self.conversation.taken
            if known or self.conversation.over:
                if acknowledge:
                    await acknowledge()
                return
            if inbound.key:
                self.conversation.taken.add(inbound.key)
            await self._turn(MessageTurn(), inbound, acknowledge)
            await self._close()

    def interrupt(self, heard: str | None) -> None:
        """Barge-in."""
        if self._running:
            self._running.interrupt(heard)

    async def resume(self) -> None:
        """Take every turn that a crash cut off to its end, with the runs it had."""
        async with self._order:
            while self.conversation.unfinished:
                await self._take_up(self.conversation.unfinished.pop(0))
            await self._close()

    async def _take_up(self, row: Turn) -> None:
        conversation = self.conversation
        await ledger.write(self.engine, partial(take_up, fence=conversation.fence, turn_id=row.id))
        row.attempts += 1
        runs = await ledger.write(self.engine, partial(ledger.runs_of, row.id))
        kind = _kind_of(row)
        moment = kind.moment if kind else Moment.DURING
        turn = turn_again(self.engine, conversation, row, runs, moment)
        runner = Runner(turn, kind or Greeting())
        if kind is None or row.attempts > TAKE_UPS + 1:
            await self._told(await runner.fail("It was cut off too often."))
        else:
            await self._run(runner)

    # --- the call -----------------------------------------------------------------------

    async def answered(self) -> None:
        """An outbound call was picked up."""
        async with self._order:
            if self.conversation.state != State.WAITING:
                return
            await self._now(State.OPEN)
        await self.greet()

    async def not_answered(self, kind: str) -> None:
        """Nobody, busy, failed or a machine: the no-answer turn, then the call is over."""
        async with self._order:
            if self.conversation.state == State.WAITING:
                event = Event(kind, attempt=self.conversation.facts.attempt)
                await self._turn(NoAnswer(event))

    async def hang_up(self, how: str = "the contact hung up") -> None:
        """The contact or staff end the conversation."""
        self.interrupt(None)
        if self.conversation.state == State.RINGING:
            await self.leg("caller_gone")
            return
        async with self._order:
            if not self.conversation.over:
                await self._end(how, unanswered=self.conversation.state == State.WAITING)

    async def _end(self, how: str, *, unanswered: bool = False) -> None:
        """The conversation is over; a call that nobody answered has no closing."""
        conversation = self.conversation
        conversation.memory.closed = unanswered
        await self._now(State.ENDED, outcome=how, ended_at=conversation.now())
        await self._close()

    async def _now(self, state: str, **changes: Any) -> None:
        conversation = self.conversation
        conversation.state = state
        changes["memory"] = conversation.memory.stored()
        unit = partial(change, fence=conversation.fence, state=state, **changes)
        await ledger.write(self.engine, unit)

    async def simulate(self, what: str, how: str) -> None:
        """From now on another answer is simulated, e.g. a calendar that is full."""
        async with self._order:
            conversation = self.conversation
            conversation.facts.simulated[what] = how
            world = world_of(conversation.facts)
            unit = partial(set_world, fence=conversation.fence, world=world)
            await ledger.write(self.engine, unit)

    async def release(self, by: str) -> None:
        """Staff give the conversation back; the agent answers again."""
        async with self._order:
            conversation = self.conversation
            if conversation.state != State.STAFF:
                return
            conversation.state, conversation.facts.inbox = State.OPEN, ""
            conversation.memory.notes_to_model = [
                "Colleagues have handed the conversation back to you."
            ]
            await ledger.write(self.engine, partial(self._released, by))

    def _released(self, by: str) -> None:
        conversation = self.conversation
        memory = conversation.memory.stored()
        release_item(fence=conversation.fence, by=by, now=conversation.now(), memory=memory)
        if conversation.sandbox:
            world = world_of(conversation.facts)
            set_world(fence=conversation.fence, world=world)

    # --- a transfer ---------------------------------------------------------------------

    async def leg(self, outcome: str) -> TransferStep | None:
        """Something happened to the ringing destination; what follows."""
        async with self._order:
            return await self._leg(outcome)

    async def _leg(self, outcome: str) -> TransferStep | None:
        conversation = self.conversation
        if conversation.state != State.RINGING:
            return None
        landing: Landing | None = await ledger.write(
            self.engine, partial(leg_moved, conversation, outcome)
        )
        if landing is None:
            return None
        if landing.memory is not None:
            conversation.remember(landing.memory)
            conversation.state = landing.state
            await self._close()
        return landing.step

    async def rings_for(self) -> float | None:
        """How many seconds the destination that rings has left; None where none rings."""
        conversation = self.conversation
        if conversation.state != State.RINGING:
            return None
        ends = await ledger.write(
            self.engine, partial(rings_until, conversation_id=conversation.id)
        )
        return max(0.0, (ends - conversation.now()).total_seconds()) if ends else None

    # --- time ---------------------------------------------------------------------------

    async def skip(self, seconds: float) -> None:
        """Let time pass: reminders, silence, and at last the closing of a text thread."""
        async with self._order:
            conversation = self.conversation
            conversation.clock_offset += seconds
            offset = conversation.clock_offset
            unit = partial(change, fence=conversation.fence, clock_offset=offset)
            await ledger.write(self.engine, unit)
            if await self.rings_for() == 0:
                await self._leg("no_answer")
                return
            # Silence counts in a thread that goes on, and after a call.
            if conversation.over == (conversation.facts.channel is Channel.VOICE):
                await self.silence()

    async def silence(self) -> None:
        """What the time since the last word of the contact leads to."""
        conversation = self.conversation
        now = conversation.facts.now = conversation.now()
        engaged = not conversation.facts.contact.disengaged
        if await self._remind():
            return
        since = conversation.memory.last_contact_at or now
        hours = (now - since) / timedelta(hours=1)
        event = Event("silent", attempt=conversation.facts.attempt, silent_hours=hours)
        actions = conversation.version.actions
        idle = [a for a in actions if a.moment == Moment.IDLE and a.frozen.enabled]
        if idle:
            await self._turn(Silence(event))
        given_up = engaged and conversation.facts.contact.disengaged
        asks = bool(conversation.memory.script) and not given_up
        waits = asks or any(action.frozen.event.to_come(event) for action in idle)
        late = hours >= conversation.version.settings.closes_after_hours
        if (late or given_up) and not waits and not conversation.over:
            await self._end("closed after silence")

    async def _remind(self) -> bool:
        conversation = self.conversation
        script = conversation.memory.script
        action = conversation.version.by_uid.get(script.get("uid", ""))
        if action is None or conversation.facts.contact.disengaged:
            return False
        move = scripts.reminder(script, conversation.facts.now)
        if move is None:
            return False
        await self._turn(Reminder(action, script, move))
        return True


def _kind_of(row: Turn) -> TurnKind | None:
    """What supplies the phases of a turn that a crash cut off."""
    event = row.progress.get("event")
    if event and row.kind in (Turn.Kind.NO_ANSWER, Turn.Kind.IDLE):
        made = Event(**event)
        return NoAnswer(made) if row.kind == Turn.Kind.NO_ANSWER else Silence(made)
    kinds: dict[str, Callable[[], TurnKind]] = {
        Turn.Kind.MESSAGE: MessageTurn,
        Turn.Kind.GREETING: Greeting,
        Turn.Kind.CLOSING: Closing,
    }
    return kinds[row.kind]() if row.kind in kinds else None
