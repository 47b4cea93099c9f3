"""Sending and the sweep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from agents.contacts.models import Contact
from agents.core.writer import InsideTransaction
from agents.outbox import services, tasks
from agents.outbox.models import Delivery
from agents.outbox.sweep import expire, give_up_lost, send_one, sweep
from agents.routing.models import Line
from tests.outbox.conftest import Put, Vendor
from tests.threads import at_the_same_time

State = Delivery.State
pytestmark = pytest.mark.django_db(transaction=True)
with_line = pytest.mark.usefixtures("line")


def state(row: Delivery) -> str:
    return Delivery.objects.get(pk=row.pk).state


@with_line
def test_what_is_due_is_sent_once_oldest_first(put: Put, vendor: Vendor, now: datetime) -> None:
    rows = [put() for _ in range(3)]
    assert sweep(now=now).claimed == 3
    assert sweep(now=now).claimed == 0
    assert [row.pk for row in vendor.sent] == [row.pk for row in rows]
    assert {state(row) for row in rows} == {State.SENT}


@with_line
def test_two_sweeps_at_the_same_time_send_everything_once(
    put: Put, vendor: Vendor, now: datetime
) -> None:
    rows = [put() for _ in range(8)]
    at_the_same_time(*[lambda: sweep(now=now)] * 2)
    assert sorted(row.pk for row in vendor.sent) == sorted(row.pk for row in rows)


@with_line
@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (services.Refused("The number does not exist."), State.FAILED),
        (TimeoutError("too long"), State.UNKNOWN),
        (RuntimeError("+12025550101"), State.UNKNOWN),
    ],
)
def test_a_clear_no_is_failed_everything_else_unknown(
    put: Put, vendor: Vendor, now: datetime, error: Exception, ends: str
) -> None:
    vendor.error = error
    row = put()
    sweep(now=now)
    assert state(row) == ends
    assert "+1202" not in Delivery.objects.get(pk=row.pk).reason
    vendor.error = None
    sweep(now=now + timedelta(hours=1))
    assert vendor.sent == []


@with_line
def test_a_claim_whose_owner_died_becomes_unknown(put: Put, vendor: Vendor, now: datetime) -> None:
    row = put()
    services.claim(delivery_id=row.pk, owner="dead", now=now)
    assert give_up_lost(now=now + timedelta(seconds=29)) == 0
    assert sweep(now=now + timedelta(seconds=31)).unknown == 1
    assert state(row) == State.UNKNOWN
    assert vendor.sent == []


def test_what_is_held_expires(put: Put, vendor: Vendor, now: datetime) -> None:
    row = put()
    assert expire(now=now + timedelta(hours=23)) == 0
    assert sweep(now=now + timedelta(hours=25)).expired == 1
    assert state(row) == State.EXPIRED


def test_a_line_frees_what_waited_for_it(put: Put, vendor: Vendor, now: datetime) -> None:
    row = put()
    assert sweep(now=now).released == 0
    Line.objects.create(name="Main", number="+12025550100")
    assert sweep(now=now).released == 1
    assert [one.pk for one in vendor.sent] == [row.pk]


def test_the_reason_of_waiting_is_kept_true(put: Put, now: datetime) -> None:
    row = put()
    Line.objects.create(name="Main", number="+12025550100")
    sweep(now=now)
    row.refresh_from_db()
    assert (row.state, row.reason) == (State.HELD, "not connected")


@with_line
def test_a_blocked_contact_gets_nothing(put: Put, vendor: Vendor, now: datetime) -> None:
    row = put()
    Contact.objects.update(blocked=True)
    sweep(now=now)
    assert (state(row), vendor.sent) == (State.DENIED, [])


def test_nothing_is_sent_inside_a_transaction(
    ticket: Callable[..., Delivery], vendor: Vendor, now: datetime
) -> None:
    row = ticket()
    with transaction.atomic(), pytest.raises(InsideTransaction):
        send_one(delivery_id=row.pk, now=now)
    assert state(row) == State.QUEUED


def test_the_tasks_may_run_twice(ticket: Callable[..., Delivery], vendor: Vendor) -> None:
    row = ticket()
    for _ in range(2):
        tasks.deliver(str(row.pk))
        tasks.tick()
    assert [one.pk for one in vendor.sent] == [row.pk]


def test_without_its_sender_a_claimed_delivery_fails(
    ticket: Callable[..., Delivery], vendor: Vendor, now: datetime
) -> None:
    row = ticket()
    vendor.leave()
    send_one(delivery_id=row.pk, now=now)
    assert state(row) == State.FAILED
