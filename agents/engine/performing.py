"""Running what fired in a message turn: order, limits, chains, and the decision's last word."""

from __future__ import annotations

from actions.base import Event
from agents.conversations.reasons import Reason
from agents.engine import eligibility, events, ledger
from agents.engine.compiled import CompiledAction
from agents.engine.ledger import Run
from agents.engine.reconcile import Firing, by_judge_alone
from agents.engine.state import TurnState


async def perform_all(state: TurnState, firings: list[Firing]) -> list[Run]:
    """Run the fired actions in list order; each may open or close the next one's *only if*."""
    made: list[Run] = []
    for firing in firings:
        run = await perform(state, firing)
        made += [run] if run else []
    return made


async def perform(state: TurnState, firing: Firing) -> Run | None:
    """Run one fired action, or say in its decision why not after all."""
    conversation, action = state.conversation, firing.action
    if state.interrupted:
        state.decide(action, Reason.INTERRUPTED)
        return None
    if state.full:
        state.decide(action, Reason.TIME_LIMIT, "the limit of actions was reached")
        return None
    if (why := eligibility.why_out(action, conversation, state.moment)) and not _repeats(
        state, firing
    ):
        state.decisions[action.uid] = why
        return None
    run = ledger.new_run(conversation, state.row.id, action, firing.proposal)
    if not await state.act(run):
        state.decide(action, Reason.ALREADY_DONE)
        return None
    _fired(state, run)
    return run


def _repeats(state: TurnState, firing: Firing) -> bool:
    """A further run of the same action in this turn, where the type allows many."""
    return any(run.action is firing.action for run in state.runs)


def _fired(state: TurnState, run: Run) -> None:
    """Complete the decision of what ran with its evidence."""
    entry = state.decisions.get(run.action.uid)
    if entry and not entry.get("evidence"):
        entry["evidence"] = state.inbound.text[:160]


async def chained(state: TurnState) -> list[Run]:
    """Actions that wait for an outcome and have no condition of their own fire by rule."""
    made: list[Run] = []
    ran = {run.action.uid for run in state.runs}
    for action in state.conversation.version.actions:
        if not action.chained or action.uid in ran:
            continue
        if eligibility.why_out(action, state.conversation, state.moment):
            continue
        firing = events.event_firing(state, action, Event("chained"))
        firing = firing or by_judge_alone(state, action)
        if firing:
            state.decide(action, Reason.FIRED_BY_RULE, "after another action's outcome")
            run = await perform(state, firing)
            made += [run] if run else []
    return made


async def one_key(state: TurnState, action: CompiledAction) -> None:
    """DNC and disengage fire on the judge's word alone."""
    firing = by_judge_alone(state, action)
    if firing:
        state.decide(action, Reason.FIRED_UNCONFIRMED, "the judge alone")
        await perform(state, firing)


def only_first(state: TurnState, ending: list[Firing]) -> None:
    """Of several endings the first in the list wins."""
    for firing in ending[1:]:
        state.decide(firing.action, Reason.CONVERSATION_OVER, "another ending came first")
