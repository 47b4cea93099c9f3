"""Disengage contact: on words, on failed attempts, on silence; built through the form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agents.contacts.models import Contact, Disengagement
from tests.engine.world import Reply, World, call
from tests.mission.panel import Panel, done, left

pytestmark = pytest.mark.django_db
DAY = 24 * 3600
WHEN = "the contact says “not interested”"


@pytest.fixture
def contact() -> Contact:
    return Contact.objects.create(
        values={"first_name": "Maria", "phone": "+14155550142"}, phone="+14155550142"
    )


def panel(client: Client, kind: str) -> Panel:
    from agents.core.services import ensure_user

    client.force_login(ensure_user(email="bea@example.com", role="builder"))
    return Panel(client, kind)


def disengaged(world: World) -> bool:
    return bool(world.row().world["contact"]["disengaged"])


@pytest.mark.parametrize("kind", ["voice", "text"])
@pytest.mark.parametrize(
    "replies",
    [(), (Reply("I see.", [call("disengage_contact")]), Reply("Understood."))],
    ids=["practice", "model"],
)
def test_words_disengage(client: Client, contact: Contact, kind: str, replies: Any) -> None:
    here = panel(client, kind)
    uid = here.add("disengage_contact", WHEN)
    assert not here.needs_model(uid)
    world = here.attempt(contact, *replies, verdicts={"disengage_contact": 0.99})
    world.say("Sorry, I am not interested.")
    assert done(world) == ["disengage_contact"] and disengaged(world)
    assert not Disengagement.objects.exists()
    world.say("Not interested, I said.")
    assert done(world) == ["disengage_contact"]
    assert world.row().state == "open"


def test_other_words_do_not(client: Client, contact: Contact) -> None:
    here = panel(client, "text")
    here.add("disengage_contact", WHEN)
    world = here.attempt(contact)
    world.say("I am interested in the offer.")
    assert done(world) == [] and not disengaged(world)


def test_the_judge_alone_is_enough(client: Client, contact: Contact) -> None:
    here = panel(client, "text")
    here.add("disengage_contact", WHEN)
    world = here.attempt(contact, Reply("I see."), verdicts={"disengage_contact": 0.99})
    world.say("Sorry, I am not interested.")
    assert done(world) == ["disengage_contact"] and disengaged(world)


@pytest.mark.parametrize(("attempt", "fires"), [(1, False), (2, False), (3, True), (4, True)])
def test_failed_attempts_disengage(
    client: Client, contact: Contact, attempt: int, fires: bool
) -> None:
    here = panel(client, "voice")
    here.add("disengage_contact", moment="no_answer", no_answer="attempt", n=3)
    world = here.attempt(contact, direction="outbound", attempt=attempt)
    world.do(world.session.not_answered("not_answered"))
    assert disengaged(world) is fires


def test_an_answered_third_attempt_does_not(client: Client, contact: Contact) -> None:
    here = panel(client, "voice")
    here.add("disengage_contact", moment="no_answer", no_answer="attempt", n=3)
    world = here.attempt(contact, direction="outbound", attempt=3)
    world.do(world.session.answered())
    assert not disengaged(world)


def test_days_of_silence_disengage_and_close_the_thread(client: Client, contact: Contact) -> None:
    here = panel(client, "text")
    here.add("disengage_contact", moment="idle", idle="silent_days", n=3)
    here.add("summarize_note", moment="after_end")
    world = here.attempt(contact)
    world.say("Hello, I would like an offer.")
    world.do(world.session.skip(2 * DAY))
    assert not disengaged(world) and world.row().state == "open"
    world.do(world.session.skip(DAY))
    assert disengaged(world) and world.row().state == "ended"
    assert done(world) == ["disengage_contact", "summarize_note"]


def test_hours_of_silence_close_it_before_its_time(client: Client, contact: Contact) -> None:
    here = panel(client, "text")
    here.add("disengage_contact", moment="idle", idle="silent_hours", n=2)
    world = here.attempt(contact)
    world.say("Hello.")
    world.do(world.session.skip(7200))
    assert disengaged(world) and world.row().state == "ended"


def test_what_waits_for_a_longer_silence_still_happens(client: Client, contact: Contact) -> None:
    here = panel(client, "text")
    here.add("disengage_contact", moment="idle", idle="silent_hours", n=2)
    here.add("summarize_note", moment="idle", idle="silent_days", n=2)
    world = here.attempt(contact)
    world.say("Hello.")
    world.do(world.session.skip(7200))
    assert disengaged(world) and world.row().state == "open"
    world.do(world.session.skip(2 * DAY))
    assert done(world) == ["disengage_contact", "summarize_note"]
    assert world.row().state == "ended"


def test_who_writes_again_is_answered(client: Client, contact: Contact) -> None:
    Contact.objects.update(disengaged=True)
    contact.refresh_from_db()
    here = panel(client, "text")
    world = here.attempt(contact)
    world.say("Hello.")
    world.do(world.session.skip(3600))
    assert world.row().state == "open" and world.heard.all


def test_silence_after_disengagement_sends_nothing(client: Client, contact: Contact) -> None:
    here = panel(client, "text")
    here.add("disengage_contact", WHEN)
    here.add("send_sms", "", {"text": "Are you still there?"}, moment="idle", idle="silent_days")
    world = here.attempt(contact)
    world.say("I am not interested.")
    world.do(world.session.skip(DAY))
    (sms,) = left(world)
    assert sms.gate["code"] == "disengaged" and sms.gate["sentence"].endswith("no more outreach.")
