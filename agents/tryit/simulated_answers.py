"""What Try it simulates in the place of what answers: HubSpot, a function, a calendar.

`conversation.facts.simulated` says what each answers in this conversation; it is chosen in Try it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from actions.base import ActionError
from actions.facts import Booked
from actions.ports import FunctionAnswer, Owner, Slot
from agents.calendars import reading
from agents.conversations.situation import Situation
from agents.functions import calling
from agents.ports.live_answers import LiveAnswers, function_of, owner_by
from agents.routing.models import Person

HUBSPOT_GAPS = {
    "nobody": "no open deal, and the contact has no owner",
    "down": "HubSpot does not answer",
}
STRANGER = (
    "sam.lee@practice.example"  # an owner of the practice HubSpot who is not one of our people
)


class SimulatedAnswers(LiveAnswers):
    """Scripted answers; our own rows are read, never written."""

    def deal_owner(self, conversation: Situation, pipeline: str) -> Owner:
        """The practice HubSpot: its owner is the first of our persons who has an e-mail address."""
        how = conversation.facts.simulated.get("hubspot", "")
        if gap := HUBSPOT_GAPS.get(how):
            return Owner(gap=gap)
        known = Person.objects.exclude(email="").order_by("pk").first()
        email = known.email if known and how != "unknown_owner" else STRANGER
        via = "owner of the contact" if how == "contact_owner" else "owner of the newest open deal"
        return owner_by(email=email, via=via)

    def call_function(
        self, conversation: Situation, ref: str, values: dict[str, Any]
    ) -> FunctionAnswer:
        """The sample answer of the function, unless a failure or the real thing is simulated."""
        row = function_of(ref)
        how = conversation.facts.simulated.get("function", "")
        if how == "real":
            return calling.call(row, values, f"try:{uuid4()}")
        request = calling.request_of(row, values, f"try:{uuid4()}")
        form = calling.form_of(row)
        reply = calling.Reply(status=200, text=form.sample)
        if how == "fails":
            reply = calling.Reply(status=500)
        elif how == "slow":
            reply = calling.Reply(error="The server did not answer in time.", slow=True)
        else:
            reply.values = calling.values_in(form, form.sample)
        return calling.answer_of(row, reply, request)

    def free_slots(
        self, conversation: Situation, calendar: str, service: str, after: datetime, count: int
    ) -> list[Slot]:
        """The calendar's free times, none where a full one is simulated."""
        found = super().free_slots(conversation, calendar, service, after, count)
        return [] if conversation.facts.simulated.get("calendar") == "full" else found

    def slot(
        self, conversation: Situation, calendar: str, service: str, start: datetime, moving: str
    ) -> Slot:
        """The free time that begins then, unless somebody was faster in the simulation."""
        found = super().slot(conversation, calendar, service, start, moving)
        if conversation.facts.simulated.get("calendar") in ("full", "taken"):
            raise reading.refused("That time has just been taken.")
        return found

    def bookings(self, conversation: Situation, calendar: str) -> list[Booked]:
        """The test's own appointments to come."""
        _must_answer(conversation)
        mine = (one for one in conversation.facts.bookings if calendar in ("", one.calendar))
        return sorted((b for b in mine if b.start >= conversation.now()), key=lambda b: b.start)

    def _desk(
        self, conversation: Situation, calendar: str, service: str, moving: str = ""
    ) -> reading.Desk:
        """The rows as they are, and what the test has booked."""
        _must_answer(conversation)
        return reading.desk(
            calendar=calendar,
            service=service,
            now=conversation.now(),
            more=[
                (one.start, one.end)
                for one in conversation.facts.bookings
                if one.calendar == calendar and one.id != moving
            ],
        )


def _must_answer(conversation: Situation) -> None:
    if conversation.facts.simulated.get("calendar") == "down":
        raise ActionError(
            "The calendar does not answer.", permanent=False, to_model=reading.NOT_NOW
        )
