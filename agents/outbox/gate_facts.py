"""What the gate is asked about a delivery that is being claimed, read and locked with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from agents.contacts.models import Contact, DncEntry
from agents.contacts.services import is_disengaged
from agents.outbox.gate import GateFacts, Purpose
from agents.outbox.models import Delivery, Hold
from agents.outbox.unreal import is_invented

State = Delivery.State


def gate_facts(row: Delivery) -> GateFacts:
    """The facts about whom it reaches; their rows are locked until the transaction ends."""
    contact = Contact.objects.filter(pk=row.contact_id).first() if row.contact_id else None
    hold = hold_on(row, active_holds())
    sample = bool(contact and contact.sample)
    invented = is_invented(contact_id=row.contact_id, agent_uuid=row.agent_uuid)
    if Purpose(row.purpose) == Purpose.RECORD:
        return GateFacts(sample=sample, invented=invented, hold=hold)
    reached = _lock_reached(row)
    opted_out_at, confirmed = _opt_out(row.contact_id, row.pk) if row.contact_id else (None, False)
    return GateFacts(
        blocked=_count_outbound(row, reached) < len(reached),
        sms_opted_out=any(one.sms_opted_out for one in reached),
        disengaged=any(
            is_disengaged(contact=one, agent_uuid=row.agent_uuid)
            for one in reached
            if one.pk == row.contact_id
        ),
        sample=sample,
        invented=invented,
        hold=hold,
        opted_out_at=opted_out_at,
        confirmed=confirmed,
    )


def _lock_reached(row: Delivery) -> list[Contact]:
    """The contact and everybody else behind the same number: a block holds for the number."""
    who = Q(pk=row.contact_id)
    if row.to:
        who |= Q(phone=row.to, sample=False)
    return list(Contact.objects.select_for_update().filter(who).order_by("pk"))


def _count_outbound(row: Delivery, reached: list[Contact]) -> int:
    """Count it at everybody it reaches who is not blocked; fewer than all means: it may not."""
    rows = Contact.objects.filter(pk__in=[one.pk for one in reached])
    if row.purpose != Purpose.OPT_OUT_CONFIRMATION:
        rows = rows.filter(blocked=False)
    return rows.update(outbound_seq=F("outbound_seq") + 1)


def _opt_out(contact_id: UUID, delivery_id: UUID) -> tuple[datetime | None, bool]:
    """When the contact opted out, and whether a confirmation of that has left or may have."""
    entries = DncEntry.objects.filter(contact_id=contact_id, lifted_at=None)
    at = entries.order_by("-set_at").values_list("set_at", flat=True).first()
    if at is None:
        return None, False
    confirmations = Delivery.objects.filter(
        contact_id=contact_id,
        purpose=Purpose.OPT_OUT_CONFIRMATION,
        state__in=(State.SENDING, State.SENT, State.UNKNOWN),
        created_at__gte=at,
        sandbox=False,
    )
    return at, confirmations.exclude(pk=delivery_id).exists()


def active_holds() -> list[Hold]:
    """The stops in force."""
    return list(Hold.objects.filter(lifted_at=None))


def hold_on(row: Delivery, holds: list[Hold]) -> str | None:
    """The reason of the first hold that stops this delivery, None where none does."""
    return next((one.reason for one in holds if _stops(one, row)), None)


def _stops(one: Hold, row: Delivery) -> bool:
    if one.scope == Hold.Scope.AGENT:
        return one.agent_uuid == row.agent_uuid
    if one.scope == Hold.Scope.LINE:
        return bool(row.payload.get("line") == f"line:{one.line_id}")
    return True
