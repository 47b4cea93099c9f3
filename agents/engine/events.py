"""Event turns: hand-off, closing, no answer, silence. One decision per action, no reply."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from actions.base import Event, HandOff, Moment
from actions.context import Occasion
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.reasons import WOULD_RUN, Reason
from agents.conversations.services import end_turn
from agents.core.waits import wait
from agents.engine import eligibility, ledger, prompt
from agents.engine.adapters import Engine
from agents.engine.compiled import CompiledAction
from agents.engine.conversation import ConversationState
from agents.engine.judging import Reading
from agents.engine.ledger import Run
from agents.engine.listening import Message, Question, listen
from agents.engine.practice import arguments_by_rule
from agents.engine.reconcile import Firing, reconcile, start_judge
from agents.engine.state import Inbound, Interrupted, TurnState, new_turn
from agents.engine.tools import Proposal
from integrations.llm.types import ModelError

KINDS = {
    Moment.BEFORE_HANDOFF: Turn.Kind.HANDOFF,
    Moment.AFTER_END: Turn.Kind.CLOSING,
    Moment.NO_ANSWER: Turn.Kind.NO_ANSWER,
    Moment.IDLE: Turn.Kind.IDLE,
}

EVENTS = {
    Moment.BEFORE_HANDOFF: "handoff",
    Moment.AFTER_END: "ended",
    Moment.NO_ANSWER: "no_answer",
}


def begin(engine: Engine, conversation: ConversationState, moment: Moment) -> TurnState:
    """An event turn, sorted out: who may run, and why the others may not."""
    state = new_turn(engine, conversation, Inbound(""), KINDS[moment])
    state.moment = moment
    state.eligible, state.decisions = eligibility.sort_out(conversation, moment)
    said = tuple(conversation.facts.said)
    state.reading = Reading(
        prompt.judged(conversation, ""),
        said[-1] if said else "",
        said[:-1],
        whole=True,
        event=EVENTS.get(moment, ""),
    )
    return state


async def hand_off(parent: TurnState, flow: HandOff) -> list[Run]:
    """The hand-off's turn, within the barrier's time.

    Returns the runs whose effects are committed with the claim of the hand-off, or not at all.
    """
    parent.keep_words()
    state = begin(parent.engine, parent.conversation, Moment.BEFORE_HANDOFF)
    if not state.eligible:
        await finish(state)
        return []
    with_it: list[Run] = []
    work = asyncio.ensure_future(_hand_off_work(state, flow, with_it))
    stopped = asyncio.ensure_future(parent.stop.wait())
    await asyncio.wait(
        {work, stopped}, timeout=wait("barrier"), return_when=asyncio.FIRST_COMPLETED
    )
    stopped.cancel()
    if work.done():
        work.result()
    else:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        _cut_short(state, with_it, interrupted=parent.stop.is_set())
    _forget_foreseen(state)
    await finish(state)
    if parent.stop.is_set():
        for run in with_it:
            await ledger.drop(state.engine, state.conversation, run, "interrupted")
        raise Interrupted
    return with_it


def _cut_short(state: TurnState, with_it: list[Run], *, interrupted: bool) -> None:
    """Who has not begun when the barrier ends runs no more; what runs comes to its own end."""
    begun = {run.action.uid for run in with_it}
    for action in state.eligible:
        entry = state.decisions.get(action.uid)
        idle = action.uid not in begun and not state.has_run(action)
        if entry is None or (entry["code"] in WOULD_RUN and idle):
            state.decide(action, Reason.INTERRUPTED if interrupted else Reason.TIME_LIMIT)
    state.notes.append("The barrier's time was over before every action had finished.")


async def _hand_off_work(state: TurnState, flow: HandOff, with_it: list[Run]) -> None:
    what = f"The conversation is being handed over: {flow.reason or 'transfer'}."
    _foresee(state)
    firings = await decide(state, what)
    for firing in firings:
        if firing.action.kind and firing.action.kind.with_handoff:
            run = await _hold_back(state, firing)
            with_it += [run] if run else []
        else:
            await perform(state, firing)


def _foresee(state: TurnState) -> None:
    """A ticket's summary starts together with the event turn's model."""
    for action in state.eligible:
        if action.kind and action.kind.with_handoff:
            occasion = Occasion(moment=action.moment)
            context, _ = state.engine.adapters.context(state.conversation, action.names, occasion)
            action.kind.foresee(context, action.config)


def _forget_foreseen(state: TurnState) -> None:
    """What nobody fetched is of no use any more."""
    for begun in state.conversation.ahead.values():
        begun.cancel()
    state.conversation.ahead.clear()


async def _hold_back(state: TurnState, firing: Firing) -> Run | None:
    """Execute a run whose effects wait for the claim of the hand-off."""
    run = ledger.new_run(state.conversation, state.row.id, firing.action, firing.proposal)
    await state.ensure_written()
    if not await ledger.enter(state.engine, state.conversation, run, running=False):
        state.decide(firing.action, Reason.ALREADY_DONE)
        return None
    try:
        await ledger.execute(state.engine, state.conversation, run)
    except asyncio.CancelledError:
        await ledger.drop(state.engine, state.conversation, run, ActionRun.Status.CANCELLED)
        raise
    return run


async def closing(engine: Engine, conversation: ConversationState) -> TurnState:
    """The conversation is over: one request over the whole of it."""
    state = begin(engine, conversation, Moment.AFTER_END)
    if state.eligible:
        for firing in await decide(state, "The conversation is over."):
            await perform(state, firing)
    await finish(state)
    return state


async def by_event(
    engine: Engine, conversation: ConversationState, moment: Moment, event: Event
) -> TurnState:
    """No answer, or silence: no model; the event condition of the form decides."""
    state = begin(engine, conversation, moment)
    firings = []
    for action in state.eligible:
        firing = event_firing(state, action, event)
        if firing is None:
            state.decide(action, Reason.CONDITION_NOT_MET, f"the event was: {event.kind}")
            continue
        state.decide(action, Reason.FIRED_BY_RULE, event.kind.replace("_", " "))
        firings.append(firing)
    await _perform_in_order(state, firings)
    return state


async def _perform_in_order(state: TurnState, firings: Sequence[Firing]) -> None:
    """In list order, the ending last; of several endings the first one wins."""
    endings = [firing for firing in firings if firing.action.kind and firing.action.kind.ends]
    for firing in firings:
        if firing not in endings:
            await perform(state, firing)
    for firing in endings[1:]:
        state.decide(firing.action, Reason.CONVERSATION_OVER, "another ending came first")
    for firing in endings[:1]:
        await perform(state, firing)
    if state.conversation.facts.inbox and not state.conversation.over:
        state.changes["state"] = state.conversation.state = Conversation.State.STAFF


def event_firing(state: TurnState, action: CompiledAction, event: Event) -> Firing | None:
    """The action with the values its settings bind to this event."""
    if action.kind is None or action.arguments is None:
        return None
    if not eligibility.fires_on(action, event):
        return None
    values = action.kind.event_arguments(action.config, action.names, event)
    if values is None:
        return None
    args = action.arguments.model_validate(values)
    return Firing(action, Proposal(action.uid, "", action.tool_name, "", args))


async def decide(state: TurnState, what: str) -> list[Firing]:
    """One chat and one judge request over the whole conversation; unconditional ones by rule."""
    asked = [action for action in state.eligible if not _by_rule(state, action)]
    firings = [f for a in state.eligible if _by_rule(state, a) and (f := _unasked(state, a))]
    if asked:
        firings += await _asked(state, asked, what)
    return sorted(firings, key=lambda firing: firing.action.index)


def _by_rule(state: TurnState, action: CompiledAction) -> bool:
    """No condition and nothing to be asked for: no model is needed."""
    no_values = action.arguments is None or not action.arguments.model_fields
    return action.always and (no_values or state.conversation.practice)


def _unasked(state: TurnState, action: CompiledAction) -> Firing | None:
    values = arguments_by_rule(action, state.reading, {}) if state.reading else None
    if values is None or action.arguments is None:
        state.decide(action, Reason.CONDITION_NOT_MET, "nothing to do")
        return None
    state.decide(action, Reason.FIRED_BY_RULE, "it has no condition")
    args = action.arguments.model_validate(values)
    return Firing(action, Proposal(action.uid, "", action.tool_name, "", args))


async def _asked(state: TurnState, asked: Sequence[CompiledAction], what: str) -> list[Firing]:
    if state.reading is None:
        return []
    start_judge(state, [action for action in asked if action.predicates], state.reading)
    question = Question(prompt.event_message(state.conversation, what), asked, silent=True)
    # A hand-off waits for nobody: what has no condition then takes its values by rule.
    limit = wait("summary") if state.moment == Moment.BEFORE_HANDOFF else None
    try:
        async with asyncio.timeout(limit):
            message = await listen(state, question)
    except TimeoutError:
        state.notes.append("The model did not answer in time.")
        message = Message(state.speech())
    except ModelError as error:
        state.notes.append(error.sentence)
        message = Message(state.speech())
    if state.judge:
        await asyncio.wait({state.judge}, timeout=wait("judge"))
    return await _turn_keys(state, asked, message)


async def _turn_keys(
    state: TurnState, asked: Sequence[CompiledAction], message: Message
) -> list[Firing]:
    """Both keys; an unconditional action needs the model only for its values."""
    everyone, state.eligible = state.eligible, list(asked)
    plan = await reconcile(state, message)
    state.eligible = everyone
    firings = list(plan.fire)
    for action in asked:
        if action.always and not any(f.action is action for f in firings):
            state.decisions.pop(action.uid, None)
            firings += [f] if (f := _unasked(state, action)) else []
    return firings


async def perform(state: TurnState, firing: Firing) -> Run | None:
    """One run of an event turn."""
    if state.full:
        state.decide(firing.action, Reason.TIME_LIMIT, "the limit of actions was reached")
        return None
    run = ledger.new_run(state.conversation, state.row.id, firing.action, firing.proposal)
    if not await state.act(run):
        state.decide(firing.action, Reason.ALREADY_DONE)
        return None
    return run


async def finish(state: TurnState) -> None:
    """Write the event turn's end."""
    if state.judge and not state.judge.done():
        state.judge.cancel()
    unit = partial(end_turn, fence=state.conversation.fence, end=state.ending())
    await ledger.write(state.engine, unit)
