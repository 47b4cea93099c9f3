"""The facts panel of Try it: what is known now, and what the test changed."""

from __future__ import annotations

from typing import Any

import pytest

from agents.contacts.models import Disposition, Tag
from agents.contacts.services import snapshot
from agents.conversations.models import Conversation
from agents.routing.models import Inbox
from agents.tryit.test_facts import facts_of_test
from tests.conversations.factories import make_agent, make_contact, make_conversation

pytestmark = pytest.mark.django_db


def moved(now: dict[str, Any] | None = None, **contact: Any) -> Conversation:
    """A test whose world has moved on from where it began."""
    person = make_contact()
    start = {"contact": snapshot(contact=person)}
    world = {"contact": start["contact"] | contact, **(now or {}), "start": start}
    return make_conversation(make_agent(), contact=person, sandbox=True, world=world)


def shown(test: Conversation) -> dict[str, list[tuple[str, str]]]:
    facts = facts_of_test(test)
    both = (*facts.contact, *facts.conversation)
    return {fact.label: [(mark.text, mark.state) for mark in fact.marks] for fact in both}


def test_nothing_changed_is_nothing_marked() -> None:
    test = moved()
    assert shown(test)["First name"] == [("Maria", "")]
    assert facts_of_test(test).changes == 0


def test_a_new_value_stands_before_the_old_one() -> None:
    values = {"first_name": "Marie", "email": "new@lopez.com", "last_name": ""}
    found = shown(moved(values=values))
    assert found["First name"] == [("Marie", "new"), ("Maria", "gone")]
    assert found["E-mail"] == [("new@lopez.com", "new")]
    assert found["Last name"] == [("Lopez", "gone")]


def test_what_was_set_carries_its_name() -> None:
    tag = Tag.objects.create(name="Sales of spring")
    quote = Disposition.objects.create(name="Quote of spring")
    inbox = Inbox.objects.create(name="Front office")
    test = moved(
        {
            "tags": [f"tag:{tag.pk}"],
            "disposition": f"disposition:{quote.pk}",
            "inbox": f"inbox:{inbox.pk}",
            "notes": ["Wants a quote."],
        },
        tags=[f"tag:{tag.pk}"],
        dnc=True,
    )
    found = shown(test)
    assert found["Tags"] == found["Conversation tags"] == [("Sales of spring", "new")]
    assert found["Disposition"] == [("Quote of spring", "new")]
    assert found["Inbox"] == [("Front office", "new")]
    assert found["Notes"] == [("Wants a quote.", "new")]
    assert found["Reach"] == [("do not call, do not write", "new")]
    assert facts_of_test(test).changes == 6


def test_what_was_deleted_is_missing_and_what_was_lifted_is_gone() -> None:
    test = moved({"tags": ["tag:999999"]})
    test.world["start"]["contact"] = {**test.world["start"]["contact"], "dnc": True}
    found = shown(test)
    assert found["Conversation tags"] == [("missing", "new")]
    assert found["Reach"] == [("do not call, do not write", "gone")]


def test_an_appointment_shows_its_time() -> None:
    booked = {
        "id": "1",
        "calendar": "calendar:1",
        "service": "service:1",
        "start": "2026-11-24T09:00:00+00:00",
        "end": "2026-11-24T10:00:00+00:00",
    }
    found = shown(moved({"bookings": [booked]}))
    assert found["Appointments"] == [("Tue 24 Nov, 09:00, missing", "new")]


def test_an_unknown_contact_has_no_facts() -> None:
    test = make_conversation(make_agent(), sandbox=True, world={"start": {}})
    facts = facts_of_test(test)
    assert (facts.contact, facts.conversation) == ((), ())
