"""Transfers at their edges: messages at once, races, late events, what staff are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.base import HandOff, Target
from agents.conversations.models import Conversation, InboxItem
from agents.routing.models import Inbox
from agents.transfers import services
from agents.transfers.machine import (
    ACCEPTS,
    Outcome,
    Stage,
    Standing,
    TransferStep,
    advance,
    destinations,
    first_step,
)
from agents.transfers.models import Leg, Transfer
from agents.transfers.services import current_step, leg_event, start_transfer
from tests.conversations.factories import make_contact, make_conversation, make_run, make_turn
from tests.threads import at_the_same_time

ANA = {"ref": "person:1", "label": "Ana", "ring_seconds": 20}
TEAM = {"ref": "ring_group:1", "label": "Team", "ring_seconds": 30}
DESK = {"ref": "inbox:1", "label": "Desk", "ring_seconds": 15}
steady = settings(deadline=None, derandomize=True)
db = pytest.mark.django_db
threads = pytest.mark.django_db(transaction=True)

plans = st.fixed_dictionaries(
    {
        "targets": st.lists(st.sampled_from([ANA, TEAM, DESK]), min_size=1, max_size=4),
        "fallback": st.sampled_from(["agent", "inbox", "end"]),
        "fallback_ref": st.sampled_from(["", "inbox:2", "person:1"]),
        "fallback_label": st.just("Night desk"),
        "fallback_words": st.just("Nobody is free."),
        "message": st.booleans(),
    }
)
outcomes = st.lists(st.sampled_from(list(Outcome)), max_size=12)
Plan = dict[str, Any]


def play(plan: Plan, events: list[Outcome]) -> list[tuple[Outcome, Standing, TransferStep]]:
    """Each event with where it found the transfer and what followed."""
    first, told = first_step(plan), []
    standing = Standing(first.position, first.stage)
    for event in events:
        step = advance(plan, standing, event)
        told.append((event, standing, step))
        if step.next != "unchanged":
            standing = Standing(step.position, step.stage)
    return told


# --- the machine -----------------------------------------------------------------------------


@steady
@given(plans, outcomes)
def test_an_event_is_taken_or_leaves_everything_as_it_was(
    plan: Plan, events: list[Outcome]
) -> None:
    for event, before, step in play(plan, events):
        if event in ACCEPTS[before.stage]:
            assert step.next != "unchanged" and step.outcome == event
        else:
            assert (step.next, step.position, step.stage) == (
                "unchanged",
                before.position,
                before.stage,
            )
            assert not step.final


@steady
@given(plans, outcomes)
def test_who_is_named_is_who_stands_at_that_place(plan: Plan, events: list[Outcome]) -> None:
    rung = destinations(plan)
    for _, _, step in play(plan, events):
        if step.ref:
            there = rung[step.position]
            assert (step.ref, step.label) == (there.ref, there.label)
        if step.next == "ring":
            assert step.ring_seconds == rung[step.position].ring_seconds


@steady
@given(plans, outcomes)
def test_the_caller_hears_the_words_only_where_nobody_came(
    plan: Plan, events: list[Outcome]
) -> None:
    for _, _, step in play(plan, events):
        missed = step.next in ("fallback_agent", "fallback_inbox")
        missed |= step.next == "end" and step.outcome != Outcome.MESSAGE_TAKEN
        assert step.words == ("Nobody is free." if missed else "")


@steady
@given(plans, outcomes)
def test_nobody_rings_again_once_a_message_is_recorded(plan: Plan, events: list[Outcome]) -> None:
    for _, before, step in play(plan, events):
        if before.stage == Stage.RECORDING:
            assert step.next in ("unchanged", "end", "gone", "fallback_agent")
        if step.next == "fallback_inbox":
            assert step.ref.startswith("inbox:") and step.stage == Stage.RECORDING


@steady
@given(plans)
def test_a_message_at_once_is_for_an_inbox_only(plan: Plan) -> None:
    records = plan["message"] and plan["targets"][0] == DESK
    first = first_step(plan)
    assert first.next == ("fallback_inbox" if records else "ring")
    assert (first.label, first.position) == (plan["targets"][0]["label"], 0)
    assert not first.final


@pytest.mark.parametrize(
    ("fallback", "then"), [("agent", "fallback_agent"), ("inbox", "fallback_agent"), ("end", "end")]
)
def test_a_message_at_once_that_fails_rings_nobody_else(fallback: str, then: str) -> None:
    plan = {"targets": [DESK, ANA], "fallback": fallback, "message": True}
    assert [step.next for *_, step in play(plan, [Outcome.FAILED, Outcome.ANSWERED])] == [
        then,
        "unchanged",
    ]


def test_a_plan_without_a_ringing_time_rings_twenty_seconds() -> None:
    first = first_step({"targets": [{"ref": "person:1", "label": "Ana"}]})
    assert first.ring_seconds == 20


# --- the rows --------------------------------------------------------------------------------

Start = Callable[..., Transfer]
PEOPLE = (Target("person:1", "Ana"), Target("ring_group:1", "Team", ring_seconds=40))


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def conversation(db: None) -> Conversation:
    return make_conversation(contact=make_contact())


@pytest.fixture
def start(conversation: Conversation, now: datetime) -> Start:
    def start(*targets: Target, **changes: Any) -> Transfer:
        plan = HandOff(targets or PEOPLE, **changes)
        return start_transfer(conversation=conversation, run_id=None, plan=plan, now=now)

    return start


@pytest.fixture
def desk(db: None) -> Inbox:
    return Inbox.objects.create(name="Service desk")


def told(conversation: Conversation) -> list[str]:
    assert conversation.contact
    return list(conversation.contact.timeline.values_list("text", flat=True))


@db
def test_without_a_run_each_start_is_a_transfer_of_its_own(start: Start) -> None:
    assert start() != start()
    assert Leg.objects.count() == 2


@threads
def test_the_same_run_at_the_same_time_rings_once(
    conversation: Conversation, now: datetime
) -> None:
    run = make_run(make_turn(conversation, 1), "transfer_call")
    made = at_the_same_time(
        *[
            lambda: start_transfer(
                conversation=conversation, run_id=run.pk, plan=HandOff(PEOPLE), now=now
            )
        ]
        * 3
    )
    assert {one.pk for one in made} == {Transfer.objects.get().pk}
    assert Leg.objects.get().label == "Ana"


@threads
def test_two_reports_that_nobody_answered_ring_the_next_once(start: Start, now: datetime) -> None:
    pk = start().pk
    steps = at_the_same_time(
        *[lambda: leg_event(transfer_id=pk, outcome="no_answer", now=now, position=0)] * 3
    )
    assert sorted(step.next for step in steps) == ["ring", "unchanged", "unchanged"]
    assert list(Leg.objects.values_list("label", "state")) == [
        ("Ana", "no_answer"),
        ("Team", "ringing"),
    ]


@db
def test_an_event_judged_on_an_old_state_changes_nothing(
    start: Start, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = start()

    def meanwhile(*args: Any) -> TransferStep:
        Leg.objects.update(state="caller_gone")
        return advance(*args)

    monkeypatch.setattr(services, "advance", meanwhile)
    step = leg_event(transfer_id=transfer.pk, outcome="answered", now=now)
    transfer.refresh_from_db()
    assert (step.next, step.label, step.final) == ("unchanged", "Ana", False)
    assert (transfer.outcome, transfer.answered_by, told(conversation)) == ("", "", [])


@db
def test_a_message_at_once_is_recorded_and_handed_to_staff(
    start: Start, conversation: Conversation, desk: Inbox, now: datetime
) -> None:
    transfer = start(Target(f"inbox:{desk.pk}", desk.name), message=True)
    step = current_step(transfer=transfer)
    assert (step.next, step.label, step.ring_seconds) == ("fallback_inbox", "Service desk", 0)
    for _ in range(2):
        leg_event(transfer_id=transfer.pk, outcome="message_taken", now=now)
    item = InboxItem.objects.get(conversation_id=conversation.pk)
    assert (item.inbox, item.note) == (desk, "The caller left a message.")
    assert told(conversation) == ["Left a message for Service desk"]


@db
def test_a_message_for_an_inbox_that_is_gone_is_before_all_staff(
    start: Start, conversation: Conversation, desk: Inbox, now: datetime
) -> None:
    transfer = start(Target(f"inbox:{desk.pk}", desk.name), message=True)
    desk.delete()
    leg_event(transfer_id=transfer.pk, outcome="message_taken", now=now)
    assert InboxItem.objects.get(conversation_id=conversation.pk).inbox is None


@db
def test_the_fallback_inbox_keeps_the_name_it_had(start: Start, desk: Inbox, now: datetime) -> None:
    transfer = start(PEOPLE[0], fallback="inbox", fallback_ref=f"inbox:{desk.pk}")
    Inbox.objects.update(name="Archive")
    assert leg_event(transfer_id=transfer.pk, outcome="busy", now=now).label == "Service desk"


@db
@pytest.mark.parametrize(
    ("events", "words"),
    [
        (["caller_gone"], "Hung up while Ana was ringing"),
        (["busy", "caller_gone"], "Hung up while Team was ringing"),
        (["declined", "machine"], "Transfer: nobody answered"),
        (["failed", "answered"], "Transferred to Team"),
    ],
)
def test_the_timeline_says_how_it_ended(
    start: Start, conversation: Conversation, now: datetime, events: list[str], words: str
) -> None:
    transfer = start()
    for outcome in events:
        leg_event(transfer_id=transfer.pk, outcome=outcome, now=now)
    assert told(conversation) == [words]
    transfer.refresh_from_db()
    assert (transfer.outcome, transfer.ended_at) == (events[-1], now)
    assert transfer.answered_by == ("Team" if events[-1] == "answered" else "")


@db
def test_a_caller_whom_nobody_knows_is_transferred_too(now: datetime) -> None:
    unknown = make_conversation()
    plan = HandOff(PEOPLE)
    transfer = start_transfer(conversation=unknown, run_id=None, plan=plan, now=now)
    assert leg_event(transfer_id=transfer.pk, outcome="answered", now=now).final


@db
def test_a_leg_is_only_over_when_its_recording_is(start: Start, desk: Inbox, now: datetime) -> None:
    transfer = start(Target(f"inbox:{desk.pk}", desk.name))
    later = now + timedelta(seconds=20)
    leg_event(transfer_id=transfer.pk, outcome="no_answer", now=later)
    assert transfer.legs.get().ended_at is None
    step = leg_event(transfer_id=transfer.pk, outcome="no_answer", now=later)
    assert step.next == "unchanged"
    leg_event(transfer_id=transfer.pk, outcome="caller_gone", now=later)
    leg = transfer.legs.get()
    assert (leg.state, leg.started_at, leg.ended_at) == ("caller_gone", now, later)
    assert not InboxItem.objects.exists()


@db
def test_a_place_that_is_not_ringing_yet_hears_nothing(start: Start, now: datetime) -> None:
    transfer = start()
    step = leg_event(transfer_id=transfer.pk, outcome="answered", now=now, position=1)
    assert step.next == "unchanged"
    assert current_step(transfer=transfer).label == "Ana"
