"""A transfer in a test: what the colleague hears, press 1 or decline, ringing that ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agents.conversations.models import Conversation
from agents.core.models import User
from agents.panels.models import Agent
from agents.routing.models import GroupMember, Person, RingGroup
from agents.transfers.models import Leg, Transfer
from agents.tryit import ringing
from agents.tryit.services import start_test
from tests.conversations.drafts import add
from tests.conversations.factories import make_agent, make_contact
from tests.tryit.socket import Frame, TryItSocket, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
SALES = "I want to talk to sales"


@pytest.fixture
def tester(user_of: Callable[[str], User]) -> User:
    return user_of("builder")


@pytest.fixture
def agent() -> Agent:
    """Rings two who take turns, then Cleo, warm; a ticket goes with the hand-off."""
    made = make_agent()
    people = [Person.objects.create(name=name, phone=f"+1415555010{n}") for n, name in
              enumerate(("Ana Ruiz", "Ben Ode", "Cleo Ode"))]  # fmt: skip
    group = RingGroup.objects.create(name="Sales", order="in_turn")
    for n, person in enumerate(people[:2]):
        GroupMember.objects.create(group=group, person=person, position=n)
    rows = [
        {"id": "1", "ref": f"ring_group:{group.pk}", "ring_seconds": 15},
        {"id": "2", "ref": f"person:{people[2].pk}", "ring_seconds": 20},
    ]
    config = {"destinations": rows, "warm": True, "fallback_words": "Nobody is free."}
    add(made, "transfer_call", when="the caller asks for sales", config=config)
    ticket = {
        "pipeline": "hubspot_pipeline:practice-support",
        "status": "hubspot_status:practice-support-new",
    }
    add(made, "create_ticket", moment="before_handoff", config=ticket)
    return made


def play(agent: Agent, user: User, *frames: Frame, patience: Callable[[Any], Any] | None = None
         ) -> Conversation:  # fmt: skip
    """A call to sales, then these frames, each with the state that follows."""
    test = start_test(agent=agent, contact=make_contact(), channel="voice", direction="inbound",
                      attempt=1, user=user)  # fmt: skip
    session = signed_in()

    async def run() -> None:
        async with TryItSocket(test, user, session) as socket:
            await socket.until("turn", turn=1)
            await socket.send(type="say", id="m", text=SALES)
            await socket.until("state", state="ringing")
            for frame in frames:
                await socket.send(**frame)
                await socket.until("state")
            if patience:
                await patience(socket)

    asyncio.run(run())
    return Conversation.everything.get(pk=test.pk)


def leg(outcome: str) -> Frame:
    return {"type": "leg", "outcome": outcome}


def legs() -> list[tuple[str, str]]:
    return list(Leg.objects.values_list("label", "state"))


def page_of(client: Client, test: Conversation) -> str:
    page = client.get(f"/conversations/{test.pk}/turns/?after=1").content.decode()
    return " ".join(page.split())


def test_who_picks_up_hears_who_calls_and_why_with_the_ticket(
    agent: Agent, tester: User, client_for: Callable[[str], Client]
) -> None:
    test = play(agent, tester, leg("picked_up"))
    assert test.state == "ringing" and legs() == [("Sales", "hearing")]
    heard = Transfer.objects.get().plan["whispered"]
    assert heard.startswith("Maria Lopez: ") and "sales" in heard
    assert "Ticket “Call from Maria Lopez”." in heard and heard.endswith(
        "Press 1 to take the call."
    )
    page = page_of(client_for("builder"), test)
    assert 'data-doing="hearing"' in page and "data-warm" in page
    assert 'data-members="Ana Ruiz|Ben Ode"' in page and 'data-seconds="30"' in page


def test_press_one_joins_the_caller(
    agent: Agent, tester: User, client_for: Callable[[str], Client]
) -> None:
    test = play(agent, tester, leg("picked_up"), leg("answered"))
    assert (test.state, test.outcome) == ("handed_off", "transferred to Sales")
    page = page_of(client_for("builder"), test)
    assert "Sales (Ana Ruiz, then Ben Ode): picked up after 0 s, heard “Maria Lopez:" in page
    assert "pressed 1 and was connected" in page


def test_who_declines_is_followed_by_the_next(agent: Agent, tester: User) -> None:
    test = play(agent, tester, leg("picked_up"), leg("declined"))
    assert test.state == "ringing"
    assert legs() == [("Sales", "declined"), ("Cleo Ode", "ringing")]


def test_a_cold_one_hears_nothing(agent: Agent, tester: User) -> None:
    row = agent.panel.actions.get(type="transfer_call")
    row.config["warm"] = False
    row.save()
    play(agent, tester, leg("picked_up"))
    assert legs() == [("Sales", "ringing")]


def test_skipping_the_rest_of_the_ringing_rings_the_next(agent: Agent, tester: User) -> None:
    """In turn each member of the group has the whole time."""
    play(agent, tester, {"type": "skip", "seconds": 16})
    assert legs() == [("Sales", "ringing")]
    test = play(agent, tester, {"type": "skip", "seconds": 30}, {"type": "skip", "seconds": 20})
    assert legs()[1:] == [("Sales", "no_answer"), ("Cleo Ode", "no_answer")]
    assert test.state == "open" and test.turns.filter(reply="Nobody is free.").exists()


def test_ringing_ends_by_itself(
    agent: Agent, tester: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its seconds pass on the clock of the test."""
    waited: list[int] = []

    async def patience(socket: TryItSocket) -> None:
        await socket.until("state", state="open")

    async def passes(clock: ringing.RingClock, seconds: float) -> None:
        waited.append(round(seconds))
        clock._session.conversation.clock_offset += seconds
        await asyncio.sleep(0)

    monkeypatch.setattr(ringing.RingClock, "pause", passes)
    play(agent, tester, patience=patience)
    assert waited == [30, 20]
    assert legs() == [("Sales", "no_answer"), ("Cleo Ode", "no_answer")]
