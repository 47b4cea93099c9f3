"""The clock of a story, and its rows dated by it: most rows carry the time of their insertion."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils import timezone

from agents.calendars.models import Booking
from agents.contacts.models import Consent, Disengagement, DncEntry, TimelineEntry
from agents.conversations.models import Conversation, Turn
from agents.engine.conversation import ConversationState
from agents.outbox.models import Delivery
from agents.sequences.models import Enrolment

OF_THE_TALK: tuple[tuple[type[Model], str], ...] = (
    (DncEntry, "set_at"),
    (Disengagement, "set_at"),
    (Consent, "given_at"),
    (Enrolment, "enrolled_at"),
    (Booking, "made_at"),
    (Delivery, "created_at"),
)
OF_THE_CONTACT: tuple[tuple[type[Model], str], ...] = (
    (TimelineEntry, "at"),
    (DncEntry, "lifted_at"),
    (Consent, "withdrawn_at"),
    (Enrolment, "ended_at"),
)
"""What a conversation writes on rows that others have made."""


@dataclass
class Clock:
    """How far the conversation's time is from ours, and since when."""

    state: ConversationState
    marks: list[tuple[datetime, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """From the opening on."""
        self.marks.append((timezone.now(), self.state.clock_offset))

    @property
    def begun(self) -> datetime:
        """When it was opened, in our time."""
        return self.marks[0][0]

    def forward(self, seconds: float) -> None:
        """So much later."""
        self.state.clock_offset += seconds
        self.marks.append((timezone.now(), self.state.clock_offset))

    def then(self, real: datetime) -> datetime:
        """The story's time of what was written at a time of ours."""
        offset = next((o for since, o in reversed(self.marks) if since <= real), self.marks[0][1])
        return real + timedelta(seconds=offset)


def date_back(conversation_id: UUID, clock: Clock) -> None:
    """Give every row of a played story its time; from now on its clock is ours."""
    row = Conversation.everything.get(pk=conversation_id)
    times = Turn.objects.filter(conversation=row).order_by("number").values_list("at", flat=True)
    row.started_at, row.last_at = times.first() or row.started_at, times.last() or row.last_at
    row.clock_offset = 0.0
    row.save(update_fields=["started_at", "last_at", "clock_offset"])
    for model, name in OF_THE_TALK:
        _date(model._default_manager.filter(conversation_id=conversation_id), name, clock)
    if not row.sandbox:
        for model, name in OF_THE_CONTACT:
            since = {"contact_id": row.contact_id, f"{name}__gte": clock.begun}
            _date(model._default_manager.filter(**since), name, clock)


def _date(rows: QuerySet[Any], name: str, clock: Clock) -> None:
    for one in rows:
        rows.model._default_manager.filter(pk=one.pk).update(
            **{name: clock.then(getattr(one, name))}
        )
