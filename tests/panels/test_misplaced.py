"""A condition that belongs to another moment is recognised, said, and moved by one click."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from actions.practice.moments import Belongs, belongs
from agents.panels import services
from agents.panels.linter import PanelFinding, lint
from agents.panels.models import Action

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("condition", "moment", "event", "n"),
    [
        ("after multiple failed call attempts or inactivity", "no_answer", "attempt", 3),
        ("after 2 call attempts", "no_answer", "attempt", 2),
        ("the third attempt fails", "no_answer", "attempt", 3),
        ("when the call is not answered", "no_answer", "not_answered", 1),
        ("the line is busy", "no_answer", "busy", 1),
        ("an answering machine picks up", "no_answer", "machine", 1),
        ("after the call ends", "after_end", "", 1),
        ("before a transfer", "before_handoff", "", 1),
        ("when the customer has been silent for two days", "idle", "silent_days", 2),
        ("the contact does not reply within 5 hours", "idle", "silent_hours", 5),
        ("no response for a week", "idle", "silent_days", 7),
    ],
)
def test_where_a_condition_belongs(condition: str, moment: str, event: str, n: int) -> None:
    found = belongs(condition)
    assert found == Belongs(found.moment, event, n) and found.moment == moment  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "condition",
    [
        "the customer asks about pricing", "the caller says they tried three times",
        "the contact replies “no answer”", "the caller says goodbye", "it is not working",
        "the caller asks what happens after the call ends", "",
    ],
)  # fmt: skip
def test_words_stay_where_they_are(condition: str) -> None:
    assert belongs(condition) is None


def _card(kind: str, slug: str, when: str, **config: Any) -> Action:
    call_command("basics")
    agent = services.create_agent(name="Front desk", kind=kind)
    row = services.add_action(panel=agent.panel, slug=slug)
    services.save_action(action=row, draft=services.ActionDraft(when=when, config=config))
    return row


def _said(row: Action) -> list[PanelFinding]:
    return [found for found in lint(row.panel) if found.fix and found.fix.moment]


@pytest.mark.parametrize(
    ("kind", "slug", "when", "moment", "event"),
    [
        ("voice", "send_sms", "after multiple failed call attempts", "no_answer",
         {"kind": "attempt", "n": 3}),
        ("voice", "summarize_note", "after the call ends", "after_end", {}),
        ("text", "send_sms", "when the customer has been silent for two days", "idle",
         {"kind": "silent_days", "n": 2}),
        ("text", "send_sms", "the contact does not answer", "idle",
         {"kind": "silent_days", "n": 1}),
    ],
)  # fmt: skip
def test_one_click_moves_it(
    kind: str, slug: str, when: str, moment: str, event: dict[str, Any], builder: Client
) -> None:
    row = _card(kind, slug, when)
    (found,) = _said(row)
    assert when in found.text
    url = reverse("panels:moment", args=[row.panel.agent.uuid, row.uid])
    assert builder.post(url, headers={"HX-Request": "true"}).status_code == 200
    row.refresh_from_db()
    assert (row.when, row.moment, row.event) == ("", moment, event)
    assert _said(row) == []


def test_a_card_whose_condition_is_about_words_is_left_alone(builder: Client) -> None:
    row = _card("voice", "send_sms", "the caller asks about the price")
    assert _said(row) == []
    builder.post(reverse("panels:moment", args=[row.panel.agent.uuid, row.uid]))
    row.refresh_from_db()
    assert (row.when, row.moment) == ("the caller asks about the price", "during")
