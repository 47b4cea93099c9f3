"""Who enters a sequence, who leaves it, and what its pick and its page say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import ValidationError

from actions.base import ActionError
from agents.calendars.forms import CalendarForm
from agents.calendars.services import save_calendar
from agents.contacts import services as contacts
from agents.contacts.models import Contact, TimelineEntry
from agents.conversations.models import ActionRun
from agents.core import picks
from agents.core.services import ensure_user
from agents.engine import compiled
from agents.panels import services as panels
from agents.panels.linter import lint
from agents.routing.services import InUse, NameTaken
from agents.sequences import services
from agents.sequences.forms import SequenceForm
from agents.sequences.models import Enrolment, Sequence
from agents.sequences.reading import first_step, sequences_of
from tests.engine.world import Reply, action, call, make_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def made(name: str = "Onboarding", **values: Any) -> Sequence:
    """A sequence with two steps."""
    steps = [
        {"wait": 2, "unit": "days", "how": "sms", "text": "Welcome [FirstName|there]."},
        {"wait": 3, "unit": "hours", "how": "sms", "text": "Any questions?"},
    ]
    form = SequenceForm.model_validate({"name": name, "steps": steps, **values})
    return services.save_sequence(form=form)


@pytest.fixture
def maria() -> Contact:
    """A contact."""
    return Contact.objects.create(values={"first_name": "Maria"}, phone="+14155550142")


def enter(contact: Contact, row: Sequence, key: str = "run:1", **how: Any) -> Enrolment:
    given = {"restart": False, "agent_uuid": None, "conversation_id": None, "now": NOW, **how}
    return services.enrol(contact=contact, sequence=f"sequence:{row.pk}", key=key, **given)


def texts() -> list[str]:
    return list(TimelineEntry.objects.order_by("id").values_list("text", flat=True))


def test_a_run_enrols_once_and_the_first_step_is_due_after_its_wait(maria: Contact) -> None:
    row = made()
    first = enter(maria, row)
    assert enter(maria, row) == first and enter(maria, row, "run:2") == first
    assert (first.due_at - NOW).days == 2 and first.get_state_display() == "Waits for its channel"
    assert sequences_of(maria.pk) == [f"sequence:{row.pk}"]
    assert first_step(f"sequence:{row.pk}") == "SMS after 2 days"
    assert texts() == ["Enrolled in Onboarding"]


def test_who_begins_anew_leaves_first(maria: Contact) -> None:
    row = made()
    old = enter(maria, row)
    new = enter(maria, row, "run:2", restart=True)
    old.refresh_from_db()
    assert (old.state, old.why) == ("stopped", "started over") and new.state == "waiting"


def test_a_sequence_that_is_gone_is_refused(maria: Contact) -> None:
    row = made()
    ref = row.pk
    services.delete_sequence(row=row, ref=f"sequence:{ref}")
    row.pk = ref
    with pytest.raises(ActionError, match="was deleted"):
        enter(maria, row)


def test_a_block_ends_all_and_one_agents_disengagement_only_its_own(maria: Contact) -> None:
    mine, other = (panels.create_agent(name=name, kind="text").uuid for name in ("A", "B"))
    a, b = made("A"), made("B")
    enter(maria, a, "run:1", agent_uuid=mine)
    enter(maria, b, "run:2", agent_uuid=other)
    contacts.disengage(contact=maria, agent_uuid=mine, reason="no", stop_sequences=False)
    assert len(sequences_of(maria.pk)) == 2
    contacts.re_engage(contact=maria, user=ensure_user(email="a@b.co", role="admin"), reason="yes")
    contacts.disengage(contact=maria, agent_uuid=mine, reason="no", stop_sequences=True)
    assert sequences_of(maria.pk) == [f"sequence:{b.pk}"]
    contacts.set_dnc(contact=maria, source="words", words="stop")
    assert sequences_of(maria.pk) == []
    assert "B stopped: outreach ended" in texts()


def test_a_booking_ends_what_was_to_lead_to_one(maria: Contact) -> None:
    enter(maria, made("To a visit"), "run:1")
    enter(maria, made("News", stop_on_booking=False), "run:2")
    assert services.booked(contact=maria, now=NOW) == 1
    assert Enrolment.objects.get(state="stopped").why == "an appointment was booked"


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"how": "sms", "text": ""}, "Step 1: write the message."),
        ({"how": "call"}, "Step 1: choose the agent who calls."),
    ],
)
def test_a_step_does_something(step: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        SequenceForm.model_validate({"name": "S", "steps": [step]})


def test_a_name_is_taken_once() -> None:
    made()
    with pytest.raises(NameTaken):
        made(" onboarding ")


def test_what_is_used_stays(maria: Contact) -> None:
    row = made()
    enter(maria, row)
    with pytest.raises(InUse) as refused:
        services.delete_sequence(row=row, ref=f"sequence:{row.pk}")
    assert [use.label for use in refused.value.uses] == ["1 contact in it"]


def test_a_sequence_that_enrols_into_itself_is_told_on_the_card() -> None:
    agent = panels.create_agent(name="Desk", kind="text")
    step = {"wait": 1, "how": "call", "agent": f"agent:{agent.uuid}"}
    row = made(steps=[step])
    card = panels.add_action(panel=agent.panel, slug="enroll_sequence")
    config = {"sequence": f"sequence:{row.pk}"}
    panels.save_action(action=card, draft=panels.ActionDraft(when="it is so", config=config))
    found = [one.text for one in lint(agent.panel) if one.uid == str(card.uid)]
    assert any("who enrolls into it again" in text for text in found)
    assert [use.label for use in picks.uses(f"agent:{agent.uuid}")] == ["Sequence Onboarding"]


def test_a_calendar_without_hours_is_told_on_the_card() -> None:
    closed = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "")
    form = CalendarForm.model_validate(
        {"name": "Closed", "services": [{"name": "Visit"}], "hours": {"zone": "UTC", **closed}}
    )
    calendar = save_calendar(form=form)
    agent = panels.create_agent(name="Desk", kind="text")
    card = panels.add_action(panel=agent.panel, slug="manage_appointment")
    config = {
        "calendar": f"calendar:{calendar.pk}",
        "service": f"service:{calendar.services.get().pk}",
    }
    panels.save_action(action=card, draft=panels.ActionDraft(when="it is so", config=config))
    found = [one.text for one in lint(agent.panel) if one.uid == str(card.uid)]
    assert any("has no working hours: nothing can be booked" in text for text in found)


@pytest.mark.parametrize("sandbox", [True, False], ids=["try it", "live"])
def test_the_action_enrols_in_both_worlds(maria: Contact, sandbox: bool) -> None:
    compiled.forget()
    row = made()
    config = {"sequence": f"sequence:{row.pk}"}
    world = make_world(
        [action("enroll_sequence", config=config, repeat="every_time")],
        Reply("Welcome.", [call("enroll_sequence")]),
        Reply("Again.", [call("enroll_sequence")]),
        verdicts={"enroll_sequence": 0.99},
        sandbox=sandbox,
        contact=maria,
        names={f"sequence:{row.pk}": row.name},
    )
    world.say("let us begin")
    world.say("let us begin again")
    lines = ActionRun.objects.order_by("at").values_list("line", flat=True)
    assert list(lines) == ["Enrolled in Onboarding", "Already in Onboarding"]
    assert Enrolment.objects.count() == (0 if sandbox else 1)
    assert world.conversation.facts.contact.sequences == {f"sequence:{row.pk}"}


def test_a_sequence_is_made_and_opened_in_the_library(client_for: Any) -> None:
    builder: Client = client_for("builder")
    url = reverse("routing:new", args=["sequences"])
    posted = {
        "settings.name": "Onboarding",
        "settings.steps": ["s1"],
        "settings.steps.s1.wait": "2",
        "settings.steps.s1.unit": "days",
        "settings.steps.s1.how": "sms",
        "settings.steps.s1.text": "Welcome.",
        "settings.steps.s1.agent": "",
    }
    assert builder.post(url, posted).status_code == 302
    row = Sequence.objects.get()
    assert (row.stop_on_reply, str(row.steps.get())) == (False, "SMS after 2 days")
    page = builder.get(reverse("routing:entry", args=["sequences", row.pk])).content.decode()
    assert "Welcome." in page
    assert "SMS after 2 days" in builder.get("/library/sequences/").content.decode()
