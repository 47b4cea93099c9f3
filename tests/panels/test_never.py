"""An *only if* that can never be true is told on the card."""

from __future__ import annotations

from typing import Any

import pytest

from agents.panels import services
from agents.panels.linter import lint
from agents.panels.models import Action

pytestmark = pytest.mark.django_db
ENDED = {"kind": "ended_with", "scope": "conversation"}


@pytest.fixture
def cards() -> tuple[Action, Action]:
    """A card that waits, and one that it may wait for."""
    agent = services.create_agent(name="Desk", kind="voice")
    Action.objects.filter(panel=agent.panel).delete()
    made = [services.add_action(panel=agent.panel, slug=slug) for slug in ("set_dnc", "end_call")]
    return made[0], made[1]


def said(card: Action, guards: list[dict[str, Any]]) -> str:
    draft = services.ActionDraft(when="it is so", only_if=guards)
    services.save_action(action=card, draft=draft)
    found = [one.text for one in lint(card.panel) if one.uid == str(card.uid)]
    return next((text for text in found if "never be true" in text), "")


@pytest.mark.parametrize(
    ("guards", "why"),
    [
        ([{"kind": "channel", "value": "sms"}], "does not use that channel"),
        ([{"kind": "direction", "value": way} for way in ("inbound", "outbound")], "one direction"),
        ([{"kind": "open"}, {"kind": "closed"}], "contradict each other"),
        (
            [{"kind": f"{has}_property", "ref": "property:email"} for has in ("has", "lacks")],
            "contradict each other",
        ),
        ([{"kind": "turn_from", "number": 5}, {"kind": "turn_to", "number": 2}], "both 5 or later"),
        ([{"kind": "turn_from", "number": 2}, {"kind": "turn_to", "number": 2}], ""),
        ([{"kind": "channel", "value": "voice"}, {"kind": "open"}], ""),
    ],
)
def test_conditions_that_exclude_each_other(
    cards: tuple[Action, Action], guards: list[dict[str, Any]], why: str
) -> None:
    text = said(cards[0], guards)
    assert (why in text) and bool(text) == bool(why)


def test_waiting_for_what_never_comes(cards: tuple[Action, Action]) -> None:
    first, second = cards
    done = ENDED | {"ref": f"action:{second.uid}", "value": "done"}
    assert said(first, [done]) == ""
    assert "never ends with “booked”" in said(first, [done | {"value": "booked"}])
    assert "waits for itself" in said(first, [done | {"ref": f"action:{first.uid}"}])
    services.set_enabled(action=second, enabled=False)
    assert "“End call” is disabled" in said(first, [done, {"kind": "open"}])
