"""A transfer's rows: started once for a run, moved on once by each event of a leg."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from actions.base import HandOff
from agents.contacts.services import record
from agents.conversations.models import Conversation
from agents.conversations.services import open_item, way_of
from agents.conversations.totals import What, add
from agents.outbox.models import Delivery
from agents.routing import reach
from agents.routing.models import GroupMember, Inbox, Person, RingGroup
from agents.transfers.machine import (
    PICKED_UP,
    Next,
    Outcome,
    Stage,
    Standing,
    TransferStep,
    advance,
    destinations,
    first_step,
    pick_up,
)
from agents.transfers.models import Leg, Transfer

OPEN = (Stage.RINGING, Stage.HEARING, Stage.RECORDING)
PRESS = "Press 1 to take the call."
DOING: dict[Stage, Next] = {
    Stage.RINGING: "ring",
    Stage.HEARING: "hear",
    Stage.RECORDING: "fallback_inbox",
}
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
    """The plan as JSON, with the names that the fallback inbox and all members have today."""
    inbox = ""
    if plan.fallback_ref.startswith("inbox:"):
        pk = int(plan.fallback_ref.removeprefix("inbox:"))
        inbox = Inbox.objects.filter(pk=pk).values_list("name", flat=True).first() or ""
    stored = asdict(plan) | {"fallback_label": inbox}
    stored["targets"] = [one | _behind(one["ref"]) for one in stored["targets"]]
    stored["fallback_behind"] = _behind(plan.fallback_ref)
    return stored


def _behind(ref: str) -> dict[str, Any]:
    """Who is rung there, and whether in turn; else why nobody can be rung."""
    kind, _, key = ref.partition(":")
    if gap := reach.gap(ref):
        return {"gap": gap.text, "ends_as": gap.outcome}
    if kind not in ("ring_group", "inbox") or not key.isdigit():
        return {}
    if kind == "inbox":
        people = Person.objects.filter(inboxes=int(key), available=True).exclude(phone="")
        return {"members": list(people.values_list("name", flat=True))}
    places = GroupMember.objects.filter(group_id=int(key), person__available=True)
    places = places.exclude(person__phone="")
    in_turn = RingGroup.objects.filter(pk=int(key), order=RingGroup.Order.IN_TURN).exists()
    return {"members": list(places.values_list("person__name", flat=True)), "in_turn": in_turn}


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
    stage = Stage(leg.state)
    return TransferStep(
        DOING[stage],
        leg.label,
        position=leg.position,
        stage=stage,
        ref=leg.ref,
        ring_seconds=to.seconds if stage == Stage.RINGING else 0,
    )


def rings_until(*, conversation_id: UUID) -> datetime | None:
    """When the destination that rings now has rung long enough; None where none rings."""
    leg = (
        Leg.objects.select_related("transfer")
        .filter(transfer__conversation_id=conversation_id, transfer__outcome="")
        .filter(state=Stage.RINGING)
        .first()
    )
    if leg is None:
        return None
    seconds = destinations(leg.transfer.plan)[leg.position].seconds
    return leg.started_at + timedelta(seconds=seconds)


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
    standing = Standing(leg.position, Stage(leg.state))
    to = destinations(transfer.plan)[leg.position]
    unreached = to.gap if standing.stage == Stage.RINGING and outcome != Outcome.CALLER_GONE else ""
    outcome = to.ends_as if unreached else outcome
    if outcome == PICKED_UP:
        step = pick_up(transfer.plan, standing)
    else:
        step = advance(transfer.plan, standing, Outcome(outcome))
    if step.next == "unchanged" or not _move(leg, step, outcome, now):
        return replace(step, next="unchanged", label=leg.label, outcome=transfer.outcome)
    step = replace(step, why=unreached)
    if step.next == "ring":
        _ring(transfer, step, now)
    elif step.next == "hear":
        return replace(step, words=_whispered(transfer))
    elif step.final:
        _finish(transfer, step, now)
    return step


def _whispered(transfer: Transfer) -> str:
    """Who calls and why, the ticket that left with the hand-off, and what to press; kept."""
    tickets = Delivery.objects.filter(
        conversation_id=transfer.conversation_id, kind="hubspot_ticket"
    )
    made = tickets.order_by("-created_at").values_list("vendor_id", "title").first()
    number, title = made or ("", "")
    ticket = f"Ticket {number}" if number else title.removesuffix(" to HubSpot")
    told = [transfer.plan.get("whisper", "").rstrip("."), ticket]
    words = " ".join([*(f"{part}." for part in told if part), PRESS])
    transfer.plan = {**transfer.plan, "whispered": words}
    transfer.save(update_fields=["plan"])
    return words


def _move(leg: Leg, step: TransferStep, happened: str, now: datetime) -> bool:
    """Take the event, once: only from the state it was judged in."""
    row = Leg.objects.filter(pk=leg.pk, state=leg.state)
    if step.stage == Stage.HEARING:
        return bool(row.update(state=Stage.HEARING, heard_at=now))
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
