"""Colleagues: whose deal it is, who is told and how, in the live world and in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from agents.contacts.models import Contact
from agents.contacts.services import snapshot
from agents.conversations.models import Conversation
from agents.conversations.services import open_conversation
from agents.outbox.models import Delivery
from agents.routing.models import Inbox, Person
from tests.engine.world import Reply, World, action, call, join, make_version

pytestmark = pytest.mark.django_db
WORLDS = pytest.mark.parametrize("sandbox", [False, True], ids=["live", "sandbox"])


def person(name: str, **values: Any) -> str:
    return f"person:{Person.objects.create(name=name, **values).pk}"


def talk(row: Any, names: dict[str, str], contact: Contact, **how: Any) -> World:
    """A conversation of one action with the contact."""
    version = make_version([row], "voice")
    version.content = {**version.content, "names": names}
    version.save()
    world = {"contact": snapshot(contact=contact), "simulated": how.pop("simulated", {})}
    replies = how.pop("replies", ())
    conversation = open_conversation(
        agent=version.agent, version=version, contact=contact, channel="voice",
        world=world if how["sandbox"] else {}, **how,
    )  # fmt: skip
    return join(conversation, *replies)


def voicemail(contact: Contact, *, sandbox: bool, kind: str = "machine") -> list[Delivery]:
    people = {
        person("Ana"): "Ana",
        person("Ben", notify="sms", phone="+14155550102"): "Ben",
        person("Cy", notify="email", email="cy@example.com"): "Cy",
        person("Di", notify="email"): "Di",
    }
    config = {"text": "Hi [FirstName|there].", "told": [*people, "person:99999"]}
    row = action("leave_voicemail", config=config, moment="no_answer")
    world = talk(row, people, contact, sandbox=sandbox, direction="outbound")
    world.do(world.session.not_answered(kind))
    assert world.row().state == Conversation.State.ENDED
    return list(Delivery.objects.order_by("key"))


@WORLDS
def test_a_voicemail_and_who_is_told(contact: Contact, sandbox: bool) -> None:
    found = voicemail(contact, sandbox=sandbox)
    assert [(one.kind, one.to, one.channel, one.purpose) for one in found] == [
        ("voicemail", "+14155550142", "voice", "outreach"),
        ("notice", "", "", "notification"),
        ("sms", "+14155550102", "sms", "notification"),
        ("email", "cy@example.com", "", "notification"),
        ("notice", "", "", "notification"),
    ]
    assert found[0].contact == contact and {one.contact for one in found[1:]} == {None}
    assert found[2].title == "Notice to Ben by SMS: Voicemail left for Maria: Hi Maria."
    state = Delivery.State.PRACTICE if sandbox else Delivery.State.HELD
    assert {one.state for one in found} == {state}


@pytest.mark.parametrize("kind", ["not_answered", "busy", "failed"])
def test_only_a_machine_can_be_spoken_to(contact: Contact, kind: str) -> None:
    assert voicemail(contact, sandbox=True, kind=kind) == []


def test_colleagues_are_told_of_a_contact_who_is_blocked(contact: Contact) -> None:
    contact.blocked = True
    contact.save()
    gates = [one.gate["code"] for one in voicemail(contact, sandbox=True)]
    assert gates == ["dnc", "allowed", "allowed", "allowed", "allowed"]


PIPELINE = "hubspot_pipeline:practice-support"


def routed(
    contact: Contact, *, sandbox: bool = True, simulated: str = "", **person_is: Any
) -> World:
    """The caller asks for the colleague whose deal it is; nobody but Ana is known."""
    if person_is.pop("known", True):
        person("Ana Ruiz", phone="+14155550101", **person_is)
    inbox = Inbox.objects.create(name="Support")
    inbox.members.add(Person.objects.create(name="Cy Ode", phone="+14155550103"))
    names = {PIPELINE: "Support (practice)", f"inbox:{inbox.pk}": "Support"}
    config = {"pipeline": PIPELINE, "fallback": f"inbox:{inbox.pk}"}
    row = action("route_deal_owner", "they want their account manager", config=config)
    replies = [Reply("", [call("route_deal_owner")])]
    world = talk(
        row, names, contact, sandbox=sandbox, direction="inbound", replies=replies,
        simulated={"hubspot": simulated},
    )  # fmt: skip
    world.say("my account manager, please")
    return world


NOBODY = "no open deal, and the contact has no owner"
STRANGER = "owner of the newest open deal is sam.lee@practice.example, who is not one of our people"


@pytest.mark.parametrize(
    ("simulated", "found", "to"),
    [
        ("", "owner of the newest open deal", "Ana Ruiz"),
        ("contact_owner", "owner of the contact", "Ana Ruiz"),
        ("nobody", NOBODY, "Support"),
        ("unknown_owner", STRANGER, "Support"),
        ("down", "HubSpot does not answer", "Support"),
    ],
)
def test_what_the_practice_hubspot_plays(
    contact: Contact, simulated: str, found: str, to: str
) -> None:
    world = routed(contact, simulated=simulated, email="ana@example.com")
    assert world.row().runs.get().line == found
    world.do(world.session.leg("answered"))
    assert world.row().outcome == f"transferred to {to}"
    assert world.row().runs.get().line == f"transferred to {to} ({found})"


@pytest.mark.parametrize(
    ("person_is", "found"),
    [
        ({"email": ""}, STRANGER),
        ({"known": False}, STRANGER),
        (
            {"email": "ana@example.com", "available": False},
            "owner of the newest open deal is Ana Ruiz, who is not available",
        ),
    ],
)
def test_an_owner_who_cannot_be_reached(
    contact: Contact, person_is: dict[str, Any], found: str
) -> None:
    world = routed(contact, **person_is)
    world.do(world.session.leg("answered"))
    assert world.row().runs.get().line == f"transferred to Support ({found})"


def test_without_a_connection_the_inbox_is_rung(contact: Contact) -> None:
    world = routed(contact, sandbox=False)
    assert world.row().runs.get().line == "HubSpot is not connected"
    assert world.row().outcome == "calling Support"


def test_an_owner_who_does_not_answer_leaves_it_to_the_inbox(contact: Contact) -> None:
    world = routed(contact, email="ana@example.com")
    for happened in ("no_answer", "no_answer", "message_taken"):
        world.do(world.session.leg(happened))
    assert world.row().outcome == "message taken for Support"
