"""The Try-it pane: its form, its start, and what it shows of a test that goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from agents.conversations.models import Conversation
from agents.panels.freeze import freeze_panel
from agents.panels.models import Agent, InstructionPanel
from integrations.models import Connection
from tests.conversations.factories import (
    make_agent,
    make_contact,
    make_conversation,
    make_example,
    make_version,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[str], Client]
Started = list[dict[str, Any]]


@pytest.fixture
def builder(client_for: ClientFor) -> Client:
    return client_for("builder")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """What tests were started with; the conversation is made without the engine."""
    calls: Started = []

    def start_test(**given: Any) -> Conversation:
        calls.append(given)
        agent: Agent = given["agent"]
        return make_conversation(
            agent,
            version=make_version(agent),
            contact=given["contact"],
            channel=given["channel"],
            direction=given["direction"],
            sandbox=True,
        )

    monkeypatch.setattr("agents.conversations.views.start_test", start_test)
    return calls


def address(agent: Agent) -> str:
    return reverse("conversations:try", args=[agent.uuid])


def test_a_page_includes_the_pane_with_nothing_but_the_agent() -> None:
    agent = make_agent()
    html = Template('{% include "tryit/pane.html" %}').render(Context({"agent": agent}))
    assert 'id="aside"' in html
    assert "Practice mode: rules, no language model" in html
    assert "Call the agent as an unknown caller" in html


def test_with_a_model_the_pane_does_not_speak_of_practice(builder: Client) -> None:
    Connection.objects.create(vendor="model", name="Local")
    assert b"Practice mode" not in builder.get(address(make_agent())).content


def test_starting_a_call_hands_over_what_was_chosen(builder: Client, started: Started) -> None:
    agent, contact = make_agent(), make_contact()
    response = builder.post(
        address(agent), {"contact": str(contact.pk), "direction": "outbound", "attempt": "3"}
    )
    given = started[0]
    assert (given["agent"], given["contact"]) == (agent, contact)
    assert (given["channel"], given["direction"], given["attempt"]) == ("voice", "outbound", 3)
    assert given["user"].email == "builder@example.com"
    made = Conversation.everything.get()
    html = response.content.decode()
    assert f'data-conversation="{made.pk}"' in html
    assert f'data-socket="/ws/try/{made.pk}/"' in html


@pytest.mark.parametrize(
    ("sent", "channel", "direction", "attempt"),
    [
        ({"channel": "sms"}, "sms", "inbound", 1),
        ({"channel": "voice", "direction": "outbound"}, "chat", "inbound", 1),
        ({"channel": "nonsense", "attempt": "-1"}, "chat", "inbound", 1),
        ({"attempt": "999"}, "chat", "inbound", 20),
        ({"attempt": "٣"}, "chat", "inbound", 1),
    ],
)
def test_nonsense_in_the_form_becomes_what_is_legal(
    builder: Client,
    started: Started,
    sent: dict[str, str],
    channel: str,
    direction: str,
    attempt: int,
) -> None:
    builder.post(address(make_agent(kind="text")), sent | {"contact": "nonsense"})
    given = started[0]
    assert given["contact"] is None
    assert (given["channel"], given["direction"]) == (channel, direction)
    assert given["attempt"] == attempt


def test_only_a_sample_contact_can_be_played(builder: Client, started: Started) -> None:
    contact = make_contact()
    type(contact).objects.update(sample=False)
    builder.post(address(make_agent()), {"contact": str(contact.pk)})
    assert started[0]["contact"] is None


def test_support_may_not_try(client_for: ClientFor, started: Started) -> None:
    client, agent = client_for("support"), make_agent()
    assert client.get(address(agent)).status_code == 403
    assert client.post(address(agent)).status_code == 403
    assert started == []


def test_changing_the_setup_answers_with_an_empty_pane(builder: Client) -> None:
    html = builder.get(address(make_agent()), {"direction": "outbound", "contact": ""}).content
    assert b"The agent calls an unknown contact" in html
    assert b"data-conversation" not in html


def test_the_first_sample_contact_is_chosen_until_somebody_chooses(builder: Client) -> None:
    agent, _ = make_agent(), make_contact()
    assert b"Call the agent as Maria Lopez" in builder.get(address(agent)).content
    assert b"unknown caller" in builder.get(address(agent), {"contact": ""}).content


def test_a_reloaded_page_goes_on_with_its_test(builder: Client) -> None:
    test = make_example(sandbox=True)
    query = {"conversation": str(test.conversation.pk)}
    html = builder.get(address(test.agent), query).content.decode()
    assert html.count("<article") == 5
    assert "Would have left" in html


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_conversation_of_something_else_is_not_shown(builder: Client, sandbox: bool) -> None:
    other = make_example(sandbox=sandbox)
    agent = make_agent("Other") if sandbox else other.agent
    for wanted in (str(other.conversation.pk), "nonsense"):
        html = builder.get(address(agent), {"conversation": wanted}).content
        assert b"data-conversation" not in html


def test_the_pane_says_that_the_draft_has_changed(builder: Client) -> None:
    agent = make_agent()
    test = make_conversation(agent, version=freeze_panel(panel=agent.panel), sandbox=True)
    where = reverse("conversations:draft", args=[test.pk])
    assert b"has changed" not in builder.get(where).content
    InstructionPanel.objects.update(instructions="Be brief.")
    assert b"The draft has changed since this test started" in builder.get(where).content
    InstructionPanel.objects.update(instructions="You are the front desk.")
    assert b"has changed" not in builder.get(where).content


def test_an_unknown_agent_is_not_found(builder: Client) -> None:
    agent = make_agent()
    where = address(agent)
    agent.delete()
    assert builder.get(where).status_code == 404
    assert builder.post(where).status_code == 404
