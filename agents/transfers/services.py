"""A transfer's rows: started once for a run, moved on once by each event of a leg."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from actions.base import HandOff
from agents.contacts.services import record
from agents.conversations.models import Conversation
from agents.conversations.services import open_item, way_of
from agents.conversations.totals import What, add
from agents.routing.models import Inbox
from agents.transfers.machine import (
    Outcome,
    Stage,
    Standing,
    TransferStep,
    advance,
    destinations,
    first_step,
)
from agents.transfers.models import Leg, Transfer

OPEN = (Stage.RINGING, Stage.RECORDING)
TOLD = {
    Outcome.ANSWERED: "Transferred to {label}",
    Outcome.MESSAGE_TAKEN: "Left a message for {label}",
    Outcome.CALLER_GONE: "Hung up while {label} was ringing",
}


@transaction.atomic
def start_transfer(
    *, conversation: Conversation, run_id: UUID | None, plan: HandOff, now: datetime
) -> Transfer:
    """Start ringing the first destination; the same run again gives the first transfer back.

    No run: the agent's fallback destination, where no action asked for it.
    """
    stored = _stored(plan)
    if not destinations(stored):
        raise ValueError("A transfer needs a destination.")
    begun = {"conversation": conversation, "plan": stored, "started_at": now}
    if run_id is None:
        transfer, new = Transfer.objects.create(**begun), True
    else:
        transfer, new = Transfer.objects.get_or_create(run_id=run_id, defaults=begun)
    if new:
        _ring(transfer, first_step(stored), now)
    return transfer


def _stored(plan: HandOff) -> dict[str, Any]:
    """The plan as JSON, with the name that the fallback inbox has today."""
    inbox = ""
    if plan.fallback_ref.startswith("inbox:"):
        pk = int(plan.fallback_ref.removeprefix("inbox:"))
        inbox = Inbox.objects.filter(pk=pk).values_list("name", flat=True).first() or ""
    stored = asdict(plan) | {"fallback_label": inbox}
    stored["targets"] = list(stored["targets"])
    return stored


def _ring(transfer: Transfer, step: TransferStep, now: datetime) -> None:
    Leg.objects.create(
        transfer=transfer,
        position=step.position,
        ref=step.ref,
        label=step.label,
        state=step.stage,
        started_at=now,
    )


def current_step(*, transfer: Transfer) -> TransferStep:
    """What is being done now: whom it rings, or for which inbox it takes a message."""
    leg = transfer.legs.filter(state__in=OPEN).first()
    if leg is None:
        return TransferStep("unchanged", transfer.answered_by, outcome=transfer.outcome)
    to = destinations(transfer.plan)[leg.position]
    recording = leg.state == Stage.RECORDING
    return TransferStep(
        "fallback_inbox" if recording else "ring",
        leg.label,
        position=leg.position,
        stage=Stage(leg.state),
        ref=leg.ref,
        ring_seconds=0 if recording else to.ring_seconds,
    )


@transaction.atomic
def leg_event(
    *, transfer_id: UUID, outcome: str, now: datetime, position: int | None = None
) -> TransferStep:
    """Something happened to a leg (the open one, unless `position` names it).

    The conditional update of the leg decides: an event that is late or comes twice finds the leg
    in another state, changes nothing and gets `unchanged`.
    """
    transfer = Transfer.objects.select_related("conversation").get(pk=transfer_id)
    legs = transfer.legs.filter(state__in=OPEN)
    leg = (legs if position is None else legs.filter(position=position)).first()
    if leg is None:
        return TransferStep("unchanged", transfer.answered_by, outcome=transfer.outcome)
    happened = Outcome(outcome)
    step = advance(transfer.plan, Standing(leg.position, Stage(leg.state)), happened)
    if step.next == "unchanged" or not _move(leg, step, happened, now):
        return replace(step, next="unchanged", label=leg.label, outcome=transfer.outcome)
    if step.next == "ring":
        _ring(transfer, step, now)
    elif step.final:
        _finish(transfer, step, now)
    return step


def _move(leg: Leg, step: TransferStep, happened: Outcome, now: datetime) -> bool:
    """Take the event, once: only from the state it was judged in."""
    row = Leg.objects.filter(pk=leg.pk, state=leg.state)
    if step.stage == Stage.RECORDING:
        return bool(row.update(state=Stage.RECORDING))
    return bool(row.update(state=happened, ended_at=now))


def _finish(transfer: Transfer, step: TransferStep, now: datetime) -> None:
    """Write how it ended, and tell the contact's timeline."""
    outcome = Outcome(step.outcome)
    answered_by = step.label if outcome == Outcome.ANSWERED else ""
    conversation = transfer.conversation
    open_still = Transfer.objects.filter(pk=transfer.pk, outcome="")
    ended = open_still.update(outcome=outcome, answered_by=answered_by, ended_at=now)
    if ended and (way := way_of(conversation)):
        add([way.row(transfer.started_at, What.TRANSFER, outcome)])
    if outcome == Outcome.MESSAGE_TAKEN and step.ref.startswith("inbox:"):
        inbox_id = int(step.ref.removeprefix("inbox:"))
        note = "The caller left a message."
        open_item(conversation_id=conversation.pk, inbox_id=inbox_id, note=note, now=now)
    if conversation.contact_id and not conversation.sandbox:
        record(
            contact_id=conversation.contact_id,
            kind="transfer",
            text=TOLD.get(outcome, "Transfer: nobody answered").format(label=step.label),
            data={"transfer": str(transfer.pk), "outcome": outcome.value},
            conversation_id=conversation.pk,
        )
