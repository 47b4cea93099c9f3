"""Who answers, as the pane offers it: only whom the agent's actions need."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.conversations.models import Conversation
from agents.panels.models import Agent
from agents.tryit.pane import read_setup
from agents.tryit.simulations import SIMULATIONS, choices
from tests.conversations.drafts import add
from tests.conversations.factories import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def builder(client_for: Callable[[str], Client]) -> Client:
    return client_for("builder")


def address(agent: Agent) -> str:
    return reverse("tryit:try", args=[agent.uuid])


def offered(client: Client, agent: Agent, **query: str) -> tuple[list[str], str]:
    page = client.get(address(agent), query).content.decode()
    return re.findall(r'name="simulate-(\w+)"', page), page


@pytest.mark.parametrize(
    ("kind", "slugs", "who"),
    [
        ("text", [], []),
        ("text", ["send_sms", "create_ticket"], []),
        ("text", ["manage_appointment", "custom_function"], ["function", "calendar"]),
        ("voice", ["transfer_call"], ["colleague"]),
        ("voice", ["route_extension"], ["colleague"]),
        ("voice", ["route_deal_owner"], ["hubspot", "colleague"]),
    ],
)
def test_only_whom_the_actions_need(
    builder: Client, kind: str, slugs: list[str], who: list[str]
) -> None:
    agent = make_agent(kind=kind)
    for slug in slugs:
        add(agent, slug)
    found, page = offered(builder, agent)
    assert found == who
    assert ("What answers" in page) is bool(who)
    assert ("Has an appointment" in page) is ("manage_appointment" in slugs)
    agent.panel.actions.update(enabled=False)
    assert offered(builder, agent)[0] == []


def test_a_call_may_ring_by_the_settings_too(builder: Client) -> None:
    agent = make_agent(kind="voice")
    agent.settings = {**agent.settings, "fallback_ref": "inbox:1"}
    agent.save()
    assert offered(builder, agent)[0] == ["colleague"]


def test_an_unknown_type_needs_nobody(builder: Client) -> None:
    agent = make_agent(kind="voice")
    add(agent, "gone_type")
    assert offered(builder, agent)[0] == []


def test_what_is_chosen_stays_and_is_said(builder: Client) -> None:
    agent = make_agent(kind="voice")
    add(agent, "route_deal_owner")
    _, page = offered(
        builder, agent, **{"simulate-hubspot": "down", "simulate-colleague": "nonsense"}
    )
    assert '<option value="down" selected>does not answer</option>' in page
    chip = page[page.index('data-simulated="hubspot"') :]
    assert "HubSpot: does not answer" in chip
    assert 'data-simulated="colleague" hidden' in page


def test_the_choice_starts_the_test_and_is_there_again(builder: Client) -> None:
    agent = make_agent(kind="voice")
    add(agent, "transfer_call")
    builder.post(
        address(agent), {"simulate-colleague": "busy", "simulate-hubspot": "x", "booked": "1"}
    )
    test = Conversation.everything.get()
    assert test.world["simulated"] == {"colleague": "busy"} == test.world["start"]["simulated"]
    _, page = offered(builder, agent, conversation=str(test.pk))
    assert '<option value="busy" selected>is busy</option>' in page


@pytest.mark.parametrize(
    ("data", "simulated", "booked"),
    [
        ({}, {}, False),
        ({"simulate-calendar": "", "simulate-function": "slow"}, {"function": "slow"}, False),
        ({"simulate-calendar": "fully", "booked": "1"}, {}, True),
    ],
)
def test_the_form_is_read(data: dict[str, Any], simulated: dict[str, str], booked: bool) -> None:
    setup = read_setup(make_agent(kind="text"), data)
    assert (setup.simulated, setup.booked) == (simulated, booked)


def test_every_way_has_words() -> None:
    agent = make_agent(kind="voice")
    for slug in ("route_deal_owner", "custom_function", "manage_appointment"):
        add(agent, slug)
    assert [one.simulation.what for one in choices(agent, {})] == list(SIMULATIONS)
    for simulation in SIMULATIONS.values():
        assert next(iter(simulation.ways)) == "" and all(simulation.ways.values())
