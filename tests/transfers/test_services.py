"""A transfer's rows: each event counts once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from actions.base import HandOff, Target
from agents.contacts.models import Contact
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.panels.models import Agent, Version
from agents.routing.models import Inbox
from agents.transfers.models import Leg, Transfer
from agents.transfers.services import current_step, leg_event, start_transfer
from tests.threads import at_the_same_time

pytestmark = pytest.mark.django_db
ANA, TEAM = Target("person:1", "Ana"), Target("ring_group:1", "Team", ring_seconds=40)
Start = Callable[[HandOff], Transfer]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def conversation(db: None) -> Conversation:
    agent = Agent.objects.create(name="Front desk", kind="voice")
    version = Version.objects.create(agent=agent, digest="d", content={})
    contact = Contact.objects.create(phone="+12025550101")
    return Conversation.objects.create(
        agent=agent, version=version, contact=contact, channel="voice"
    )


@pytest.fixture
def run(conversation: Conversation, now: datetime) -> ActionRun:
    turn = Turn.objects.create(conversation=conversation, number=1, at=now)
    return ActionRun.objects.create(
        conversation=conversation,
        turn=turn,
        action_uid=uuid4(),
        type="transfer_call",
        occasion="1:1",
        at=now,
    )


@pytest.fixture
def start(conversation: Conversation, run: ActionRun, now: datetime) -> Start:
    return lambda plan: start_transfer(conversation=conversation, run_id=run.pk, plan=plan, now=now)


def legs(transfer: Transfer) -> list[tuple[str, str]]:
    return list(transfer.legs.values_list("label", "state"))


def test_it_starts_with_the_first_destination_once(start: Start) -> None:
    transfer = start(HandOff((ANA, TEAM)))
    assert start(HandOff((TEAM,))) == transfer
    assert legs(transfer) == [("Ana", "ringing")]
    step = current_step(transfer=transfer)
    assert (step.next, step.label, step.ring_seconds) == ("ring", "Ana", 20)


def test_a_plan_without_a_destination_is_refused(start: Start) -> None:
    with pytest.raises(ValueError, match="destination"):
        start(HandOff(()))
    assert not Transfer.objects.exists()


def test_the_next_is_rung_and_who_answers_is_written_down(start: Start, now: datetime) -> None:
    transfer = start(HandOff((ANA, TEAM)))
    step = leg_event(transfer_id=transfer.pk, outcome="declined", now=now)
    assert (step.next, step.label, step.ring_seconds) == ("ring", "Team", 40)
    step = leg_event(transfer_id=transfer.pk, outcome="answered", now=now)
    assert (step.next, step.label, step.outcome) == ("answered", "Team", "answered")
    transfer.refresh_from_db()
    assert (transfer.outcome, transfer.answered_by, transfer.ended_at) == ("answered", "Team", now)
    assert legs(transfer) == [("Ana", "declined"), ("Team", "answered")]
    contact = transfer.conversation.contact
    assert contact
    assert contact.timeline.get().text == "Transferred to Team"


def test_nobody_answers(start: Start, now: datetime) -> None:
    transfer = start(HandOff((ANA,), fallback_words="Ana is busy. How can I help?"))
    step = leg_event(transfer_id=transfer.pk, outcome="busy", now=now)
    assert (step.next, step.words) == ("fallback_agent", "Ana is busy. How can I help?")
    transfer.refresh_from_db()
    assert (transfer.outcome, transfer.answered_by) == ("busy", "")


def test_a_fallback_inbox_rings_and_takes_a_message(start: Start, now: datetime) -> None:
    inbox = Inbox.objects.create(name="Service desk")
    plan = HandOff((ANA,), fallback="inbox", fallback_ref=f"inbox:{inbox.pk}")
    transfer = start(plan)
    told = [
        leg_event(transfer_id=transfer.pk, outcome=outcome, now=now)
        for outcome in ("no_answer", "no_answer")
    ]
    assert [(step.next, step.label) for step in told] == [
        ("ring", "Service desk"),
        ("fallback_inbox", "Service desk"),
    ]
    assert current_step(transfer=transfer).next == "fallback_inbox"
    assert legs(transfer)[-1] == ("Service desk", "recording")
    step = leg_event(transfer_id=transfer.pk, outcome="message_taken", now=now)
    transfer.refresh_from_db()
    assert (step.next, transfer.outcome) == ("end", "message_taken")
    assert legs(transfer)[-1] == ("Service desk", "message_taken")


@pytest.mark.parametrize("late", ["answered", "declined", "caller_gone", "message_taken"])
def test_an_event_after_the_end_changes_nothing(start: Start, now: datetime, late: str) -> None:
    transfer = start(HandOff((ANA,)))
    leg_event(transfer_id=transfer.pk, outcome="answered", now=now)
    step = leg_event(transfer_id=transfer.pk, outcome=late, now=timezone.now())
    assert (step.next, step.outcome, step.final) == ("unchanged", "answered", False)
    transfer.refresh_from_db()
    assert (transfer.outcome, transfer.ended_at) == ("answered", now)
    assert current_step(transfer=transfer).next == "unchanged"


def test_a_late_event_of_an_earlier_leg_does_not_touch_the_open_one(
    start: Start, now: datetime
) -> None:
    transfer = start(HandOff((ANA, TEAM)))
    leg_event(transfer_id=transfer.pk, outcome="no_answer", now=now, position=0)
    step = leg_event(transfer_id=transfer.pk, outcome="no_answer", now=now, position=0)
    assert step.next == "unchanged"
    assert legs(transfer) == [("Ana", "no_answer"), ("Team", "ringing")]


def test_what_an_open_leg_cannot_take_changes_nothing(start: Start, now: datetime) -> None:
    transfer = start(HandOff((ANA,)))
    step = leg_event(transfer_id=transfer.pk, outcome="message_taken", now=now)
    assert (step.next, step.label) == ("unchanged", "Ana")
    assert legs(transfer) == [("Ana", "ringing")]


def test_an_unknown_outcome_is_an_error(start: Start, now: datetime) -> None:
    transfer = start(HandOff((ANA,)))
    with pytest.raises(ValueError, match="vanished"):
        leg_event(transfer_id=transfer.pk, outcome="vanished", now=now)


def test_the_sandbox_leaves_the_timeline_alone(
    start: Start, conversation: Conversation, now: datetime
) -> None:
    Conversation.everything.update(sandbox=True)
    transfer = start(HandOff((ANA,)))
    leg_event(transfer_id=transfer.pk, outcome="answered", now=now)
    assert conversation.contact
    assert not conversation.contact.timeline.exists()


@pytest.mark.django_db(transaction=True)
def test_answer_and_hang_up_at_the_same_time_have_one_outcome(start: Start, now: datetime) -> None:
    transfer = start(HandOff((ANA, TEAM)))
    steps = at_the_same_time(
        *(
            lambda outcome=outcome: leg_event(
                transfer_id=transfer.pk, outcome=outcome, now=now, position=0
            )
            for outcome in ("answered", "caller_gone", "answered")
        )
    )
    assert [step.next for step in steps].count("unchanged") == 2
    transfer.refresh_from_db()
    assert transfer.outcome == next(step.outcome for step in steps if step.final)
    assert Leg.objects.count() == 1
