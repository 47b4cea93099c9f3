"""Event turns: hand-off, closing, no answer, silence. One decision per action, no reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from actions.base import Event, HandOff, Moment
from actions.context import Occasion
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.reasons import WOULD_RUN, Reason
from agents.conversations.services import LostLease, end_turn
from agents.core.waits import wait
from agents.engine import eligibility, ledger, performing, prompt
from agents.engine.compiled import CompiledAction
from agents.engine.handler import Handler, TurnKind, take
from agents.engine.judging import Reading
from agents.engine.ledger import Run
from agents.engine.listening import Question, listen
from agents.engine.plan import Firing, Message, Plan, in_list_order
from agents.engine.practice import arguments_by_rule
from agents.engine.reconcile import reconcile, start_judge
from agents.engine.tools import Proposal
from agents.engine.turn import Interrupted, TurnState, new_turn, turn_again
from integrations.llm.types import ModelError

OVERTIME = "The time before the hand-off was over before it had begun."

log = logging.getLogger(__name__)
Status = ActionRun.Status


def sort_out(turn: TurnState, event: str) -> None:
    """Who may run in an event turn, and what is read: the whole conversation."""
    conversation = turn.conversation
    kept = turn.decisions
    turn.eligible, turn.decisions = eligibility.sort_out(conversation, turn.moment)
    turn.decisions.update(kept)
    said = tuple(conversation.facts.said)
    turn.reading = Reading(
        partial(prompt.judged, conversation, ""),
        said[-1] if said else "",
        said[:-1],
        whole=True,
        event=event,
        language=turn.language,
    )


# --- decided by both keys over the whole conversation --------------------------------------------


class WholeConversation(Handler):
    """One chat and one judge request over the whole conversation; unconditional ones by rule."""

    def __init__(self, what: str, limit: float | None = None) -> None:
        self._what, self._limit = what, limit

    async def decide(self, turn: TurnState) -> Plan:
        """Both keys; what has no condition needs the model only for its values."""
        if not turn.eligible:
            return Plan()
        if plan := turn.planned():
            return plan
        asked = [action for action in turn.eligible if not _by_rule(turn, action)]
        plan = await self._asked(turn, asked) if asked else Plan()
        plan.ask, plan.recheck = None, []
        for action in turn.eligible:
            if action.always and not any(f.action is action for f in plan.fire):
                plan.fire += [firing] if (firing := _unasked(turn, action)) else []
        plan.fire = in_list_order(plan.fire)
        turn.keep_plan(plan)
        return plan

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """Everything in list order: nothing leaves any more."""
        return await performing.perform_all(turn, plan.fire)

    async def _asked(self, turn: TurnState, asked: Sequence[CompiledAction]) -> Plan:
        if turn.reading is None:
            return Plan()
        start_judge(turn, [action for action in asked if action.predicates], turn.reading)
        question = Question(prompt.event_message(turn.conversation, self._what), asked, silent=True)
        message = Message(turn.speech())
        try:
            async with asyncio.timeout(self._limit):
                message = await listen(turn, question)
        except TimeoutError:
            turn.notes.append("The model did not answer in time.")
        except ModelError as error:
            turn.notes.append(error.sentence)
        await turn.judgement.wait()
        return await reconcile(turn, message, asked)


def _by_rule(turn: TurnState, action: CompiledAction) -> bool:
    """No condition and nothing to be asked for: no model is needed."""
    no_values = action.arguments is None or not action.arguments.model_fields
    return action.always and (no_values or turn.conversation.practice)


def _unasked(turn: TurnState, action: CompiledAction) -> Firing | None:
    values = arguments_by_rule(action, turn.reading, {}) if turn.reading else None
    if values is None or action.arguments is None:
        turn.decide(action, Reason.CONDITION_NOT_MET, "nothing to do")
        return None
    turn.decide(action, Reason.FIRED_BY_RULE, "it has no condition")
    args = action.arguments.model_validate(values)
    return Firing(action, Proposal(action.uid, "", action.tool_name, "", args))


class Closing(TurnKind):
    """The conversation is over: one request over the whole of it."""

    name, moment = Turn.Kind.CLOSING, Moment.AFTER_END

    async def admit(self, turn: TurnState) -> Handler:
        """Who may run after the end; a closing that fails is not begun again."""
        turn.conversation.memory.closed = True
        sort_out(turn, "ended")
        return WholeConversation("The conversation is over.")


# --- decided by the event alone ------------------------------------------------------------------


class ByEvent(Handler):
    """No model: the event condition of the form decides."""

    def __init__(self, event: Event) -> None:
        self._event = event

    async def decide(self, turn: TurnState) -> Plan:
        """Whose event it is."""
        plan = Plan()
        for action in turn.eligible:
            firing = performing.event_firing(action, self._event)
            if firing is None:
                note = f"the event was: {self._event.kind}"
                turn.decide(action, Reason.CONDITION_NOT_MET, note)
                continue
            turn.decide(action, Reason.FIRED_BY_RULE, self._event.kind.replace("_", " "))
            plan.fire.append(firing)
        turn.row.progress = {**turn.row.progress, "event": asdict(self._event)}
        return plan

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """In list order, the ending last; of several endings the first one wins."""
        runs = await performing.perform_all(turn, plan.others)
        performing.only_first(turn, plan.endings)
        runs += await performing.perform_all(turn, plan.endings[:1])
        conversation = turn.conversation
        if conversation.facts.inbox and not conversation.over:
            turn.changes["state"] = conversation.state = Conversation.State.STAFF
        return runs


class Silence(TurnKind):
    """The contact is silent."""

    name, moment = Turn.Kind.IDLE, Moment.IDLE

    def __init__(self, event: Event) -> None:
        self._event = event

    async def admit(self, turn: TurnState) -> Handler:
        """Who may run in silence."""
        sort_out(turn, "")
        return ByEvent(self._event)


class NoAnswer(TurnKind):
    """Nobody picked up, or a machine: what is to be done then, and the call is over."""

    name, moment = Turn.Kind.NO_ANSWER, Moment.NO_ANSWER

    def __init__(self, event: Event) -> None:
        self._event = event

    async def admit(self, turn: TurnState) -> Handler:
        """Who may run when nobody answers; the call is over with it, however the turn ends."""
        conversation = turn.conversation
        conversation.memory.closed = True
        conversation.state = Conversation.State.ENDED
        outcome = self._event.kind.replace("_", " ")
        turn.changes.update(state=conversation.state, outcome=outcome, ended_at=conversation.now())
        sort_out(turn, "no_answer")
        return ByEvent(self._event)

    async def settle(self, turn: TurnState) -> None:
        """What was left on the machine."""
        for run in turn.runs:
            if words := getattr(run.flow, "closing_words", ""):
                turn.notes.append(f"Said: {words}")


# --- the hand-off --------------------------------------------------------------------------------


class HandingOver(WholeConversation):
    """What belongs to the hand-off is executed, and written with its claim or not at all."""

    def __init__(self, flow: HandOff) -> None:
        # A hand-off waits for nobody: what has no condition then takes its values by rule.
        what = f"The conversation is being handed over: {flow.reason or 'transfer'}."
        super().__init__(what, wait("summary"))
        self.with_it: list[Run] = []

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """Run the others, hold back what goes with the hand-off."""
        runs: list[Run] = []
        for firing in plan.fire:
            if firing.action.kind and firing.action.kind.with_handoff:
                run = await _hold_back(turn, firing)
                self.with_it += [run] if run else []
            else:
                run = await performing.perform(turn, firing)
            runs += [run] if run else []
        return runs


class HandOffTurn(TurnKind):
    """A hand-off has been decided, nothing has left yet."""

    name, moment = Turn.Kind.HANDOFF, Moment.BEFORE_HANDOFF

    def __init__(self, handler: HandingOver) -> None:
        self._handler = handler

    async def admit(self, turn: TurnState) -> Handler:
        """A ticket's summary starts together with the event turn's model."""
        sort_out(turn, "handoff")
        _foresee(turn)
        return self._handler


async def hand_off(parent: TurnState, flow: HandOff) -> tuple[TurnState, list[Run]]:
    """The hand-off's turn, within the barrier's time; its end is written with the claim.

    Returns it with the runs whose effects are committed with the claim, or not at all.
    """
    parent.keep_words()
    handler = HandingOver(flow)
    turn = await _begin(parent)
    work = asyncio.ensure_future(_guarded(turn, HandOffTurn(handler)))
    stopped = asyncio.ensure_future(parent.stop.wait())
    await asyncio.wait(
        {work, stopped}, timeout=wait("barrier"), return_when=asyncio.FIRST_COMPLETED
    )
    stopped.cancel()
    if not work.done():
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        if turn.acting:
            await asyncio.wait({turn.acting})
        _cut_short(turn, handler.with_it, interrupted=parent.stop.is_set())
    elif (error := work.exception()) is not None:
        raise error
    turn.judgement.cancel()
    for begun in turn.conversation.ahead.values():
        begun.cancel()
    turn.conversation.ahead.clear()
    if parent.stop.is_set():
        await undo(turn, handler.with_it)
        raise Interrupted
    return turn, handler.with_it


async def _guarded(turn: TurnState, kind: HandOffTurn) -> None:
    """What fails here does not keep the caller from the colleague."""
    try:
        await take(turn, kind)
    except LostLease:
        raise
    except Exception as error:
        log.exception("A hand-off's turn failed")
        turn.cause = str(error)[:200]
        turn.notes.append("What was to be done before the hand-off failed.")
        performing.give_up(turn)


async def _begin(parent: TurnState) -> TurnState:
    """The hand-off's turn; after a crash the one that had begun."""
    conversation, engine = parent.conversation, parent.engine
    for row in conversation.unfinished:
        if row.kind == Turn.Kind.HANDOFF and row.number > parent.row.number:
            conversation.unfinished.remove(row)
            runs = await ledger.write(engine, partial(ledger.runs_of, row.id))
            return turn_again(engine, conversation, row, runs, Moment.BEFORE_HANDOFF)
    moment = Moment.BEFORE_HANDOFF
    return new_turn(engine, conversation, Turn.Kind.HANDOFF, moment=moment)


async def undo(
    turn: TurnState, with_it: Sequence[Run], status: str = Status.INTERRUPTED, cause: str = ""
) -> None:
    """Nothing has left: what would have gone with it is void, and the turn ends."""
    for run in with_it:
        await ledger.drop(turn.engine, turn.conversation, run, status, outcome=cause)
    end = partial(end_turn, fence=turn.conversation.fence, end=turn.ending())
    await ledger.write(turn.engine, end)
    turn.close()


def _cut_short(turn: TurnState, with_it: list[Run], *, interrupted: bool) -> None:
    """Who has not begun when the barrier ends runs no more; what runs comes to its own end."""
    begun = {run.action.uid for run in with_it}
    for action in turn.eligible:
        entry = turn.decisions.get(action.uid)
        idle = action.uid not in begun and not turn.has_run(action)
        if entry is None or (entry["code"] in WOULD_RUN and idle):
            code, why = (Reason.INTERRUPTED, "") if interrupted else (Reason.TIME_LIMIT, OVERTIME)
            turn.decide(action, code, why)
    turn.notes.append("Not every action had finished when the time before the hand-off was over.")


def _foresee(turn: TurnState) -> None:
    for action in turn.eligible:
        if action.kind and action.kind.with_handoff:
            occasion = Occasion(moment=action.moment)
            context, _ = turn.engine.adapters.context(turn.conversation, action.names, occasion)
            action.kind.foresee(context, action.config)


async def _hold_back(turn: TurnState, firing: Firing) -> Run | None:
    """Execute a run whose effects wait for the claim of the hand-off."""
    earlier = turn.earlier.pop(firing.key, None)
    if earlier is None:
        run = ledger.new_run(turn.conversation, turn.row, firing.action, firing.proposal)
        if not await turn.enter(run, Status.PROPOSED):
            turn.decide(firing.action, Reason.ALREADY_DONE)
            return None
    else:
        run = Run(firing.action, firing.proposal, earlier)
        turn.runs.append(run)
    try:
        await ledger.execute(turn.engine, turn.conversation, run)
    except asyncio.CancelledError:
        void = Status.CANCELLED
        await ledger.drop(turn.engine, turn.conversation, run, void, outcome="overtime")
        raise
    return run
