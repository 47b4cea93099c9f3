"""A main condition and conditions per choice: the form says which decides, and that one does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agents.contacts.models import Tag
from agents.panels import services
from agents.panels.linter import lint
from agents.panels.models import Action
from tests.engine.world import action, make_world

pytestmark = pytest.mark.django_db(transaction=True)
MAIN = "the caller makes a complaint"
PRICE, BILL = "the caller asks about the price", "the caller asks about a bill"
SAID = {
    "own": "One of the conditions below is met.",
    "both": "A choice with a condition of its own: when that one is met.",
    "idle": "the one above decides nothing.",
}


def _tags(*conditions: str) -> dict[str, Any]:
    tags = [Tag.objects.get_or_create(name=name)[0] for name in ("Price", "Bill")]
    return {
        "tags": [
            {"id": str(n), "tag": f"tag:{tag.pk}", "when": when}
            for n, (tag, when) in enumerate(zip(tags, conditions, strict=True))
        ]
    }


def _card(main: str, *conditions: str) -> Action:
    call_command("basics")
    agent = services.create_agent(name="Front desk", kind="text")
    row = services.add_action(panel=agent.panel, slug="communication_tag")
    draft = services.ActionDraft(when=main, config=_tags(*conditions))
    services.save_action(action=row, draft=draft)
    return row


def _added(main: str, said: str, *conditions: str) -> list[str]:
    """The tags that are added in practice mode on these words."""
    config = _tags(*conditions)
    names = {
        row["tag"]: Tag.objects.get(pk=row["tag"].split(":")[1]).name for row in config["tags"]
    }
    card = action("communication_tag", main, config=config)
    world = make_world([card], practice=True, names=names)
    world.say(said)
    return sorted(names[ref] for ref in world.conversation.facts.tags)


@pytest.mark.parametrize(
    ("main", "conditions", "which"),
    [
        ("", (PRICE, BILL), "own"),
        (MAIN, (PRICE, ""), "both"),
        (MAIN, (PRICE, BILL), "idle"),
        (MAIN, ("", ""), ""),
    ],
)
def test_the_form_says_which_decides(
    main: str, conditions: tuple[str, str], which: str, builder: Client
) -> None:
    row = _card(main, *conditions)
    url = reverse("panels:action", args=[row.panel.agent.uuid, row.uid])
    shown = builder.get(url, headers={"HX-Request": "true"}).content.decode()
    assert {name for name, text in SAID.items() if text in shown} == ({which} if which else set())
    warned = [found.text for found in lint(row.panel) if "decides nothing" in found.text]
    assert bool(warned) is (which == "idle")


@pytest.mark.parametrize(
    ("main", "conditions", "said", "added"),
    [
        ("", (PRICE, BILL), "How much is it?", ["Price"]),
        ("", (PRICE, BILL), "I want to make a complaint", []),
        (MAIN, (PRICE, ""), "How much is it?", ["Price"]),
        (MAIN, (PRICE, ""), "I want to make a complaint", ["Bill"]),
        (MAIN, (PRICE, BILL), "I want to make a complaint", []),
        (MAIN, ("", ""), "I want to make a complaint", ["Bill", "Price"]),
    ],
)
def test_that_one_decides(
    main: str, conditions: tuple[str, str], said: str, added: list[str]
) -> None:
    assert _added(main, said, *conditions) == added
