"""What a script says is filled in beside the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from actions import registry
from actions.base import Outcome, Script, ScriptStep
from actions.languages import ENGLISH
from agents.calendars.models import Booking, Calendar
from agents.contacts.models import Contact
from agents.conversations.models import Turn
from tests.engine import kinds
from tests.engine.world import Reply, action, call, make_world

pytestmark = pytest.mark.django_db


class Reminding(kinds.Steps):
    """A sequence that names the contact's appointment."""

    slug = "t_reminding"

    def execute(self, ctx: Any, config: Any, args: Any) -> Outcome:
        """One step."""
        step = ScriptStep(("See you [AppointmentDate]?",), "Any positive response")
        return Outcome("Sequence started", flow=Script((step,), "Thank you."))


@pytest.fixture(autouse=True)
def _reminding() -> Iterator[None]:
    registry.register(Reminding)
    yield
    registry.unregister(Reminding.slug)


def test_a_sequence_may_name_the_appointment() -> None:
    contact = Contact.objects.create(values={"first_name": "Maria"}, phone="+14155550142")
    start = timezone.now() + timedelta(days=3)
    Booking.objects.create(
        calendar=Calendar.objects.create(name="Visits"),
        contact=contact,
        key="k",
        start=start,
        end=start + timedelta(minutes=30),
    )
    world = make_world(
        [action("t_reminding")],
        Reply("", [call("t_reminding")]),
        verdicts={"t_reminding": 0.99},
        channel="sms",
        sandbox=False,
        contact=contact,
    )
    world.say("hello")
    assert world.heard.all == f"See you {ENGLISH.speaking.day(start)}?"
    assert Turn.objects.get(conversation_id=world.conversation.id).state == Turn.State.DONE
