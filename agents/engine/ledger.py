"""Running an action: entered, claimed, executed outside any transaction, ended in one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from actions.base import ActionError, Audience, Mode, Outcome, Repeat
from actions.context import Occasion
from actions.effects import Effect, apply_to_facts
from agents.conversations.models import ActionRun
from agents.conversations.services import (
    AlreadyRun,
    LostLease,
    claim_run,
    drop_run,
    finish_run,
    propose_run,
)
from agents.engine.adapters import Engine
from agents.engine.compiled import CompiledAction
from agents.engine.conversation import ConversationState
from agents.engine.tools import Proposal

log = logging.getLogger(__name__)
Status = ActionRun.Status
UNEXPECTED = ActionError(
    "An unexpected error.",
    audience=Audience.OPERATOR,
    permanent=False,
    to_model="That did not work.",
)
NOT_SAVED = ActionError(
    "It could not be saved.",
    audience=Audience.OPERATOR,
    permanent=False,
    to_model="That did not work.",
)


@dataclass
class Run:
    """One run of this turn, as the engine holds it."""

    action: CompiledAction
    proposal: Proposal
    row: ActionRun
    outcome: Outcome | None = None
    error: str = ""
    effects: Sequence[Effect] = ()
    confirmed: bool = False
    asked: int = 0
    started: float = field(default_factory=time.perf_counter)

    @property
    def done(self) -> bool:
        """Whether it ended well."""
        return self.row.status == Status.DONE

    @property
    def watched(self) -> bool:
        """Whether it only records what it would have done."""
        return self.action.frozen.mode == Mode.SHADOW

    @property
    def to_model(self) -> str:
        """What the model is told; empty: nothing to say about it."""
        if self.error:
            return self.error
        return self.outcome.to_model if self.outcome else ""


def which_time(action: CompiledAction, conversation: ConversationState, proposal: Proposal) -> str:
    """The part of the ledger key that says which time this is."""
    if action.frozen.repeat in (Repeat.ONCE, Repeat.ONCE_PER_CONTACT):
        return "once"
    number = f"{conversation.facts.turn}.{conversation.call_number}"
    return f"{number}.{proposal.digest}" if action.kind and action.kind.many else number


def new_run(
    conversation: ConversationState,
    turn_id: UUID,
    action: CompiledAction,
    proposal: Proposal,
    **values: Any,
) -> Run:
    """A row not yet written."""
    contact_key = None
    if (
        action.frozen.repeat == Repeat.ONCE_PER_CONTACT
        and conversation.contact_id
        and not conversation.sandbox
    ):
        contact_key = f"{conversation.contact_id}:{action.uid}"
    row = ActionRun(
        id=uuid4(),
        conversation_id=conversation.id,
        turn_id=turn_id,
        action_uid=UUID(action.uid),
        type=action.frozen.type,
        occasion=which_time(action, conversation, proposal),
        contact_key=contact_key,
        mode=action.frozen.mode,
        position=action.index,
        arguments=proposal.args.model_dump(mode="json") if proposal.args else {},
        call_id=proposal.call_id,
        at=conversation.now(),
        **values,
    )
    return Run(action, proposal, row)


async def write(engine: Engine, unit: Any) -> Any:
    """Hand a unit to the writer and wait for its commit."""
    return await asyncio.wrap_future(engine.writer.submit(unit))


async def enter(
    engine: Engine, conversation: ConversationState, run: Run, *, running: bool
) -> bool:
    """Commit the run before anything happens; False: its occasion is used up.

    An ordinary run is entered and claimed in one transaction; an ending is only proposed.
    """
    run.row.status = Status.RUNNING if running else Status.PROPOSED
    try:
        await write(engine, partial(propose_run, fence=conversation.fence, run=run.row))
    except AlreadyRun:
        run.row.status = Status.CANCELLED
        return False
    return True


async def claim(engine: Engine, conversation: ConversationState, run: Run) -> bool:
    """Claim a proposed run."""
    claimed = await write(engine, partial(claim_run, fence=conversation.fence, run_id=run.row.id))
    if claimed:
        run.row.status = Status.RUNNING
    return bool(claimed)


async def execute(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """Run the type's code through its ports; an error is kept, never raised further."""
    action = run.action
    if run.watched:
        run.outcome = Outcome("Only watched: nothing was changed.", outcome="shadow")
        return
    occasion = Occasion(run.confirmed, run.asked, action.moment)
    context, effects = engine.adapters.context(conversation, action.names, occasion)
    if action.kind is None:
        raise LostLease
    call = partial(action.kind.execute, context, action.config, run.proposal.args)
    try:
        run.outcome = await asyncio.wrap_future(engine.asking.submit(call))
        run.effects = tuple(effects)
    except ActionError as error:
        _refused(run, error)
        # What was valid before the refusal stands: a wrong e-mail does not lose the name.
        run.effects = tuple(effects)
    except Exception:
        log.exception("An action failed")
        _refused(run, UNEXPECTED)


def _refused(run: Run, error: ActionError) -> None:
    """Keep an error: what staff read, and what the model is told."""
    run.error = error.to_model or error.sentence
    run.row.error = {
        "sentence": error.sentence,
        "for": error.audience.value,
        "permanent": error.permanent,
    }


def result(run: Run) -> dict[str, Any]:
    """The columns of a run's end."""
    outcome = run.outcome
    failed = outcome is None
    return {
        "status": Status.FAILED if failed else Status.DONE,
        "line": outcome.line if outcome else run.row.error.get("sentence", ""),
        "to_model": run.to_model,
        "outcome": outcome.outcome if outcome else "failed",
        "facts": dict(outcome.facts) if outcome else {},
        "effects": [{"kind": type(e).__name__, "line": e.line} for e in run.effects],
        "error": run.row.error,
        "milliseconds": round((time.perf_counter() - run.started) * 1000, 1),
    }


def finishing(engine: Engine, conversation: ConversationState, run: Run) -> partial[bool]:
    """The unit that ends a run: its effects, its Deliveries and its row, in one transaction."""
    effects = run.effects
    apply = partial(engine.adapters.apply, conversation, run.row.id, effects) if effects else None
    return partial(
        finish_run, fence=conversation.fence, run_id=run.row.id, apply=apply, **result(run)
    )


def settle(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """After the commit: the facts in hand follow."""
    values = result(run)
    run.row.status = values["status"]
    apply_to_facts(conversation.facts, run.effects)
    conversation.ran(
        run.action.uid, outcome=values["outcome"], status=run.row.status, line=values["line"]
    )


async def end(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """Commit a run's effects with its end; effects that cannot be written make it fail."""
    try:
        await write(engine, finishing(engine, conversation, run))
    except LostLease:
        raise
    except ActionError as error:
        _refused(run, error)
        run.outcome, run.effects = None, ()
        await write(engine, finishing(engine, conversation, run))
    except Exception:
        log.exception("The effects of an action could not be written")
        _refused(run, NOT_SAVED)
        run.outcome, run.effects = None, ()
        await write(engine, finishing(engine, conversation, run))
    settle(engine, conversation, run)


async def perform(engine: Engine, conversation: ConversationState, run: Run) -> bool:
    """Enter, execute and end one ordinary run; False: nothing was to be done."""
    if not await enter(engine, conversation, run, running=True):
        return False
    conversation.runs_total += 1
    await execute(engine, conversation, run)
    await end(engine, conversation, run)
    return True


async def finish_again(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """Take a run that a crash cut off to its end."""
    await execute(engine, conversation, run)
    await end(engine, conversation, run)


async def drop(engine: Engine, conversation: ConversationState, run: Run, status: str) -> None:
    """A proposed run will not leave."""
    await write(
        engine, partial(drop_run, fence=conversation.fence, run_id=run.row.id, status=status)
    )
    run.row.status = status
