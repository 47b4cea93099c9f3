"""One conversation as a channel drives it: greeting, messages in order, events, resuming.

A channel calls these methods and plays what `Output` gets. Everything of one conversation
happens in order; only an interruption reaches into a running turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from actions.base import Channel, Event, Moment
from actions.text import clean
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.services import (
    change,
    end_turn,
    finish_run,
    reclaim_runs,
    release_item,
    set_world,
)
from agents.conversations.situation import world_of
from agents.engine import eligibility, events, ledger, opening, scripting, scripts
from agents.engine.adapters import Engine
from agents.engine.conversation import ConversationState
from agents.engine.keypad import KeyPad
from agents.engine.state import Inbound, TurnState, new_turn
from agents.engine.turn import Conversing
from agents.transfers.machine import TransferStep
from agents.transfers.models import Transfer
from agents.transfers.services import leg_event

State = Conversation.State
WELL = frozenset({"answered", "message_taken"})


class Session:
    """A conversation in the hands of this process."""

    def __init__(
        self,
        engine: Engine,
        conversation: ConversationState,
        told: Callable[[TurnState], Awaitable[None]],
    ) -> None:
        self.engine, self.conversation = engine, conversation
        self._told = told
        self._running: Conversing | None = None
        self._order = asyncio.Lock()
        self.keys = KeyPad(conversation)

    # --- words --------------------------------------------------------------------------

    async def greet(self) -> None:
        """The first words, before anything else is said."""
        async with self._order:
            if self.conversation.turn_number or self.conversation.state != State.OPEN:
                return
            state = await opening.begin(self.engine, self.conversation)
            await self._told(state)
            await self._after(state)

    async def say(
        self, inbound: Inbound, acknowledge: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """A message of the contact; the same key twice is acknowledged and taken once."""
        inbound = Inbound(clean(inbound.text), inbound.key)
        if self._running:
            self._running.state.hurry.set()
        async with self._order:
            if inbound.key and inbound.key in self.conversation.taken:
                if acknowledge:
                    await acknowledge()
                return
            if inbound.key:
                self.conversation.taken.add(inbound.key)
            if self.conversation.over:
                if acknowledge:
                    await acknowledge()
                return
            await self._run(Conversing(self.engine, self.conversation, inbound), acknowledge)

    async def _run(
        self, turn: Conversing, acknowledge: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._running = turn
        try:
            state = await turn.run(acknowledge)
        finally:
            self._running = None
        await self._told(state)
        await self._after(state)

    async def _after(self, state: TurnState) -> None:
        """A conversation that ended gets its closing turn."""
        if state.changes.get("state") == State.ENDED:
            await self._told(await events.closing(self.engine, self.conversation))

    def interrupt(self, heard: str | None) -> None:
        """Barge-in."""
        if self._running:
            self._running.interrupt(heard)

    async def resume(self) -> None:
        """Take a turn that a crash cut off to its end; its committed runs are not repeated."""
        row, self.conversation.unfinished = self.conversation.unfinished, None
        async with self._order:
            if row is None:
                await self._close_late()
                return
            turn = Conversing.again(self.engine, self.conversation, row)
            await ledger.write(
                self.engine,
                partial(reclaim_runs, fence=self.conversation.fence, turn_id=row.id),
            )
            await self._run(turn)
            if not turn.state.changes.get("state"):
                await self._close_late()

    async def _close_late(self) -> None:
        """A crash came between the end of the conversation and its closing turn."""
        if self.conversation.over and not self.conversation.closed:
            await self._told(await events.closing(self.engine, self.conversation))

    async def _own_words(self, words: str, kind: str, **changes: Any) -> TurnState:
        """A turn of ours: words that no model made."""
        state = new_turn(self.engine, self.conversation, Inbound(""), kind)
        _, state.decisions = eligibility.sort_out(self.conversation, kind)
        state.changes.update(changes)
        await state.say_sentence(words)
        self.conversation.spoke(state.spoken)
        unit = partial(end_turn, fence=self.conversation.fence, end=state.ending())
        await ledger.write(self.engine, unit)
        await self._told(state)
        return state

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
            if self.conversation.state != State.WAITING:
                return
            event = Event(kind, attempt=self.conversation.facts.attempt)
            state = await events.by_event(self.engine, self.conversation, Moment.NO_ANSWER, event)
            for run in state.runs:
                flow = run.outcome.flow if run.outcome else None
                if words := getattr(flow, "closing_words", ""):
                    state.notes.append(f"Said: {words}")
            state.changes.update(self._over(State.ENDED, kind.replace("_", " ")))
            await events.finish(state)
            await self._told(state)

    async def hang_up(self, how: str = "the contact hung up") -> None:
        """The contact or staff end the conversation."""
        self.interrupt(None)
        if self.conversation.state == State.RINGING:
            await self.leg("caller_gone")
            return
        async with self._order:
            if self.conversation.over:
                return
            unanswered = self.conversation.state == State.WAITING
            await self._now(**self._over(State.ENDED, how))
            if not unanswered:
                await self._told(await events.closing(self.engine, self.conversation))

    def _over(self, state: str, outcome: str) -> dict[str, Any]:
        self.conversation.state = state
        return {"state": state, "outcome": outcome, "ended_at": self.conversation.now()}

    async def _now(self, state: str, **changes: Any) -> None:
        self.conversation.state = state
        unit = partial(change, fence=self.conversation.fence, state=state, **changes)
        await ledger.write(self.engine, unit)

    async def simulate(self, what: str, how: str) -> None:
        """From now on another answer is simulated, e.g. a calendar that is full."""
        async with self._order:
            conversation = self.conversation
            conversation.facts.simulated[what] = how
            world = world_of(conversation.facts, conversation.notes_written)
            await ledger.write(
                self.engine, partial(set_world, fence=conversation.fence, world=world)
            )

    async def release(self, by: str) -> None:
        """Staff give the conversation back; the agent answers again."""
        async with self._order:
            conversation = self.conversation
            if conversation.state != State.STAFF:
                return
            conversation.state, conversation.facts.inbox = State.OPEN, ""
            conversation.notes_to_model = ["Colleagues have handed the conversation back to you."]

            def unit() -> None:
                release_item(fence=conversation.fence, by=by, now=conversation.now())
                if conversation.sandbox:
                    set_world(
                        fence=conversation.fence,
                        world=world_of(conversation.facts, conversation.notes_written),
                    )

            await ledger.write(self.engine, unit)

    # --- a transfer ---------------------------------------------------------------------

    async def leg(self, outcome: str) -> TransferStep | None:
        """Something happened to the ringing destination; what follows."""
        async with self._order:
            if self.conversation.state != State.RINGING:
                return None
            uid: str
            step: TransferStep | None
            uid, step = await ledger.write(self.engine, partial(self._leg, outcome))
            if step is None or not step.final:
                return step
            if uid:
                status = ActionRun.Status.DONE if step.outcome in WELL else ActionRun.Status.FAILED
                self.conversation.ran(uid, outcome=step.outcome, status=status, line=_told_as(step))
            await self._landed(step)
            return step

    def _leg(self, outcome: str) -> tuple[str, TransferStep | None]:
        """The leg's event and, where it is the last, the end of the transfer's run.

        The action's uid comes with it; empty where no action had asked for the transfer.
        """
        transfer = (
            Transfer.objects.select_related("run")
            .filter(conversation_id=self.conversation.id, outcome="")
            .order_by("-started_at")
            .first()
        )
        if transfer is None:
            return "", None
        step = leg_event(transfer_id=transfer.id, outcome=outcome, now=self.conversation.now())
        if step.final and transfer.run_id:
            finish_run(
                fence=self.conversation.fence,
                run_id=transfer.run_id,
                status=ActionRun.Status.DONE if step.outcome in WELL else ActionRun.Status.FAILED,
                outcome=step.outcome,
                line=_logged(step, transfer.plan.get("found", "")),
                facts={"outcome": step.outcome, "to": step.label},
            )
        return str(transfer.run.action_uid) if transfer.run else "", step

    async def _landed(self, step: TransferStep) -> None:
        """The transfer is over: handed off, ended, or back with the agent."""
        if step.outcome in WELL:
            await self._now(**self._over(State.HANDED_OFF, _told_as(step)))
        elif step.next == "fallback_agent":
            self.conversation.state = State.OPEN
            self.conversation.notes_to_model = [f"The transfer came back: {step.outcome}."]
            words = step.words or self.conversation.version.settings.cannot_words
            await self._own_words(words, Turn.Kind.SYSTEM, state=State.OPEN, outcome="")
            return
        else:
            gone = step.outcome == "caller_gone"
            how = "the contact hung up while it rang" if gone else _told_as(step)
            await self._now(**self._over(State.ENDED, how))
            if step.words and not gone:
                await self._own_words(step.words, Turn.Kind.SYSTEM)
        await self._told(await events.closing(self.engine, self.conversation))

    # --- time ---------------------------------------------------------------------------

    async def skip(self, seconds: float) -> None:
        """Let time pass: reminders, silence, and at last the closing of a text thread."""
        async with self._order:
            conversation = self.conversation
            conversation.clock_offset += seconds
            unit = partial(change, fence=conversation.fence, clock_offset=conversation.clock_offset)
            await ledger.write(self.engine, unit)
            # Silence counts in a thread that goes on, and after a call.
            if conversation.over == (conversation.facts.channel is Channel.VOICE):
                await self.silence()

    async def silence(self) -> None:
        """What the time since the last word of the contact leads to."""
        conversation = self.conversation
        conversation.facts.now = conversation.now()
        engaged = not conversation.facts.contact.disengaged
        if await self._remind():
            return
        since = conversation.last_contact_at or conversation.now()
        hours = (conversation.now() - since) / timedelta(hours=1)
        event = Event("silent", attempt=conversation.facts.attempt, silent_hours=hours)
        idle = [
            a for a in conversation.version.actions if a.moment == Moment.IDLE and a.frozen.enabled
        ]
        if idle:
            state = await events.by_event(self.engine, conversation, Moment.IDLE, event)
            await events.finish(state)
            await self._told(state)
        given_up = engaged and conversation.facts.contact.disengaged
        asks = bool(conversation.script) and not given_up
        waits = asks or any(action.frozen.event.to_come(event) for action in idle)
        late = hours >= conversation.version.settings.closes_after_hours
        if (late or given_up) and not waits and not conversation.over:
            await self._now(**self._over(State.ENDED, "closed after silence"))
            await self._told(await events.closing(self.engine, conversation))

    async def _remind(self) -> bool:
        conversation = self.conversation
        action = conversation.version.by_uid.get(conversation.script.get("uid", ""))
        if action is None or conversation.script.get("kind") != "steps":
            return False
        if conversation.facts.contact.disengaged:
            return False
        state = new_turn(self.engine, conversation, Inbound(""), Turn.Kind.SYSTEM)
        move = scripts.reminder(conversation.script, conversation.now())
        if move is None:
            conversation.turn_number -= 1
            return False
        _, state.decisions = eligibility.sort_out(conversation, Turn.Kind.SYSTEM)
        await scripting.apply_move(state, action, conversation.script, move)
        state.notes.append("Reminder after silence.")
        conversation.spoke(state.spoken)
        await ledger.write(
            self.engine, partial(end_turn, fence=conversation.fence, end=state.ending())
        )
        await self._told(state)
        return True


def _logged(step: TransferStep, found: str) -> str:
    """The line of a transfer's run: how it ended, and how its destination was found."""
    return f"{_told_as(step)} ({found})" if found else _told_as(step)


def _told_as(step: TransferStep) -> str:
    """How a transfer ended, for the conversation's outcome and the log."""
    words = {
        "answered": f"transferred to {step.label}",
        "message_taken": f"message taken for {step.label}",
        "caller_gone": "the caller hung up while it rang",
    }
    return words.get(step.outcome, f"nobody answered: {step.outcome.replace('_', ' ')}")
