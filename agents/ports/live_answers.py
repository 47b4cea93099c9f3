"""The real side of what answers: our own calendars and functions, and the vendors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from actions.base import ActionError
from actions.facts import Booked
from actions.ports import FunctionAnswer, Owner, Slot
from actions.zones import elsewhere
from agents.calendars import reading
from agents.conversations.situation import Situation
from agents.core import picks
from agents.functions.models import Function
from agents.ports.answering import Summarise
from agents.routing.models import Person


@dataclass
class LiveAnswers:
    """Answers from our own rows; what is not connected says so."""

    summarise: Summarise | None = None

    def deal_owner(self, conversation: Situation, pipeline: str) -> Owner:
        """HubSpot."""
        return Owner(gap="HubSpot is not connected")

    def call_function(
        self, conversation: Situation, ref: str, values: dict[str, Any]
    ) -> FunctionAnswer:
        """A request to the function's address."""
        function_of(ref)
        raise ActionError("Custom functions are not called for real yet.")

    def free_slots(
        self, conversation: Situation, calendar: str, service: str, after: datetime, count: int
    ) -> list[Slot]:
        """The calendar's free times."""
        found = self._desk(conversation, calendar, service).free(after, count)
        return [_named(slot, conversation) for slot in found]

    def slot(
        self, conversation: Situation, calendar: str, service: str, start: datetime, moving: str
    ) -> Slot:
        """The free time that begins then."""
        found = self._desk(conversation, calendar, service, moving).at(start)
        return _named(found, conversation)

    def bookings(self, conversation: Situation, calendar: str) -> list[Booked]:
        """The contact's appointments to come."""
        return reading.bookings(
            calendar=calendar,
            contact_id=conversation.contact_id,
            conversation_id=conversation.id,
            now=conversation.now(),
        )

    def time_label(self, calendar: str, start: datetime) -> str:
        """A time in the calendar's zone."""
        return reading.time_label(calendar, start)

    def _desk(
        self, conversation: Situation, calendar: str, service: str, moving: str = ""
    ) -> reading.Desk:
        """The service with what is taken now."""
        return reading.desk(
            calendar=calendar, service=service, now=conversation.now(), without=moving
        )


def _named(slot: Slot, conversation: Situation) -> Slot:
    """The calendar's zone stands in the label where the contact's clock shows another time."""
    there = elsewhere(slot.start, conversation.facts.contact.time_zone)
    return replace(slot, label=f"{slot.label}{there}")


def owner_by(*, email: str, via: str) -> Owner:
    """Our person behind an owner of the customer system, who is known by e-mail address."""
    row = Person.objects.filter(email__iexact=email).order_by("-available", "pk").first()
    if row is None:
        return Owner(gap=f"{via} is {email}, who is not one of our people")
    if not row.available:
        return Owner(gap=f"{via} is {row.name}, who is not available")
    return Owner(f"person:{row.pk}", via)


def function_of(ref: str) -> Function:
    """The row of a reference; raises ActionError where it is gone."""
    row = Function.objects.filter(pk__in=picks.by_pk([picks.split(ref)[1]])).first()
    if row is None:
        raise ActionError("Its function was deleted.", to_model="That is not possible now.")
    return row
