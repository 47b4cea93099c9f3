"""Running an action: entered, claimed, executed outside any transaction, ended in one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

from actions.base import ActionError, Audience, Mode, Outcome, Repeat
from actions.context import Occasion
from actions.effects import Effect, apply_to_facts
from actions.facts import RunFact
from actions.flow import ASKS, Flow, read_flow, stored_flow
from agents.conversations.models import ActionRun, Turn
from agents.conversations.services import (
    LostLease,
    answer_run,
    drop_run,
    enter_run,
    finish_run,
)
from agents.engine.adapters import Engine
from agents.engine.compiled import CompiledAction
from agents.engine.conversation import ConversationState
from agents.engine.memory import Memory
from agents.engine.tools import Proposal, digest_of

log = logging.getLogger(__name__)
T = TypeVar("T")
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
        return bool(self.row.status == Status.DONE)

    @property
    def watched(self) -> bool:
        """Whether it only records what it would have done."""
        return bool(self.action.frozen.mode == Mode.SHADOW)

    @property
    def flow(self) -> Flow | None:
        """What the engine is to do next."""
        return self.outcome.flow if self.outcome else None

    @property
    def to_model(self) -> str:
        """What the model is told; empty: nothing to say about it."""
        if self.error:
            return self.error
        return self.outcome.to_model if self.outcome else ""

    @property
    def to_contact(self) -> str:
        """Its own words for the contact; most have none."""
        return self.outcome.to_contact if self.outcome and not self.error else ""


def digest(arguments: dict[str, Any]) -> str:
    """Same values, same digest."""
    return digest_of(arguments)


def which_time(action: CompiledAction, conversation: ConversationState, proposal: Proposal) -> str:
    """The part of the ledger key that says which time this is."""
    if action.frozen.repeat in (Repeat.ONCE, Repeat.ONCE_PER_CONTACT):
        return "once"
    number = f"{conversation.facts.turn}.{conversation.call_number}"
    return f"{number}.{proposal.digest}" if action.kind and action.kind.many else number


def new_run(
    conversation: ConversationState,
    turn: Turn,
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
        turn=turn,
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


async def write(engine: Engine, unit: Callable[[], T]) -> T:
    """Hand a unit to the writer and wait for its commit."""
    return await asyncio.wrap_future(engine.writer.submit(unit))


async def enter(
    engine: Engine, conversation: ConversationState, run: Run, status: str, **turn: Any
) -> bool:
    """Commit the run before anything happens; False: its occasion is used up.

    `turn` is what is due of its turn: the `new` row, or the `progress` since.
    """
    run.row.status = status
    if await write(engine, partial(enter_run, fence=conversation.fence, run=run.row, **turn)):
        return True
    run.row.status = Status.CANCELLED
    return False


async def answer(engine: Engine, conversation: ConversationState, run: Run, status: str) -> bool:
    """A run that asked the contact goes on; False: it may not any more."""
    unit = partial(answer_run, fence=conversation.fence, run=run.row, status=status)
    answered = await write(engine, unit)
    run.row.status = status if answered else Status.CANCELLED
    return answered


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
    """The columns of a run's end; one that asked the contact first is not done."""
    outcome = run.outcome
    status = Status.FAILED if outcome is None else Status.DONE
    if isinstance(run.flow, ASKS):
        status = Status.ASKED
    lines = [{"kind": type(e).__name__, "line": e.line} for e in run.effects]
    return {
        "status": status,
        "line": outcome.line if outcome else run.row.error.get("sentence", ""),
        "to_model": run.to_model,
        "outcome": outcome.outcome if outcome else "failed",
        "facts": dict(outcome.facts) if outcome else {},
        "flow": stored_flow(run.flow),
        "effects": [*run.row.effects, *lines],
        "error": run.row.error,
        "milliseconds": round((time.perf_counter() - run.started) * 1000, 1),
    }


def finishing(engine: Engine, conversation: ConversationState, run: Run) -> Callable[[], bool]:
    """The unit that ends a run: its effects, its Deliveries and its row, in one transaction."""
    first = len(run.row.effects)
    apply = partial(engine.adapters.apply, conversation, run.row.id, run.effects, first)
    return partial(
        finish_run,
        fence=conversation.fence,
        run=run.row,
        apply=apply if run.effects else None,
        **result(run),
    )


def note(memory: Memory, run: Run, turn: int) -> None:
    """A run has ended: conditions, repeat and the prompt see it. One that asked has not ended."""
    values = result(run)
    if values["status"] != Status.ASKED:
        fact = RunFact(run.action.uid, values["outcome"], values["status"], turn)
        memory.ran(fact, values["line"])


def settle(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """After the commit: what is known follows."""
    note(conversation.memory, run, conversation.facts.turn)
    settled(engine, conversation, run)


def settled(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """The row and the facts in hand follow, where the memory has already."""
    values = result(run)
    run.row.status, run.row.effects, run.row.flow = (
        values["status"],
        values["effects"],
        values["flow"],
    )
    run.row.outcome, run.row.line = values["outcome"], values["line"]
    if run.row.contact_key and run.done:
        conversation.used_by_contact.add(run.action.uid)
    apply_to_facts(conversation.facts, run.effects)


async def end(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """Commit a run's effects with its end; effects that cannot be written make it fail."""
    try:
        await write(engine, finishing(engine, conversation, run))
    except LostLease:
        raise
    except ActionError as error:
        await _end_failed(engine, conversation, run, error)
    except Exception:
        log.exception("The effects of an action could not be written")
        await _end_failed(engine, conversation, run, NOT_SAVED)
    settle(engine, conversation, run)


async def _end_failed(
    engine: Engine, conversation: ConversationState, run: Run, error: ActionError
) -> None:
    _refused(run, error)
    run.outcome, run.effects = None, ()
    await write(engine, finishing(engine, conversation, run))


def fail(
    engine: Engine, conversation: ConversationState, run: Run, writes: list[Callable[[], object]]
) -> None:
    """End a run that nobody executes any more; what is to be written goes to `writes`."""
    _refused(run, UNEXPECTED)
    run.outcome, run.effects = None, ()
    writes.append(finishing(engine, conversation, run))
    settle(engine, conversation, run)


async def perform(engine: Engine, conversation: ConversationState, run: Run) -> None:
    """Execute a run that is entered, and end it."""
    await execute(engine, conversation, run)
    await end(engine, conversation, run)


def restored(conversation: ConversationState, action: CompiledAction, row: ActionRun) -> Run:
    """A run that had come to its end before a crash, as if it had just done so."""
    args = action.arguments.model_validate(row.arguments) if action.arguments else None
    proposal = Proposal(action.uid, row.call_id, action.tool_name, "", args)
    run = Run(action, proposal, row)
    if row.status == Status.FAILED:
        run.error = row.to_model
    else:
        flow = read_flow(row.flow)
        run.outcome = Outcome(
            row.line, row.to_model, flow=flow, facts=row.facts, outcome=row.outcome
        )
    if row.status in (Status.DONE, Status.FAILED):
        fact = RunFact(action.uid, row.outcome, row.status, conversation.facts.turn)
        conversation.memory.ran(fact, row.line)
    conversation.memory.runs += 1
    return run


def runs_of(turn_id: UUID) -> list[ActionRun]:
    """The runs of one turn, in order; called in the writer."""
    return list(ActionRun.objects.filter(turn_id=turn_id).order_by("position"))


async def drop(
    engine: Engine, conversation: ConversationState, run: Run, status: str, **values: Any
) -> None:
    """A run will not leave."""
    unit = partial(drop_run, fence=conversation.fence, run_id=run.row.id, status=status, **values)
    await write(engine, unit)
    run.row.status = status
