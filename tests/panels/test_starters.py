"""Each ready-made start in practice mode, to its main outcome."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from actions.practice import understand
from agents.calendars.models import Calendar
from agents.contacts.models import Contact, ContactList
from agents.engine import compiled
from agents.outbox.models import Delivery
from agents.panels import services
from agents.panels.linter import lint, read_actions
from agents.panels.models import Agent
from agents.panels.starters import STARTERS
from agents.routing.models import Inbox, Person
from agents.tryit.services import start_test
from tests.engine.world import World, join
from tests.panels.conftest import HTMX


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Versions of another test have the same primary keys."""
    compiled.forget()
    yield
    compiled.forget()


def made(slug: str) -> Agent:
    """A new agent from the start."""
    return services.create_agent(name=STARTERS[slug].label, kind=STARTERS[slug].kind, starter=slug)


def tried(slug: str, *said: str, known: bool = True) -> World:
    """A test of it in practice mode, with these words of the contact."""
    agent = made(slug)
    channel = "voice" if agent.kind == "voice" else "sms"
    contact = Contact.objects.filter(sample=True, blocked=False).order_by("created_at").first()
    test = start_test(
        agent=agent, contact=contact if known else None, channel=channel, direction="inbound",
        attempt=1, user=None,
    )  # fmt: skip
    world = join(test, practice=True)
    world.do(world.session.greet())
    for text in said:
        world.say(text)
    return world


@pytest.mark.parametrize("slug", STARTERS)
def test_nothing_is_to_be_corrected_and_practice_mode_understands_it(
    basics: None, slug: str
) -> None:
    panel = made(slug).panel
    assert [finding.text for finding in lint(panel)] == []
    for read in read_actions(panel):
        for text in read.predicates.values():
            assert not understand(text).needs_model, text


@pytest.mark.parametrize("slug", STARTERS)
def test_what_exists_is_used_and_nothing_is_made_twice(basics: None, slug: str) -> None:
    made(slug)
    first = [model.objects.count() for model in (Person, Inbox, Calendar, ContactList)]
    made(slug)
    assert [model.objects.count() for model in (Person, Inbox, Calendar, ContactList)] == first


def test_the_front_desk_transfers_the_call(basics: None) -> None:
    world = tried("front-desk", "My name is Maria Lopez", "Can I speak to a person?", known=False)
    if world.row().state != "ringing":
        world.say("yes")
    assert world.conversation.facts.contact.values["last_name"] == "Lopez"
    assert world.row().state == "ringing"
    world.do(world.session.leg("answered"))
    assert world.row().outcome == "transferred to Ana Ruiz (example)"


def test_the_front_desk_knows_extensions(basics: None) -> None:
    world = tried("front-desk", "Extension 204 please")
    if world.row().state != "ringing":
        world.say("yes")
    assert world.row().state == "ringing"


def test_an_appointment_is_booked_and_the_contact_tagged(basics: None) -> None:
    world = tried("appointments", "I would like an appointment", "The first one")
    bookings = world.conversation.facts.bookings
    assert len(bookings) == 1
    assert ("contact_disposition", "done") in world.runs()
    assert "Booked" in world.heard.all
    world.say("I want to cancel my appointment")
    assert world.conversation.facts.bookings == []


def test_a_lead_is_qualified(basics: None) -> None:
    world = tried(
        "leads", "What is the price?", "My name is Eva Lang", "eva@lang.com", "Tuesday at 10",
        known=False,
    )  # fmt: skip
    facts = world.conversation.facts.contact
    assert (facts.values["first_name"], facts.values["email"]) == ("Eva", "eva@lang.com")
    leads = ContactList.objects.get(name="New leads")
    assert f"list:{leads.pk}" in facts.lists
    assert "Thank you, Eva." in world.heard.all
    assert world.runs() == [("sms_sequence", "done"), ("contact_disposition", "done")]


def test_a_lead_that_says_nothing_useful_is_not_qualified(basics: None) -> None:
    world = tried("leads", "What is the price?", "no", "no", "no", known=False)
    assert ("contact_disposition", "done") not in world.runs()


def test_a_ticket_is_made_and_the_call_transferred(basics: None) -> None:
    world = tried(
        "support",
        "My name is Maria Lopez",
        "I have restarted it, it is still not working",
    )
    if world.row().state != "ringing":
        world.say("yes")
    assert world.row().state == "ringing"
    world.do(world.session.leg("answered"))
    ticket = Delivery.objects.get(conversation_id=world.conversation.id, kind="hubspot_ticket")
    assert "Maria Lopez" in str(ticket.payload)
    assert ("create_ticket", "done") in world.runs()


def test_no_ticket_where_the_call_is_solved(basics: None) -> None:
    world = tried("support", "It works again, goodbye")
    assert world.row().state == "ended"
    assert not Delivery.objects.filter(kind="hubspot_ticket").exists()


def test_the_page_shows_each_with_what_is_inside(builder: Client, basics: None) -> None:
    url = reverse("panels:new")
    body = builder.get(url, headers=HTMX).content.decode()
    for starter in STARTERS.values():
        assert starter.label in body and starter.inside[0] in body
    data = {"settings.name": "Leads", "settings.kind": "voice", "settings.starter": "leads"}
    builder.post(url, data, headers=HTMX)
    agent = Agent.objects.get(name="Leads")
    assert agent.kind == "text" and agent.panel.actions.filter(type="sms_sequence").exists()
