"""Running what was decided: order, limits, chains; after a crash what is done is not done again."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any
from uuid import UUID

from actions.base import Ask, Event, Outcome
from actions.flow import stored_flow
from agents.conversations.models import ActionRun
from agents.conversations.reasons import Reason
from agents.engine import eligibility, ledger, limits
from agents.engine.compiled import CompiledAction
from agents.engine.ledger import Run
from agents.engine.plan import Firing
from agents.engine.reconcile import by_judge_alone
from agents.engine.tools import Proposal
from agents.engine.turn import TurnState

Status = ActionRun.Status
FULL = (
    f"At most {limits.ACTIONS_A_TURN} actions run in a turn "
    f"and {limits.ACTIONS_A_CONVERSATION} in a conversation."
)


def nobody(turn: TurnState) -> None:
    """A turn to which no action belongs."""
    _, turn.decisions = eligibility.sort_out(turn.conversation, turn.row.kind)


async def perform_all(turn: TurnState, firings: Sequence[Firing]) -> list[Run]:
    """Run the fired actions in list order; each may open or close the next one's *only if*."""
    made: list[Run] = []
    for firing in firings:
        run = await perform(turn, firing)
        made += [run] if run else []
    return made


async def perform(turn: TurnState, firing: Firing) -> Run | None:
    """Run one fired action, or say in its decision why not after all."""
    conversation, action = turn.conversation, firing.action
    if earlier := turn.earlier.pop(firing.key, None):
        return await again(turn, action, earlier)
    if turn.interrupted:
        turn.decide(action, Reason.INTERRUPTED)
        return None
    if turn.full:
        turn.decide(action, Reason.TIME_LIMIT, FULL)
        return None
    why = eligibility.why_out(action, conversation, turn.moment)
    if why and not _repeats(turn, firing):
        turn.decisions[action.uid] = why
        return None
    run = ledger.new_run(conversation, turn.row, action, firing.proposal)
    if not await shielded(turn, _enter_and_perform(turn, run)):
        turn.decide(action, Reason.ALREADY_DONE)
        return None
    _with_evidence(turn, run)
    return run


async def shielded(turn: TurnState, work: Coroutine[Any, Any, bool]) -> bool:
    """What runs is never cancelled: who waits for it may go, it comes to its end."""
    turn.acting = asyncio.ensure_future(work)
    return await asyncio.shield(turn.acting)


async def _enter_and_perform(turn: TurnState, run: Run) -> bool:
    if not await turn.enter(run, Status.RUNNING):
        return False
    turn.conversation.memory.runs += 1
    await ledger.perform(turn.engine, turn.conversation, run)
    return True


async def again(turn: TurnState, action: CompiledAction, row: ActionRun) -> Run | None:
    """A run that a crash left: what is done counts, what was running is executed once more.

    What ran wrote nothing before its end was committed, so executing it again does it once.
    """
    row.turn = turn.row
    run = ledger.restored(turn.conversation, action, row)
    if row.status not in (Status.RUNNING, Status.DONE, Status.FAILED, Status.ASKED):
        return None
    turn.runs.append(run)
    if row.status == Status.RUNNING:
        run.outcome = None
        await shielded(turn, _perform(turn, run))
    return run


async def _perform(turn: TurnState, run: Run) -> bool:
    await ledger.perform(turn.engine, turn.conversation, run)
    return True


def give_up(turn: TurnState) -> None:
    """The turn failed: a run that it was in ends with it, or its occasion would stay used up."""
    for run in turn.runs:
        if run.row.status == Status.RUNNING:
            ledger.fail(turn.engine, turn.conversation, run, turn.apply)


async def leftovers(turn: TurnState) -> None:
    """Runs of before a crash that the turn has not come to: running ones end, others are void."""
    for row in list(turn.earlier.values()):
        action = turn.conversation.version.by_uid.get(str(row.action_uid))
        leaves = action is not None and action.kind is not None and action.kind.ends
        if action is None or (leaves and row.status == Status.RUNNING):
            continue  # whoever rings ends it
        if row.status == Status.RUNNING and turn.cause:
            run = Run(action, _proposal(action, row), row)
            ledger.fail(turn.engine, turn.conversation, run, turn.apply)
        elif row.status == Status.RUNNING:
            await again(turn, action, row)
        elif row.status == Status.PROPOSED:
            void = Run(action, Proposal(action.uid, row.call_id, "", "", None), row)
            await ledger.drop(turn.engine, turn.conversation, void, Status.INTERRUPTED)
        elif row.status in (Status.DONE, Status.FAILED):
            await again(turn, action, row)
    turn.earlier = {}


def _repeats(turn: TurnState, firing: Firing) -> bool:
    """A further run of the same action in this turn, where the type allows it."""
    kind = firing.action.kind
    many = kind is not None and kind.repeats(firing.proposal.args)
    return many and any(run.action is firing.action for run in turn.runs)


def _with_evidence(turn: TurnState, run: Run) -> None:
    """Complete the decision of what ran with its evidence."""
    entry = turn.decisions.get(run.action.uid)
    if entry and not entry.get("evidence"):
        entry["evidence"] = turn.inbound.text[:160]


# --- the contact is asked first -----------------------------------------------------------------


async def ask_first(turn: TurnState, firing: Firing, question: str) -> Run | None:
    """Enter a run that waits for the contact's yes."""
    if earlier := turn.earlier.pop(firing.key, None):
        return await again(turn, firing.action, earlier)
    run = ledger.new_run(turn.conversation, turn.row, firing.action, firing.proposal)
    flow = Ask(question)
    run.row.flow, run.row.line = stored_flow(flow), f"Asked: {question}"
    run.outcome = Outcome(run.row.line, flow=flow)
    return run if await turn.enter(run, Status.ASKED) else None


async def asked_run(turn: TurnState, action: CompiledAction, run_id: str) -> Run | None:
    """The run that had asked the contact; None where it is no more."""
    for key, row in turn.earlier.items():
        if str(row.id) == run_id:
            return Run(action, _proposal(action, row), turn.earlier.pop(key))

    def unit() -> ActionRun | None:
        return ActionRun.objects.filter(id=UUID(run_id)).first()

    row_ = await ledger.write(turn.engine, unit)
    return Run(action, _proposal(action, row_), row_) if row_ else None


def _proposal(action: CompiledAction, row: ActionRun) -> Proposal:
    args = action.arguments.model_validate(row.arguments) if action.arguments else None
    return Proposal(action.uid, row.call_id, action.tool_name, "", args)


async def answered(turn: TurnState, run: Run, firing: Firing) -> Run | None:
    """Execute a run again with the contact's answer; None: it may not run any more."""
    run.proposal, run.row.turn = firing.proposal, turn.row
    args = firing.proposal.args
    run.row.arguments = args.model_dump(mode="json") if args else {}
    return turn.runs[-1] if await shielded(turn, _answer_and_perform(turn, run)) else None


async def _answer_and_perform(turn: TurnState, run: Run) -> bool:
    await turn.ensure_written()
    turn.runs.append(run)
    if run.row.status in (Status.DONE, Status.FAILED):
        turn.runs[-1] = ledger.restored(turn.conversation, run.action, run.row)
        return True
    if run.row.status == Status.ASKED and not await ledger.answer(
        turn.engine, turn.conversation, run, Status.RUNNING
    ):
        turn.runs.remove(run)
        return False
    turn.conversation.memory.runs += 1
    await ledger.perform(turn.engine, turn.conversation, run)
    return True


async def forget(turn: TurnState, run: Run) -> None:
    """Another question is open: the run is void and its occasion free."""
    void = Status.CANCELLED
    await ledger.drop(turn.engine, turn.conversation, run, void, outcome="question_open")


# --- by rule ------------------------------------------------------------------------------------


async def chained(turn: TurnState) -> list[Run]:
    """Actions that wait for an outcome and have no condition of their own fire by rule."""
    made: list[Run] = []
    ran = {run.action.uid for run in turn.runs}
    for action in turn.conversation.version.actions:
        if not action.chained or action.uid in ran:
            continue
        if eligibility.why_out(action, turn.conversation, turn.moment):
            continue
        firing = event_firing(action, Event("chained")) or by_judge_alone(turn, action)
        if firing:
            turn.decide(action, Reason.FIRED_BY_RULE, "after another action's outcome")
            run = await perform(turn, firing)
            made += [run] if run else []
    return made


def event_firing(action: CompiledAction, event: Event) -> Firing | None:
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


async def one_key(turn: TurnState, action: CompiledAction) -> None:
    """DNC and disengage fire on the judge's word alone."""
    if firing := by_judge_alone(turn, action):
        turn.decide(action, Reason.FIRED_UNCONFIRMED, "the judge alone")
        await perform(turn, firing)


def only_first(turn: TurnState, endings: Sequence[Firing]) -> None:
    """Of several endings the first in the list wins."""
    for firing in endings[1:]:
        turn.decide(firing.action, Reason.CONVERSATION_OVER, "another ending came first")
