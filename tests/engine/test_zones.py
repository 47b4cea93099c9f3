"""The contact's time zone, else the agent's, else the site's: what is told, asked and kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.contacts.models import Contact, Property
from agents.conversations.models import Conversation
from agents.engine import prompt
from agents.engine.conversation import ConversationState
from agents.panels import services
from agents.panels.linter import lint
from agents.panels.models import Agent
from agents.ports.context import template_values
from tests.engine.world import Reply, World, action, call, join, make_world

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)  # Tuesday; Monday 18:30 in Los Angeles
WEST, BERLIN = "America/Los_Angeles", "Europe/Berlin"


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation's clock stands still."""
    monkeypatch.setattr(ConversationState, "now", lambda _: NIGHT)


def contact(zone: str = "") -> Contact:
    """Maria, who lives there."""
    values = {"first_name": "Maria", "phone": "+14155550142"}
    return Contact.objects.create(values=values, phone=values["phone"], time_zone=zone)


def known(world: World) -> str:
    """What the model is told of the moment."""
    return prompt.known(world.conversation)


ZONES = [
    (WEST, BERLIN, "Monday 2026-03-02 18:30 (America/Los_Angeles)", ("2026-03-02", "18:30 PST")),
    ("", BERLIN, "Tuesday 2026-03-03 03:30 (Europe/Berlin)", ("2026-03-03", "03:30 CET")),
    ("", "", "Tuesday 2026-03-03 11:30 (Asia/Tokyo)", ("2026-03-03", "11:30 JST")),
]


@pytest.mark.parametrize("sandbox", [True, False])
@pytest.mark.parametrize(("where", "agent", "told", "values"), ZONES)
def test_the_prompt_and_the_variables_name_the_contact_s_time(
    night: None, settings: Any, sandbox: bool, where: str, agent: str, told: str,
    values: tuple[str, str],
) -> None:  # fmt: skip
    settings.TIME_ZONE = "Asia/Tokyo"
    world = make_world(
        [action("set_dnc")], "Hello.", sandbox=sandbox, contact=contact(where),
        settings={"hours": {"zone": agent}},
    )  # fmt: skip
    world.say("Hello")
    assert f"Time: {told}\n" in known(world)
    assert f"Time: {told}" in str(world.chat.requests[0].messages)
    found = template_values(world.conversation)
    assert (found["Date"], found["Time"]) == values


def test_a_snapshot_that_says_utc_knew_no_zone(night: None, settings: Any) -> None:
    settings.TIME_ZONE = BERLIN
    world = make_world([action("set_dnc")], contact=contact())
    row = Conversation.everything.get(id=world.conversation.id)
    row.world["contact"]["time_zone"] = "UTC"
    row.save(update_fields=["world"])
    again = join(row)
    again.conversation.begin(1, "")
    assert "(Europe/Berlin)" in known(again)


@pytest.mark.parametrize(("where", "day"), [(WEST, "2026-03-03"), ("", "2026-03-04")])
def test_tomorrow_is_counted_from_the_contact_s_day(night: None, where: str, day: str) -> None:
    Property.objects.create(key="moving", label="Moving day", kind="date")
    world = make_world(
        [action("update_contact_property", config={
            "fields": [{"id": "1", "property": "property:moving"}]})],
        contact=contact(where), names={"property:moving": "Moving day"},
    )  # fmt: skip
    name = next(iter(world.conversation.version.actions[0].arguments.model_fields))
    world.chat.replies = [Reply("", [call("update_contact_property", **{name: "tomorrow"})])]
    world.say("I move tomorrow")
    assert world.conversation.facts.contact.values["moving"] == day


@pytest.mark.parametrize(("where", "day"), [(WEST, "2026-03-03"), ("", "2026-03-04")])
def test_a_sequence_keeps_the_contact_s_tomorrow(night: None, where: str, day: str) -> None:
    Property.objects.create(key="moving", label="Moving day", kind="date")
    step = {
        "id": "1", "messages": [{"id": "1", "text": "When do you move?"}],
        "expected": "a date", "capture": "property:moving",
    }  # fmt: skip
    world = make_world(
        [action("sms_sequence", "the contact asks for a price", config={"steps": [step]})],
        practice=True, channel="sms", contact=contact(where),
        names={"property:moving": "Moving day"},
    )  # fmt: skip
    world.say("What is the price?")
    world.say("tomorrow")
    assert world.conversation.facts.contact.values["moving"] == day


def test_business_hours_without_a_zone_are_in_the_site_s(night: None, settings: Any) -> None:
    settings.TIME_ZONE = WEST
    hours = {"zone": "UTC", "monday": "9:00-19:00"}  # as an earlier release stored it
    world = make_world([action("set_dnc")], settings={"hours": hours})
    world.say("Hello")
    assert world.conversation.facts.open_now


# --- the question ---------------------------------------------------------------------------------


@pytest.fixture
def agent(db: None) -> Agent:
    """An agent without a time zone."""
    return services.create_agent(name="Desk", kind="voice")


QUESTION = "Which time zone are you in?"


def test_settings_ask_for_the_zone_until_one_is_chosen(
    agent: Agent, client_for: Any, settings: Any
) -> None:
    settings.TIME_ZONE = "America/New_York"
    builder: Client = client_for("builder")
    url = reverse("panels:settings", args=[agent.uuid])
    page = builder.get(url).content.decode()
    assert page.count(QUESTION) == 1 and "America/New York." in page
    section = reverse("panels:section", args=[agent.uuid, "hours"])
    typed = {
        "settings.hours.zone": "UTC", "settings.outside_call": "answer",
        "settings.outside_words": "Closed.",
    }  # fmt: skip
    saved = builder.post(section, typed, headers={"HX-Request": "true"}).content.decode()
    assert "Saved" in saved and QUESTION not in saved
    assert QUESTION not in builder.get(url).content.decode()


def test_hours_without_a_zone_are_warned_of(agent: Agent) -> None:
    def warned() -> bool:
        agent.refresh_from_db()
        return any("no time zone" in finding.text for finding in lint(agent.panel))

    assert not warned()
    Agent.objects.update(settings={"hours": {"zone": "UTC", "monday": "9:00-17:00"}})
    assert warned()
    Agent.objects.update(settings={"hours": {"zone": BERLIN, "monday": "9:00-17:00"}})
    assert not warned()
