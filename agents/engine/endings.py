"""Leaving: barrier, closing words, grace window, claim; then the hand-off or the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from actions.base import Channel, Collect, End, HandOff, Target
from actions.effects import AssignInbox, apply_to_facts
from agents.conversations.models import ActionRun, Conversation
from agents.conversations.reasons import Reason
from agents.conversations.services import change, claim_run
from agents.core.waits import wait
from agents.engine import events, ledger, scripts
from agents.engine.ledger import Run
from agents.engine.listening import Message
from agents.engine.reconcile import Firing
from agents.engine.state import Interrupted, TurnState

State = Conversation.State


@dataclass
class Leaving:
    """An ending on its way: its run, its plan, and what is committed with its claim."""

    run: Run
    flow: HandOff | End
    with_it: list[Run] = field(default_factory=list)
    label: str = ""

    @property
    def found(self) -> str:
        """How a destination was found, which the log says from the first ring on."""
        return self.flow.found if isinstance(self.flow, HandOff) else ""

    @property
    def rings(self) -> bool:
        """Whether somebody is rung; else it is over with the claim."""
        return isinstance(self.flow, HandOff) and not self.flow.staff


async def leave(state: TurnState, firing: Firing, message: Message) -> None:
    """Take the conversation to its end; an interruption before the claim cancels it."""
    leaving = await _prepare(state, firing)
    if leaving is None:
        return
    try:
        if isinstance(leaving.flow, HandOff):
            leaving.with_it = await events.hand_off(state, leaving.flow)
        await _close(state, leaving.flow, message)
        await _grace(state)
    except Interrupted:
        await _cancel(state, leaving)
        return
    if not await _claim(state, leaving):
        await _cancel(state, leaving, ActionRun.Status.CANCELLED)


async def give_up(state: TurnState, reason: str, *, back: bool = True) -> bool:
    """Hand over to the agent's fallback destination, if it has one that the channel can reach.

    A call rings it, and comes `back` where nobody answers; a thread goes to the staff of an inbox.
    """
    ref = state.conversation.version.settings.fallback_ref
    call = state.conversation.facts.channel is Channel.VOICE
    if not ref or not (call or ref.startswith("inbox:")):
        return False
    target = Target(ref, state.conversation.content.labels().label(ref))
    then: Literal["agent", "end"] = "agent" if back else "end"
    await fall_back(state, HandOff((target,), fallback=then, reason=reason, staff=not call))
    return True


def end(state: TurnState, how: str) -> None:
    """The conversation is over with this turn."""
    state.conversation.state = State.ENDED
    _now(state, State.ENDED, how)


async def fall_back(state: TurnState, flow: HandOff) -> None:
    """Hand over although no action asked for it: the model failed, or nobody answers now."""
    conversation, engine = state.conversation, state.engine
    given = AssignInbox(flow.targets[0].ref, flow.targets[0].label, flow.reason)
    await state.ensure_written()
    with_it = await events.hand_off(state, flow)

    def unit() -> None:
        for run in with_it:
            claim_run(fence=conversation.fence, run_id=run.row.id)
            ledger.finishing(engine, conversation, run)()
        if flow.staff:
            engine.adapters.apply(conversation, state.row.id, [given])
            _now(state, State.STAFF, f"assigned to {given.label}")
        else:
            label = engine.adapters.start_transfer(conversation, None, flow)
            _now(state, State.RINGING, f"calling {label}")
        change(fence=conversation.fence, **state.changes)

    await ledger.write(engine, unit)
    for run in with_it:
        ledger.settle(engine, conversation, run)
    if flow.staff:
        apply_to_facts(conversation.facts, [given])
    conversation.state = state.changes["state"]


async def _prepare(state: TurnState, firing: Firing) -> Leaving | None:
    """Enter the run and learn what it wants; a refusal is said and the conversation goes on."""
    run = ledger.new_run(state.conversation, state.row.id, firing.action, firing.proposal)
    run.asked = firing.asked
    await state.ensure_written()
    if not await ledger.enter(state.engine, state.conversation, run, running=False):
        state.decide(firing.action, Reason.ALREADY_DONE)
        return None
    state.runs.append(run)
    await ledger.execute(state.engine, state.conversation, run)
    flow = run.outcome.flow if run.outcome else None
    if isinstance(flow, Collect):
        await _collect(state, run, flow)
        return None
    if not isinstance(flow, HandOff | End):
        await ledger.drop(state.engine, state.conversation, run, ActionRun.Status.CANCELLED)
        sentence = run.row.error.get("sentence", "It led nowhere.")
        state.decide(firing.action, Reason.MISSING_DATA, sentence)
        await state.say_sentence(state.conversation.version.settings.cannot_words)
        return None
    return Leaving(run, flow)


async def _collect(state: TurnState, run: Run, flow: Collect) -> None:
    """It wants to know something first: the run is void, the answer will make the next one."""
    await ledger.drop(state.engine, state.conversation, run, ActionRun.Status.CANCELLED)
    state.runs.remove(run)
    state.decide(run.action, Reason.CONFIRMING, "the contact was asked first")
    asked = scripts.collecting(run.action.uid, run.row.arguments, flow, run.asked + 1)
    state.keep_script(asked)
    await state.say_sentence(flow.question)


async def _close(state: TurnState, flow: HandOff | End, message: Message) -> None:
    """The closing: what was already heard of this message, else the configured words."""
    speech = message.speech
    if speech.has_spoken:
        await speech.release()
    elif flow.closing_words:
        speech.drop()
        await state.say_sentence(flow.closing_words)
    else:
        await speech.release()


async def _grace(state: TurnState) -> None:
    """The window in which a barge-in still cancels the ending."""
    if state.conversation.facts.channel is not Channel.VOICE:
        return
    try:
        await asyncio.wait_for(state.stop.wait(), wait("grace"))
    except TimeoutError:
        return
    raise Interrupted


async def _cancel(
    state: TurnState, leaving: Leaving, status: str = ActionRun.Status.INTERRUPTED
) -> None:
    """Nothing has left: the run and what would have left with it are void."""
    for run in [leaving.run, *leaving.with_it]:
        await ledger.drop(state.engine, state.conversation, run, status)
    if status == ActionRun.Status.INTERRUPTED:
        state.decide(leaving.run.action, Reason.INTERRUPTED)


async def _claim(state: TurnState, leaving: Leaving) -> bool:
    """The point of no return: claim, what goes with it, the first ring, in one transaction."""
    conversation, engine = state.conversation, state.engine
    if conversation.paused:
        state.decide(leaving.run.action, Reason.AGENT_PAUSED)
        return False

    def unit() -> bool:
        if not claim_run(fence=conversation.fence, run_id=leaving.run.row.id, line=leaving.found):
            return False
        for run in leaving.with_it:
            claim_run(fence=conversation.fence, run_id=run.row.id)
            ledger.finishing(engine, conversation, run)()
        if isinstance(leaving.flow, HandOff) and leaving.rings:
            leaving.label = engine.adapters.start_transfer(
                conversation, leaving.run.row.id, leaving.flow
            )
            _now(state, State.RINGING, f"calling {leaving.label}")
        elif isinstance(leaving.flow, HandOff):
            ledger.finishing(engine, conversation, leaving.run)()
            _now(state, State.STAFF, f"assigned to {leaving.flow.targets[0].label}")
        else:
            ledger.finishing(engine, conversation, leaving.run)()
            _now(state, State.ENDED, leaving.flow.how)
        change(fence=conversation.fence, **state.changes)
        return True

    if not await ledger.write(engine, unit):
        return False
    for run in leaving.with_it:
        ledger.settle(engine, conversation, run)
    if leaving.rings:
        leaving.run.row.status = ActionRun.Status.RUNNING
    else:
        ledger.settle(engine, conversation, leaving.run)
    conversation.state = state.changes["state"]
    return True


def _now(state: TurnState, now: str, outcome: str) -> None:
    """The conversation's new state: committed with the claim, and once more at the turn's end."""
    state.changes.update(state=now, outcome=outcome)
    if now == State.ENDED:
        state.changes["ended_at"] = state.conversation.now()
