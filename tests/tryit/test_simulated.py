"""What answers in a test: chosen before it starts and while it goes on, kept, and repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.hours import Hours
from agents.calendars.forms import CalendarForm, ServiceRow
from agents.calendars.services import save_calendar
from agents.conversations.models import ActionRun, Conversation
from agents.core.models import User
from agents.panels.models import Agent
from agents.routing.models import Inbox, Person
from agents.tryit.services import replay_test, start_test
from agents.tryit.test_facts import facts_of_test
from agents.tryit.trail import trail_of
from tests.conversations.drafts import add
from tests.conversations.factories import make_agent, make_contact
from tests.tryit.socket import NOTHING, run_script, say

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MANAGER = "I want my account manager"
DOWN = {"type": "simulate", "what": "hubspot", "how": "down"}


@pytest.fixture
def tester(user_of: Callable[[str], User]) -> User:
    return user_of("builder")


@pytest.fixture
def desk() -> Agent:
    """A voice agent that routes to the owner of the deal."""
    Person.objects.create(name="Ana Ruiz", email="ana@example.com", phone="+14155550101")
    inbox = Inbox.objects.create(name="Support")
    agent = make_agent(kind="voice")
    config = {
        "pipeline": "hubspot_pipeline:practice-support",
        "fallback": f"inbox:{inbox.pk}",
    }
    add(agent, "route_deal_owner", when="the caller wants their account manager", config=config)
    return agent


def calendar(*, hours: bool = True) -> dict[str, str]:
    open_all_day = dict.fromkeys(WEEK, "0:00-23:30") if hours else {}
    form = CalendarForm(
        name="Visits",
        services=[ServiceRow(name="Visit", minutes=30)],
        hours=Hours(zone="UTC", **open_all_day),
    )
    row = save_calendar(form=form)
    return {"calendar": f"calendar:{row.pk}", "service": f"service:{row.services.get().pk}"}


def booking_agent(config: dict[str, Any], **fields: Any) -> Agent:
    agent = make_agent(kind="text")
    when = "the contact wants an appointment"
    conditions = {"reschedule_when": "the contact writes “Reschedule”"}
    add(agent, "manage_appointment", when=when, config=config | conditions, **fields)
    return agent


def begin(agent: Agent, user: User, **fields: Any) -> Conversation:
    voice = agent.kind == "voice"
    given: dict[str, Any] = {"direction": "inbound", "attempt": 1, "contact": make_contact()}
    channel = "voice" if voice else "chat"
    return start_test(agent=agent, channel=channel, user=user, **(given | fields))


def line_of(test: Conversation) -> str:
    return ActionRun.objects.filter(conversation=test, type="route_deal_owner").latest("id").line


def test_what_was_chosen_beforehand_is_simulated(desk: Agent, tester: User) -> None:
    test = begin(desk, tester, simulated={"hubspot": "nobody"})
    run_script(test, tester, [(say(MANAGER, 2)[0], ("state", {"state": "ringing"}))])
    assert line_of(test) == "no open deal, and the contact has no owner"
    test.refresh_from_db()
    assert test.world["simulated"] == {"hubspot": "nobody"}


def test_it_is_changed_while_the_test_goes_on(desk: Agent, tester: User) -> None:
    test = begin(desk, tester)
    ringing = say(MANAGER, 2)[0], ("state", {"state": "ringing"})
    told = run_script(
        test, tester, [(DOWN, ("simulate", {"what": "hubspot", "how": "down"})), ringing]
    )
    assert {"type": "simulate", "what": "hubspot", "how": "down"} in told
    assert line_of(test) == "HubSpot does not answer"
    test.refresh_from_db()
    assert test.world["simulated"] == {"hubspot": "down"}
    assert [(line.after, line.words) for line in trail_of(test)] == [
        (1, "HubSpot: does not answer")
    ]


@pytest.mark.parametrize(
    "frame",
    [
        {"what": "hubspot", "how": "nonsense"},
        {"what": "nonsense", "how": ""},
        {"what": ["hubspot"], "how": {}},
        {},
    ],
)
def test_what_nobody_can_play_changes_nothing(
    desk: Agent, tester: User, frame: dict[str, Any]
) -> None:
    test = begin(desk, tester)
    ringing = say(MANAGER, 2)[0], ("state", {"state": "ringing"})
    run_script(test, tester, [({"type": "simulate", **frame}, NOTHING), ringing])
    test.refresh_from_db()
    assert test.world.get("simulated", {}) == {}
    assert line_of(test) == "owner of the newest open deal"
    assert trail_of(test) == []


def test_a_replay_simulates_it_again(desk: Agent, tester: User) -> None:
    test = begin(desk, tester, simulated={"colleague": "busy"})
    ringing = say(MANAGER, 2)[0], ("state", {"state": "ringing"})
    run_script(test, tester, [(DOWN, ("simulate", {})), ringing])
    test.refresh_from_db()
    made = replay_test(test=test, turn=2, text="", on_draft=False, user=tester)
    assert made.world["simulated"] == {"colleague": "busy"}
    told = run_script(made, tester)
    assert DOWN in told
    made.refresh_from_db()
    assert made.world["simulated"] == {"colleague": "busy", "hubspot": "down"}
    assert line_of(made) == "HubSpot does not answer"


def test_a_test_may_begin_with_an_appointment(tester: User) -> None:
    agent = booking_agent(calendar())
    test = begin(agent, tester, booked=True)
    booked = test.world["bookings"]
    assert len(booked) == 1 and test.world["start"]["bookings"] == booked
    facts = {fact.label: fact for fact in facts_of_test(test).contact}
    assert len(facts["Appointments"].marks) == 1 and not facts["Appointments"].changes
    run_script(test, tester, [say("Reschedule", 2), say("the second one", 3)])
    test.refresh_from_db()
    now = test.world["bookings"]
    assert len(now) == 1 and now[0]["id"] == booked[0]["id"]
    assert now[0]["start"] != booked[0]["start"]


@pytest.mark.parametrize("why", ["no hours", "deleted", "switched off", "nothing books"])
def test_without_a_free_time_it_begins_without_one(tester: User, why: str) -> None:
    config = calendar(hours=why != "no hours")
    if why == "deleted":
        config["calendar"] = "calendar:0"
    agent = booking_agent(config, enabled=why != "switched off")
    if why == "nothing books":
        agent.panel.actions.update(type="end_call")
    assert begin(agent, tester, booked=True).world.get("bookings", []) == []
