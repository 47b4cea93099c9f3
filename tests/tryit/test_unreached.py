"""Who cannot be rung does not answer in a test either: it says why, and what comes next is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agents.conversations.models import ActionRun, Conversation
from agents.core.models import User
from agents.panels.models import Agent
from agents.routing.models import Inbox, Person, RingGroup
from agents.transfers.models import Leg, Transfer
from tests.conversations.drafts import add
from tests.conversations.factories import make_agent
from tests.tryit.socket import TryItSocket
from tests.tryit.test_ringing import play

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tester(user_of: Callable[[str], User]) -> User:
    return user_of("builder")


def agent_for(*refs: str, **config: Any) -> Agent:
    made = make_agent()
    rows = [{"id": str(n), "ref": ref} for n, ref in enumerate(refs)]
    config = {"destinations": rows, "fallback_words": "Nobody is free.", **config}
    add(made, "transfer_call", when="the caller asks for sales", config=config)
    return made


def empty_group() -> str:
    return f"ring_group:{RingGroup.objects.create(name='Empty').pk}"


async def settled(socket: TryItSocket) -> None:
    await socket.until("state", state="open")


def test_an_empty_group_falls_back_with_its_outcome_and_the_reason(tester: User) -> None:
    test = play(agent_for(empty_group()), tester, patience=settled)
    transfer, run = Transfer.objects.get(), ActionRun.objects.get()
    assert (transfer.outcome, run.outcome) == ("failed", "failed")
    assert test.state == Conversation.State.OPEN


def test_who_has_no_number_is_passed_over_and_the_next_one_rings(tester: User) -> None:
    silent = Person.objects.create(name="Ana Ruiz", email="ana@example.com")
    away = Person.objects.create(name="Ben Ode", phone="+14155550102", available=False)
    cleo = Person.objects.create(name="Cleo Ode", phone="+14155550103")
    refs = [f"person:{one.pk}" for one in (silent, away, cleo)]

    async def rung(socket: TryItSocket) -> None:
        frame = await socket.until("state", label="Cleo Ode")
        assert frame["why"] == "Ben Ode is not available."

    play(agent_for(*refs), tester, patience=rung)
    assert list(Leg.objects.values_list("label", "state")) == [
        ("Ana Ruiz", "failed"), ("Ben Ode", "no_answer"), ("Cleo Ode", "ringing"),
    ]  # fmt: skip


def test_an_inbox_without_people_takes_a_message_at_once(tester: User) -> None:
    inbox = Inbox.objects.create(name="Support")

    async def recorded(socket: TryItSocket) -> None:
        await socket.until("state", outcome="no_answer")

    play(agent_for(f"inbox:{inbox.pk}"), tester, patience=recorded)
    assert Leg.objects.get().state == "recording"


def test_nobody_can_answer_for_them(tester: User) -> None:
    play(agent_for(empty_group()), tester, {"type": "leg", "outcome": "answered"})
    assert Transfer.objects.get().outcome == "failed"
