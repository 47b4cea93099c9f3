"""Narrowing the list of conversations: every filter, together, on both tabs, in few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agents.contacts.models import Disposition, Tag
from agents.conversations.filters import Filters
from agents.panels.models import Action
from tests.conversations.factories import (
    Example,
    make_agent,
    make_contact,
    make_conversation,
    make_example,
    make_run,
    make_turn,
    uid,
)

pytestmark = pytest.mark.django_db
LIST = "/conversations/"


@pytest.fixture
def support(client_for: Callable[[str], Client]) -> Client:
    return client_for("support")


def text_of(response: Any) -> str:
    """The words of a page, without tags."""
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def swapped(response: Any) -> list[str]:
    """What an answer replaces beside its target."""
    return re.findall(r'id="([\w-]+)"[^>]*hx-swap-oob', response.content.decode())


def query_of(example: Example, **changes: str) -> dict[str, str]:
    """Every filter set so that the example passes, some of them changed."""
    quote, heater = Disposition.objects.get(name="Quote"), Tag.objects.get(name="Heater")
    sandbox = example.conversation.sandbox
    return {
        "show": "tests" if sandbox else "",
        "q": "a new one costs",
        "agent": str(example.agent.uuid),
        "version": "draft" if sandbox else "12",
        "channel": "voice",
        "outcome": "transfer_answered",
        "disposition": str(quote.pk),
        "tag": str(heater.pk),
        "action": "send_sms",
        "ran": "failed",
        "since": "2020-01-01",
        "until": "2099-12-31",
    } | changes


def found(query: dict[str, str]) -> int:
    return Filters.read(query).rows().count()


@pytest.mark.parametrize("sandbox", [True, False], ids=["tests", "real"])
@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({}, True),
        ({"q": "price of gold"}, False),
        ({"q": "lopez maria"}, True),
        ({"q": "(415) 555-0142"}, True),
        ({"q": "transferred to ana"}, True),
        ({"agent": str(uuid4())}, False),
        ({"version": "3"}, False),
        ({"channel": "sms"}, False),
        ({"outcome": "handed_off"}, True),
        ({"outcome": "transfer_no_answer"}, False),
        ({"outcome": "open"}, False),
        ({"disposition": "999"}, False),
        ({"tag": "999"}, False),
        ({"action": uid("send_sms")}, True),
        ({"action": uid("transfer_call")}, False),
        ({"action": uid("transfer_call"), "ran": "fired"}, True),
        ({"action": "transfer_call", "ran": ""}, True),
        ({"action": "set_dnc", "ran": ""}, False),
        ({"action": "", "ran": "failed"}, True),
        ({"since": "2099-01-01"}, False),
        ({"until": "2020-01-01"}, False),
    ],
)
def test_filters_are_combined(sandbox: bool, change: dict[str, str], passes: bool) -> None:
    example = make_example(sandbox=sandbox)
    make_run(example.handoff, "send_sms", status="failed", outcome="failed")
    make_example(sandbox=not sandbox)
    assert found(query_of(example, **change)) == passes


@pytest.mark.parametrize(
    "query",
    [
        {"agent": "nonsense"},
        {"version": "12; drop"},
        {"channel": "fax"},
        {"outcome": "transfer_"},
        {"disposition": "-1"},
        {"tag": "9" * 30},
        {"action": "' or 1"},
        {"ran": "perhaps"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"since": "2026-02-31"},
        {"q": " \x00 "},
    ],
)
def test_nonsense_in_the_address_is_ignored(support: Client, query: dict[str, str]) -> None:
    make_conversation()
    assert not Filters.read(query).active
    assert support.get(LIST, query).context["page"].paginator.count == 1


def test_an_action_that_was_only_watched_has_not_fired() -> None:
    turn = make_turn(make_conversation(), 1)
    make_run(turn, "send_sms", mode="shadow")
    assert found({"action": "send_sms"}) == 0
    make_run(turn, "set_dnc", status="cancelled")
    assert found({"ran": "fired"}) == 0


def test_a_name_with_other_letters_is_found() -> None:
    make_conversation(contact=make_contact(first_name="Zoë", last_name="Müller"))
    assert found({"q": "Müller"}) == 1
    assert found({"q": "Zoë Meier"}) == 0


def test_a_chip_stands_for_each_filter_and_takes_it_out(support: Client) -> None:
    example = make_example()
    query = query_of(example, action="transfer_call", ran="fired")
    page = support.get(LIST, query)
    words = text_of(page)
    for chip in (
        "Text “a new one costs”", "Agent Front desk", "Version 12", "Channel Call",
        "Outcome Transfer answered", "Disposition Quote", "Tag Heater", "Action Transfer call",
        "What it did Fired", "From 1 Jan 2020", "To 31 Dec 2099",
    ):  # fmt: skip
        assert f"Remove the filter {chip}" in words
    chips = page.context["form"].chips
    assert len(chips) == 11
    for chip in chips:
        assert support.get(f"{LIST}?{chip.query}").context["page"].paginator.count == 1
        assert len(Filters.read(dict(p.split("=") for p in chip.query.split("&"))).given) == 10


def test_the_agents_own_actions_are_offered_one_by_one(support: Client) -> None:
    agent = make_agent()
    action = Action.objects.create(panel=agent.panel, type="send_sms", when="she asks " * 20)
    version = make_example().conversation.version
    version.agent, version.number = agent, 4
    version.save()
    agent.live_version = version
    agent.save()
    page = support.get(LIST, {"agent": str(agent.uuid), "action": str(uuid4())})
    fields = {field.name: field for field in page.context["form"].fields}
    own = dict(fields["action"].groups[0].pairs)
    assert own[str(action.uid)].startswith("Send SMS: she asks she asks")
    assert own[uid("transfer_call")].startswith("Transfer call: the caller asks")
    assert fields["action"].chosen == "An action that is no longer there"
    assert fields["version"].groups[0].pairs == (("4", "Version 4"),)


def test_an_action_that_was_deleted_keeps_its_kind(support: Client) -> None:
    run = make_run(make_turn(make_conversation(), 1), "send_sms")
    page = support.get(LIST, {"action": str(run.action_uid)})
    assert page.context["page"].paginator.count == 1
    assert "Action Send SMS, no longer there" in text_of(page)


def test_the_part_brings_its_address_and_the_fields_that_follow(support: Client) -> None:
    agent = make_agent()
    htmx = {"HX-Request": "true", "HX-Target": "conversation-list"}
    query = {"agent": str(agent.uuid), "channel": "", "q": "x", "show": "tests", "of": ""}
    part = support.get(LIST, query, headers=htmx)
    assert part["HX-Push-Url"] == f"{LIST}?show=tests&q=x&agent={agent.uuid}"
    moved = ["filter-of", "filter-version", "filter-action"]
    assert swapped(part) == [*moved, "filter-count", "filter-found"]
    part = support.get(LIST, query | {"of": str(agent.uuid)}, headers=htmx)
    assert swapped(part) == ["filter-count", "filter-found"]


def test_another_agent_drops_the_version_and_the_action_of_the_one_before() -> None:
    one, other = str(uuid4()), str(uuid4())
    query = {"agent": other, "of": one, "version": "3", "action": str(uuid4()), "tag": "1"}
    assert Filters.read(query).given == {"agent": other, "tag": "1"}
    assert Filters.read(query | {"action": "send_sms"}).action == "send_sms"
    assert Filters.read(query | {"of": other}).version == "3"


def test_the_filtered_list_takes_the_same_queries_for_many_rows(
    support: Client, django_assert_max_num_queries: Any
) -> None:
    example = make_example()
    make_run(example.handoff, "send_sms", status="failed", outcome="failed")
    for _ in range(20):
        row = make_conversation(example.agent, version=example.conversation.version)
        make_run(make_turn(row, 1, inbound="Hello"), "send_sms", status="failed")
    for query in (query_of(example), {"agent": str(example.agent.uuid), "ran": "failed"}):
        with django_assert_max_num_queries(10):
            assert support.get(reverse("conversations:list"), query).status_code == 200
    assert found({"agent": str(example.agent.uuid), "ran": "failed"}) == 21
