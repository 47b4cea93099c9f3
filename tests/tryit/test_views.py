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
from tests.conversations.drafts import make_draft
from tests.conversations.factories import (
    make_agent,
    make_contact,
    make_conversation,
    make_example,
    make_turn,
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

    monkeypatch.setattr("agents.tryit.views.start_test", start_test)
    return calls


def address(agent: Agent) -> str:
    return reverse("tryit:try", args=[agent.uuid])


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
    where = reverse("tryit:draft", args=[test.pk])
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


# --- below the talk, and again ------------------------------------------------------------------


def dock(client: Client, agent: Agent, **query: str) -> str:
    return client.get(reverse("tryit:dock", args=[agent.uuid]), query).content.decode()


def test_below_the_talk_stand_outbox_facts_and_what_is_validated(builder: Client) -> None:
    test = make_example(sandbox=True)
    html = dock(builder, test.agent, conversation=str(test.conversation.pk))
    assert "Price list by SMS" in html
    assert "does not want to be called or written to" in html
    assert "1 segment, GSM-7" in html
    assert "maria@lopez.com" in html
    assert "This draft has no enabled action." in html


def test_without_a_test_only_what_is_validated_is_shown(builder: Client) -> None:
    agent = make_draft()
    html = dock(builder, agent)
    assert "Act out: the contact asks about a price." in html
    assert "data-outbox" not in html


def test_support_may_not_replay(client_for: ClientFor) -> None:
    test = make_example(sandbox=True)
    where = reverse("tryit:replay", args=[test.conversation.pk])
    assert client_for("support").post(where, {"turn": "2"}).status_code == 403


def stepped(agent: Agent) -> Conversation:
    """A test with one message, as the socket leaves it."""
    version = freeze_panel(panel=agent.panel)
    test = make_conversation(agent, version=version, sandbox=True, world={"start": {}})
    make_turn(test, 2, inbound="Hello", inbound_key="a:1")
    return test


@pytest.mark.parametrize("on", ["", "draft"])
def test_a_replay_is_a_new_test_in_the_pane(builder: Client, on: str) -> None:
    test = stepped(make_draft())
    InstructionPanel.objects.update(instructions="Be brief.")
    where = reverse("tryit:replay", args=[test.pk])
    html = builder.post(where, {"turn": "2", "text": " Hi \n", "on": on}).content.decode()
    made = Conversation.everything.exclude(pk=test.pk).get()
    assert f'data-conversation="{made.pk}"' in html
    assert made.world["replay"] == {"of": str(test.pk), "turn": 2, "text": "Hi"}
    assert (made.version == test.version) is (on == "")
    assert "Replayed from turn 2" in html


@pytest.mark.parametrize("turn", ["", "x", "9", "-1", "99999999999999999999", "٣"])
def test_a_turn_that_is_not_there_cannot_be_replayed(builder: Client, turn: str) -> None:
    where = reverse("tryit:replay", args=[stepped(make_draft()).pk])
    assert builder.post(where, {"turn": turn}).status_code == 404


def test_a_real_conversation_is_not_replayed(builder: Client) -> None:
    real = make_example().conversation
    where = reverse("tryit:replay", args=[real.pk])
    assert builder.post(where, {"turn": "2"}).status_code == 404


def test_skipped_time_stays_between_the_turns(builder: Client) -> None:
    test = stepped(make_agent())
    for n, seconds in enumerate([259200, "nonsense"]):
        test.steps.create(position=n, after=2, frame={"type": "skip", "seconds": seconds})
    html = builder.get(reverse("tryit:trail", args=[test.pk])).content.decode()
    assert 'data-after="2"><span>3 days later' in html
    assert html.count("later") == 1
