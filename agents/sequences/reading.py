"""What can be read about sequences: who is in which, and what comes first."""

from __future__ import annotations

from uuid import UUID

from agents.core import picks
from agents.sequences.models import Enrolment, Sequence


def sequences_of(contact_id: UUID) -> list[str]:
    """The sequences that a contact is in (`sequence:4`)."""
    rows = Enrolment.objects.filter(contact_id=contact_id, state=Enrolment.State.WAITING)
    return [f"sequence:{pk}" for pk in rows.order_by("pk").values_list("sequence_id", flat=True)]


def first_step(ref: str) -> str:
    """What a sequence begins with: *SMS after 2 days*; empty where it has no step."""
    row = Sequence.objects.filter(pk__in=picks.by_pk([picks.split(ref)[1]])).first()
    step = row.steps.first() if row else None
    return str(step) if step else ""
