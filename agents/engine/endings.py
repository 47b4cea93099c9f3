"""Leaving: barrier, closing words, grace window, claim; then the hand-off or the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from actions.base import Channel, Collect, End, HandOff, Target
from actions.effects import AssignInbox, apply_to_facts
from agents.conversations.models import ActionRun, Conversation
from agents.conversations.reasons import Reason
from agents.conversations.services import TurnEnd, claim_run, end_turn, open_item
from agents.core.waits import wait
from agents.engine import events, ledger, questions
from agents.engine.ledger import Run
from agents.engine.memory import Memory
from agents.engine.plan import Firing, Leaving, Message
from agents.engine.turn import Interrupted, TurnState

State = Conversation.State
Status = ActionRun.Status


@dataclass
class HandedOver:
    """The hand-off's own turn and the runs that are committed with the claim."""

    turn: TurnState | None = None
    runs: Sequence[Run] = ()


async def leave(turn: TurnState, leaving: Leaving) -> None:
    """Take the conversation to its end; an interruption before the claim cancels it."""
    run, over = await _prepare(turn, leaving), HandedOver()
    flow = run.flow if run else None
    if run is None or not isinstance(flow, HandOff | End):
        return
    try:
        if isinstance(flow, HandOff):
            over = HandedOver(*await events.hand_off(turn, flow))
        await _close(turn, flow, leaving.message)
        await _grace(turn)
    except Interrupted:
        turn.decide(run.action, Reason.INTERRUPTED)
        await _cancel(turn, run, over, Status.INTERRUPTED)
        return
    if turn.conversation.paused:
        turn.decide(run.action, Reason.AGENT_PAUSED)
        await _cancel(turn, run, over, Status.CANCELLED, "paused")
        return
    await _claim(turn, run, flow, over)


# --- without an action --------------------------------------------------------------------------


def fallback(turn: TurnState, reason: str, *, back: bool = True) -> HandOff | None:
    """The agent's fallback destination, if it has one that the channel can reach.

    A call rings it, and comes `back` where nobody answers; a thread goes to the staff of an inbox.
    """
    ref = turn.conversation.version.settings.fallback_ref
    call = turn.conversation.facts.channel is Channel.VOICE
    if not ref or not (call or ref.startswith("inbox:")):
        return None
    target = Target(ref, turn.conversation.content.labels().label(ref))
    then: Literal["agent", "end"] = "agent" if back else "end"
    return HandOff((target,), fallback=then, reason=reason, staff=not call)


def sorry(turn: TurnState) -> str:
    """The fallback words; a language's own promise a colleague only where one will come."""
    words: str = turn.conversation.version.settings.fallback_words
    alone = turn.hand_over is None and words == turn.language.say("fallback")
    return turn.language.say("try_later") if alone else words


def tell_staff(turn: TurnState, note: str) -> None:
    """An item for all staff, written with the turn's end."""
    turn.notes.append(f"For staff: {note}")
    conversation = turn.conversation
    if not conversation.sandbox:
        now = conversation.now()
        item = partial(
            open_item, conversation_id=conversation.id, inbox_id=None, note=note, now=now
        )
        turn.apply.append(item)


def end(turn: TurnState, how: str) -> None:
    """The conversation is over with this turn."""
    turn.conversation.state = State.ENDED
    turn.changes.update(_changes(turn, State.ENDED, how))


async def hand_over(turn: TurnState, flow: HandOff) -> None:
    """Hand over although no action asked for it: the model failed, or nobody answers now."""
    over = HandedOver(*await events.hand_off(turn, flow))
    await _claim(turn, None, flow, over)


# --- the steps of leaving -----------------------------------------------------------------------


async def _prepare(turn: TurnState, leaving: Leaving) -> Run | None:
    """Enter the run and learn what it wants; a refusal is said and the conversation goes on."""
    if turn.interrupted:
        raise Interrupted
    run = await _entered(turn, leaving)
    if run is None:
        turn.decide(leaving.firing.action, Reason.ALREADY_DONE)
        return None
    await ledger.execute(turn.engine, turn.conversation, run)
    if isinstance(run.flow, Collect):
        await _ask_first(turn, run, run.flow)
    elif not isinstance(run.flow, HandOff | End):
        values = {key: value for key, value in ledger.result(run).items() if key != "status"}
        await ledger.drop(turn.engine, turn.conversation, run, Status.CANCELLED, **values)
        sentence = run.row.error.get("sentence", "It had nothing to do.")
        turn.decide(leaving.firing.action, Reason.MISSING_DATA, sentence)
        await turn.say_sentence(turn.conversation.version.settings.cannot_words)
    else:
        return run
    return None


async def _entered(turn: TurnState, leaving: Leaving) -> Run | None:
    """The proposed run: a new one, the one that had asked, or the one from before a crash."""
    firing, run = leaving.firing, leaving.run
    if run is not None:
        return run if await _answered(turn, run, firing) else None
    if earlier := turn.earlier.pop(firing.key, None):
        earlier.turn = turn.row
        run = Run(firing.action, firing.proposal, earlier)
        turn.runs.append(run)
        return run
    run = ledger.new_run(turn.conversation, turn.row, firing.action, firing.proposal)
    return run if await turn.enter(run, Status.PROPOSED) else None


async def _answered(turn: TurnState, run: Run, firing: Firing) -> bool:
    await turn.ensure_written()
    run.proposal, run.row.turn = firing.proposal, turn.row
    args = firing.proposal.args
    run.row.arguments = args.model_dump(mode="json") if args else {}
    turn.runs.append(run)
    if run.row.status == Status.PROPOSED:
        return True
    return await ledger.answer(turn.engine, turn.conversation, run, Status.PROPOSED)


async def _ask_first(turn: TurnState, run: Run, flow: Collect) -> None:
    """It wants to know something first: the answer goes into the same run."""
    values = ledger.result(run)
    status = values.pop("status")
    await ledger.drop(turn.engine, turn.conversation, run, status, **values)
    turn.decide(run.action, Reason.CONFIRMING, "the contact was asked first")
    await questions.replace(turn, questions.asking(run, run.asked + 1))
    await turn.say_sentence(flow.question)


async def _close(turn: TurnState, flow: HandOff | End, message: Message) -> None:
    """The closing: what was already heard of this message, else the configured words."""
    speech = message.speech
    if not speech.has_spoken and flow.closing_words:
        speech.drop()
        await turn.say_sentence(flow.closing_words)
    else:
        await speech.release()


async def _grace(turn: TurnState) -> None:
    """The window in which a barge-in still cancels the ending."""
    if turn.conversation.facts.channel is not Channel.VOICE:
        return
    try:
        await asyncio.wait_for(turn.stop.wait(), wait("grace"))
    except TimeoutError:
        return
    raise Interrupted


async def _cancel(
    turn: TurnState, run: Run, over: HandedOver, status: str, cause: str = ""
) -> None:
    """Nothing has left: the run and what would have left with it are void."""
    await ledger.drop(turn.engine, turn.conversation, run, status, outcome=cause)
    if over.turn:
        await events.undo(over.turn, over.runs, status, cause)


async def _claim(turn: TurnState, run: Run | None, flow: HandOff | End, over: HandedOver) -> None:
    """The point of no return: the claim, what goes with it, the first ring and the turn's end.

    All in one transaction: a crash finds either nothing of it or all.
    """
    engine, conversation = turn.engine, turn.conversation
    turn.keep_words()
    rings = isinstance(flow, HandOff) and not flow.staff
    memory = conversation.memory.copy()
    finished = [*over.runs, *([run] if run and not rings else [])]
    for one in finished:
        ledger.note(memory, one, conversation.facts.turn)
    handed = over.turn.ending(memory) if over.turn else None
    landing = partial(_land, turn, run, flow)

    def unit() -> dict[str, Any] | None:
        return _written(turn, run, over, handed, memory, landing)

    changes = await ledger.write(engine, unit)
    if changes is None:
        if run:
            await _cancel(turn, run, over, Status.CANCELLED)
        return
    conversation.remember(memory)
    for one in finished:
        ledger.settled(engine, conversation, one)
    if run and rings:
        run.row.status = Status.RUNNING
    if isinstance(flow, HandOff) and flow.staff and run is None:
        apply_to_facts(conversation.facts, [_given(flow)])
    turn.changes.update(changes)
    conversation.state = changes["state"]
    if over.turn:
        over.turn.close()
    turn.close()


def _written(
    turn: TurnState,
    run: Run | None,
    over: HandedOver,
    handed: TurnEnd | None,
    memory: Memory,
    landing: Callable[[], dict[str, Any]],
) -> dict[str, Any] | None:
    """The claim's transaction; None: the run may not leave."""
    conversation = turn.conversation
    found = getattr(run.flow, "found", "") if run else ""
    if run and not claim_run(fence=conversation.fence, run_id=run.row.id, line=found):
        return None
    for one in over.runs:
        claim_run(fence=conversation.fence, run_id=one.row.id)
        ledger.finishing(turn.engine, conversation, one)()
    changes = landing()
    if handed:
        end_turn(fence=conversation.fence, end=handed)
    ended = turn.ending(memory)
    left = [one for one in ended.left if run is None or one.id != run.row.id]
    end_turn(fence=conversation.fence, end=_with(ended, changes, left))
    return changes


def _with(ended: TurnEnd, changes: dict[str, Any], left: list[Any]) -> TurnEnd:
    return replace(ended, changes={**ended.changes, **changes}, left=left)


def _land(turn: TurnState, run: Run | None, flow: HandOff | End) -> dict[str, Any]:
    """Where the conversation goes, as changes of its row."""
    conversation, adapters = turn.conversation, turn.engine.adapters
    if isinstance(flow, End):
        if run:
            ledger.finishing(turn.engine, conversation, run)()
        return _changes(turn, State.ENDED, flow.how)
    if not flow.staff:
        label = adapters.start_transfer(conversation, run.row.id if run else None, flow)
        return _changes(turn, State.RINGING, f"calling {label}")
    if run:
        ledger.finishing(turn.engine, conversation, run)()
    else:
        adapters.apply(conversation, turn.row.id, [_given(flow)])
    return _changes(turn, State.STAFF, f"assigned to {flow.targets[0].label}")


def _given(flow: HandOff) -> AssignInbox:
    return AssignInbox(flow.targets[0].ref, flow.targets[0].label, flow.reason)


def _changes(turn: TurnState, state: str, outcome: str) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": state, "outcome": outcome}
    if state == State.ENDED:
        changes["ended_at"] = turn.conversation.now()
    return changes
