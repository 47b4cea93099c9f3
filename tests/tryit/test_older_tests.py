"""Tests that an earlier release has left: their steps and what was simulated in them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from agents.conversations.models import Conversation
from agents.core.models import User
from agents.tryit.pane import setup_of
from agents.tryit.replay import steps_of
from agents.tryit.trail import trail_of
from tests.conversations.factories import make_agent, make_conversation
from tests.tryit.socket import run_script

pytestmark = pytest.mark.django_db(transaction=True)
STEPS: list[dict[str, Any]] = [
    {"type": "skip", "seconds": 3600, "after": 1},
    {"type": "play", "what": "hubspot", "how": "down", "after": 1},
    {"type": "leg", "outcome": [], "after": 2},
    {"type": "release", "after": 3},
]


def older(**world: Any) -> Conversation:
    return make_conversation(make_agent("Chat", "text"), channel="chat", sandbox=True, world=world)


def migrate() -> None:
    class Editor:
        """What a migration gets of the schema editor."""

        connection = connection

    import_module("agents.tryit.migrations.0002_steps_of_older_tests").move(apps, Editor())


def test_steps_become_rows_in_their_order() -> None:
    test, other = older(steps=STEPS, start={"hours": "open"}), older(start={})
    migrate()
    test.refresh_from_db()
    assert test.world == {"start": {"hours": "open"}}
    assert [(one.after, one.words) for one in trail_of(test)] == [
        (1, "1 hour later"),
        (1, "HubSpot: does not answer"),
        (3, "Staff released it"),
    ]
    assert [step["type"] for step in steps_of(test)] == ["skip", "simulate", "release"]
    assert trail_of(other) == []


def test_a_real_conversation_is_left_alone() -> None:
    real = make_conversation(make_agent(), world={"steps": STEPS})
    migrate()
    real.refresh_from_db()
    assert real.world == {"steps": STEPS}


def test_what_was_simulated_is_still_known(user_of: Callable[[str], User]) -> None:
    test = older(played={"hubspot": "down", "calendar": "full"})
    assert setup_of(test).simulated == {"hubspot": "down", "calendar": "full"}
    full = {"type": "simulate", "what": "calendar", "how": ""}
    run_script(test, user_of("builder"), [(full, ("simulate", {}))])
    test.refresh_from_db()
    assert test.world["simulated"] == {"hubspot": "down", "calendar": ""}
    assert "played" not in test.world
