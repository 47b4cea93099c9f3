"""What a ringing destination's event leads to: the leg, the run and the conversation at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.facts import RunFact
from agents.conversations.models import ActionRun, Conversation
from agents.conversations.services import change, finish_run
from agents.engine.conversation import ConversationState
from agents.engine.memory import Memory
from agents.transfers.machine import TransferStep
from agents.transfers.models import Transfer
from agents.transfers.services import leg_event

State = Conversation.State
WELL = frozenset({"answered", "message_taken"})


@dataclass
class Landing:
    """A leg's event; where the transfer is over also the conversation's state and memory."""

    step: TransferStep
    state: str = ""
    memory: Memory | None = None


def leg_moved(conversation: ConversationState, outcome: str) -> Landing | None:
    """Write a leg's event and all that follows from it; called in the writer's transaction.

    None: no transfer is ringing.
    """
    transfer = (
        Transfer.objects.select_related("run")
        .filter(conversation_id=conversation.id, outcome="")
        .order_by("-started_at")
        .first()
    )
    if transfer is None:
        return None
    step = leg_event(transfer_id=transfer.id, outcome=outcome, now=conversation.now())
    if not step.final:
        return Landing(step)
    memory = conversation.memory.copy()
    if transfer.run:
        _finish(conversation, transfer.run, step, memory, transfer.plan.get("found", ""))
    changes = _changes(conversation, step, memory)
    change(fence=conversation.fence, memory=memory.stored(), **changes)
    return Landing(step, changes["state"], memory)


def _finish(
    conversation: ConversationState, run: ActionRun, step: TransferStep, memory: Memory, found: str
) -> None:
    """The end of the transfer's run."""
    status = ActionRun.Status.DONE if step.outcome in WELL else ActionRun.Status.FAILED
    told = told_as(step)
    finish_run(
        fence=conversation.fence,
        run=run,
        status=status,
        outcome=step.outcome,
        line=f"{told} ({found})" if found else told,
        facts={"outcome": step.outcome, "to": step.label},
    )
    turn = conversation.facts.turn
    memory.ran(RunFact(str(run.action_uid), step.outcome, status, turn), told)


def _changes(conversation: ConversationState, step: TransferStep, memory: Memory) -> dict[str, Any]:
    """Handed off, back with the agent, or over; words that are due are kept to be said."""
    told, now = told_as(step), conversation.now()
    if step.outcome in WELL:
        return {"state": State.HANDED_OFF, "outcome": told, "ended_at": now}
    if step.next == "fallback_agent":
        memory.notes_to_model = [f"The transfer came back: {step.outcome}."]
        memory.words_due = step.words or conversation.version.settings.cannot_words
        return {"state": State.OPEN, "outcome": ""}
    gone = step.outcome == "caller_gone"
    memory.words_due = "" if gone else step.words
    how = "the contact hung up while it rang" if gone else told
    return {"state": State.ENDED, "outcome": how, "ended_at": now}


def told_as(step: TransferStep) -> str:
    """How a transfer ended, for the conversation's outcome and the log."""
    words = {
        "answered": f"transferred to {step.label}",
        "message_taken": f"message taken for {step.label}",
        "caller_gone": "the caller hung up while it rang",
    }
    return words.get(step.outcome, f"nobody answered: {step.outcome.replace('_', ' ')}")
