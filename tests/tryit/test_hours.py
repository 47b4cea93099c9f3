"""A test that begins within or outside business hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.hours import DAYS, Hours
from agents.conversations.models import Conversation, Turn
from agents.panels import services
from agents.panels.models import Agent
from agents.panels.schema import AgentSettings
from agents.tryit.services import replay_test, start_test

pytestmark = pytest.mark.django_db
NINE_TO_FIVE = Hours.model_validate(dict.fromkeys(DAYS, "9:00-17:00"))


@pytest.fixture
def desk(db: None) -> Agent:
    """A text agent with business hours."""
    agent = services.create_agent(name="Desk", kind="text")
    services.save_settings(agent=agent, settings=AgentSettings(hours=NINE_TO_FIVE))
    return agent


def begun(agent: Agent, hours: str) -> Conversation:
    """A test that begins then."""
    return start_test(
        agent=agent, contact=None, channel="chat", direction="inbound", attempt=1, user=None,
        hours=hours,
    )  # fmt: skip


@pytest.mark.parametrize(("hours", "open"), [("open", True), ("closed", False)])
def test_the_clock_stands_where_it_is_wanted(desk: Agent, hours: str, open: bool) -> None:
    test = begun(desk, hours)
    begins = timezone.now() + timedelta(seconds=test.clock_offset)
    assert NINE_TO_FIVE.is_open(begins) is open
    assert test.clock_offset < 24 * 3600


def test_now_is_now(desk: Agent) -> None:
    assert begun(desk, "").clock_offset == 0
    always = services.create_agent(name="Always", kind="text")
    assert begun(always, "closed").clock_offset == 0


def test_a_replay_begins_at_the_same_time(desk: Agent) -> None:
    test = begun(desk, "closed")
    Turn.objects.create(
        conversation=test, number=1, inbound="Hi", inbound_key="m1", at=test.started_at
    )
    again = replay_test(test=test, turn=1, text="", on_draft=True, user=None)
    begins = timezone.now() + timedelta(seconds=again.clock_offset)
    assert not NINE_TO_FIVE.is_open(begins)


def test_the_pane_asks_where_there_are_hours(desk: Agent, client_for: object) -> None:
    client: Client = client_for("builder")  # type: ignore[operator]
    url = reverse("tryit:try", args=[desk.uuid])
    assert "Outside hours" in client.get(url).content.decode()
    started = client.post(url, {"channel": "chat", "hours": "closed"}).content.decode()
    assert 'value="closed" selected' in started
    assert Conversation.everything.get().world["start"]["hours"] == "closed"
    always = services.create_agent(name="Always", kind="text")
    page = client.get(reverse("tryit:try", args=[always.uuid])).content.decode()
    assert "Outside hours" not in page
