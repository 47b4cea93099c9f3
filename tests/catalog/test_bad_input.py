"""What people type and say that cannot be used: a sentence for each, on the card or spoken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agents.panels import services
from tests.catalog import showcase
from tests.engine.world import Reply, World, action, make_world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
GIVES = "the contact gives an e-mail address or a phone number"
DETAILS = {
    "fields": [{"id": "1", "property": "property:email"}, {"id": "2", "property": "property:phone"}]
}


def details(*replies: Reply) -> World:
    """A conversation that saves e-mail and phone; practice mode where no reply is given."""
    saves = action("update_contact_property", GIVES, config=DETAILS)
    return make_world([saves], *replies, practice=not replies, names=showcase.names())


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("my e-mail is john at", "I did not get the whole e-mail address."),
        ("my e-mail is john@lopez", "I did not get the whole e-mail address."),
        ("my number is five five five zero one", "I did not get the whole phone number."),
        (
            "my number is four one five hello five five five zero one two three",
            "I did not get the whole phone number.",
        ),
        ("I am at the office", "I understand."),
        ("my account number is 4711", "I understand."),
    ],
)
def test_half_an_address_is_asked_for_again(said: str, answer: str) -> None:
    world = details()
    world.say(said)
    assert world.heard.all.strip().startswith(answer) and not world.runs()


def test_a_number_said_with_hesitation_is_saved() -> None:
    world = details()
    world.say("it is four one five um five five five and zero one dash two three, thanks")
    assert world.runs() == [("update_contact_property", "done")]
    assert world.conversation.facts.contact.values["phone"] == "+14155550123"


def test_a_model_that_proposes_half_an_address_is_told() -> None:
    call = showcase.called("update_contact_property")
    half = call.__class__(call.id, call.name, '{"email": "john at", "phone": null}')
    world = details(Reply("", [half]), Reply("Could you spell it, please?"))
    world.say("my e-mail is john at")
    assert "not a complete e-mail address. Ask again." in str(world.chat.requests[-1].messages)
    assert "email" not in world.conversation.facts.contact.values
    assert world.heard.all.strip().endswith("Could you spell it, please?")


def test_a_message_of_five_thousand_characters(client_for: Callable[[str], Client]) -> None:
    agent = services.create_agent(name="Desk", kind="text")
    row = services.add_action(panel=agent.panel, slug="send_sms")
    url = reverse("panels:action", args=[agent.uuid, row.uid])
    posted = {"when": "asked", "config.text": "a" * 5000, "revision": str(row.revision)}
    page = client_for("builder").post(url, posted, headers=HTMX).content.decode()
    assert "At most 1600 characters." in page and "33 segments" in page
    assert "a" * 5000 in page, "what was typed stays"
    row.refresh_from_db()
    assert row.config.get("text", "") == ""
