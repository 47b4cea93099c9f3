"""Writes to sequences and to who is in them; the same run enrols once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from actions.base import ActionError
from agents.contacts.models import Contact
from agents.contacts.services import locked, record
from agents.core import picks
from agents.core.services import audit
from agents.routing.services import InUse, NameTaken
from agents.sequences.forms import SequenceForm
from agents.sequences.models import Enrolment, Sequence, SequenceStep

State = Enrolment.State


@transaction.atomic
def enrol(
    *,
    contact: Contact,
    sequence: str,
    restart: bool,
    agent_uuid: UUID | None,
    conversation_id: UUID | None,
    key: str,
    now: datetime,
) -> Enrolment:
    """Let the contact enter (`sequence:4`); the same key again gives the same enrolment.

    Who is in it already stays where it is, or begins anew with `restart`. Raises ActionError where
    the sequence is gone.
    """
    row = _sequence(sequence)
    locked(contact)
    if known := Enrolment.objects.filter(key=key).first():
        return known
    standing = Enrolment.objects.filter(contact=contact, sequence=row, state=State.WAITING)
    if (current := standing.first()) and not restart:
        return current
    end(standing, why="started over", now=now)
    first = row.steps.first()
    made = Enrolment.objects.create(
        sequence=row,
        contact=contact,
        agent_uuid=agent_uuid,
        conversation_id=conversation_id,
        key=key,
        due_at=now + first.wait if first else now,
    )
    record(
        contact_id=contact.pk,
        kind="sequence",
        text=f"Enrolled in {row}",
        data={"sequence": sequence, "enrolment": str(made.pk)},
        conversation_id=conversation_id,
    )
    return made


def _sequence(ref: str) -> Sequence:
    row = Sequence.objects.filter(pk__in=picks.by_pk([picks.split(ref)[1]])).first()
    if row is None:
        raise ActionError("The sequence was deleted.", to_model="That is not possible now.")
    return row


def end(standing: QuerySet[Enrolment], *, why: str, now: datetime) -> int:
    """Stop enrolments, each with a line on its contact's timeline; how many there were."""
    rows = list(standing.filter(state=State.WAITING).select_related("sequence"))
    for row in rows:
        row.state, row.why, row.ended_at = State.STOPPED, why, now
        row.save(update_fields=["state", "why", "ended_at"])
        record(
            contact_id=row.contact_id,
            kind="sequence",
            text=f"{row.sequence} stopped: {why}",
            data={"sequence": f"sequence:{row.sequence_id}", "enrolment": str(row.pk)},
            conversation_id=row.conversation_id,
        )
    return len(rows)


@transaction.atomic
def outreach_ended(contact_id: UUID, agent_uuid: UUID | None) -> int:
    """Blocked or disengaged: the contact leaves its sequences, or those of one agent."""
    standing = Enrolment.objects.filter(contact_id=contact_id)
    if agent_uuid is not None:
        standing = standing.filter(agent_uuid=agent_uuid)
    return end(standing, why="outreach ended", now=timezone.now())


@transaction.atomic
def booked(*, contact: Contact, now: datetime) -> int:
    """An appointment ends the sequences that were to lead to one."""
    standing = Enrolment.objects.filter(contact=contact, sequence__stop_on_booking=True)
    return end(standing, why="an appointment was booked", now=now)


# --- the library ----------------------------------------------------------------------------


@transaction.atomic
def save_sequence(
    *, form: SequenceForm, row: Sequence | None = None, user: object = None
) -> Sequence:
    """Make or change a sequence with its steps; raises NameTaken."""
    verb = "changed" if row else "created"
    others = Sequence.objects.filter(name__iexact=form.name)
    if (others.exclude(pk=row.pk) if row else others).exists():
        raise NameTaken(form.name)
    row = row or Sequence()
    row.name = form.name
    row.stop_on_reply, row.stop_on_booking = form.stop_on_reply, form.stop_on_booking
    row.save()
    row.steps.all().delete()
    for position, step in enumerate(form.steps):
        SequenceStep.objects.create(
            sequence=row,
            position=position,
            wait_hours=step.hours,
            how=step.how,
            text=step.text if step.how == "sms" else "",
            agent_uuid=picks.split(step.agent)[1] or None,
        )
    audit(actor=str(user or ""), verb=verb, kind="sequence", object_id=row.pk, label=row.name)
    return row


@transaction.atomic
def delete_sequence(*, row: Sequence, ref: str, user: object = None) -> None:
    """Delete a sequence that nobody refers to and nobody is in; raises InUse."""
    if uses := picks.uses(ref):
        raise InUse(uses)
    row.enrolments.all().delete()
    audit(actor=str(user or ""), verb="deleted", kind="sequence", object_id=row.pk, label=row.name)
    row.delete()
