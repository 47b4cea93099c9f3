"""The outbox at its edges: who counts behind a number, limits, repeats, and what a sweep leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from actions.facts import ContactFacts
from agents.contacts.models import Contact
from agents.contacts.services import disengage, lift_dnc, set_dnc
from agents.core.models import AuditRow, User
from agents.outbox import services, sweep, tasks
from agents.outbox.gate import Verdict, may_contact
from agents.outbox.models import Delivery, Hold
from tests.outbox.conftest import Put, Vendor
from tests.threads import at_the_same_time

State = Delivery.State
pytestmark = pytest.mark.django_db
both = pytest.mark.usefixtures("line", "vendor")
threads = pytest.mark.django_db(transaction=True)


def taken(row: Delivery, now: datetime | None = None) -> bool:
    """Whether it may leave: a claim got it."""
    now = now or timezone.now()
    return services.claim(delivery_id=row.pk, owner="a", now=now) is not None


def fresh(row: Delivery) -> Delivery:
    return Delivery.objects.get(pk=row.pk)


def counted(contact: Contact) -> int:
    return Contact.objects.get(pk=contact.pk).outbound_seq


@pytest.fixture
def neighbour(contact: Contact) -> Contact:
    """Somebody else behind the same number."""
    return Contact.objects.create(phone=contact.phone)


# --- putting in ------------------------------------------------------------------------------


@threads
@both
def test_nothing_is_left_of_what_was_rolled_back(put: Put) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        put()
        raise RuntimeError("the turn failed")
    assert not Delivery.objects.exists()
    assert not OrmQ.objects.exists()


@threads
@both
def test_putting_it_in_again_asks_for_one_sending(put: Put) -> None:
    for _ in range(2):
        put(key="run:9:1")
    assert OrmQ.objects.count() == 1


@both
def test_long_titles_and_reasons_are_cut(put: Put, now: datetime) -> None:
    row = put(title="t" * 400)
    assert taken(row, now)
    assert services.mark_failed(delivery_id=row.pk, owner="a", reason="r" * 400)
    assert (fresh(row).title, fresh(row).reason) == ("t" * 300, "r" * 300)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, ""),
        ({"dnc": True}, "The contact does not want to be called or written to."),
        ({"disengaged": True}, ""),  # a reply
    ],
)
def test_practice_tells_why_it_would_have_stayed(
    contact: Contact, now: datetime, facts: dict[str, bool], reason: str
) -> None:
    Contact.objects.update(sample=True, blocked=True)  # only what the sandbox knows counts
    what: services.Outgoing = {
        "key": "try:1", "kind": "sms", "title": "SMS", "purpose": "reply", "channel": "sms",
        "contact": contact, "to": contact.phone, "payload": {},
    }  # fmt: skip
    known = ContactFacts(id=str(contact.pk), **facts)  # type: ignore[arg-type]
    first = services.record_practice(facts=known, now=now, **what)
    assert services.record_practice(facts=ContactFacts(id="x"), now=now, **what) == first
    assert (first.state, first.reason) == (State.PRACTICE, reason)
    assert not taken(first, now)


# --- the claim -------------------------------------------------------------------------------


@both
def test_the_number_opted_out_of_text_messages_whoever_is_meant(
    put: Put, neighbour: Contact
) -> None:
    Contact.objects.filter(pk=neighbour.pk).update(sms_opted_out=True)
    message = put()
    assert not taken(message)
    assert fresh(message).gate["code"] == "sms_opted_out"
    assert taken(put(channel="voice"))


@both
def test_an_end_of_outreach_is_about_the_contact_not_the_number(
    put: Put, contact: Contact, neighbour: Contact
) -> None:
    disengage(contact=neighbour, agent_uuid=None, reason="silent")
    assert taken(put(purpose="outreach"))
    disengage(contact=contact, agent_uuid=None, reason="silent")
    assert not taken(put(purpose="outreach"))


@both
def test_what_leaves_counts_for_everybody_behind_the_number(
    put: Put, ticket: Callable[..., Delivery], contact: Contact, neighbour: Contact
) -> None:
    assert taken(put()) and taken(ticket())
    assert (counted(contact), counted(neighbour)) == (1, 1)


@both
def test_a_claim_that_came_second_counts_for_nobody(
    put: Put, contact: Contact, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = put()

    def meanwhile(*args: Any, **how: Any) -> Verdict:
        Delivery.objects.update(state=State.SENDING, lease_owner="b")
        return may_contact(*args, **how)

    monkeypatch.setattr(services, "may_contact", meanwhile)
    assert services.claim(delivery_id=row.pk, owner="a", now=now) is None
    assert (counted(contact), fresh(row).attempts) == (0, 0)


@both
def test_a_block_under_a_hold_is_final(put: Put, contact: Contact, now: datetime) -> None:
    stop = services.hold(scope=Hold.Scope.ALL, reason="Wrong text.")
    set_dnc(contact=contact, source="words", words="stop")
    row = put()
    assert not taken(row)
    services.lift_hold(hold_id=stop.pk, now=now)
    assert fresh(row).state == State.DENIED


@both
@pytest.mark.parametrize(
    ("ends", "again"), [("failed", True), ("sent", False), ("unknown", False), ("sending", False)]
)
def test_a_confirmation_that_surely_did_not_leave_may_be_tried_again(
    put: Put, contact: Contact, ends: str, again: bool
) -> None:
    set_dnc(contact=contact, source="keyword", words="STOP")
    first, second = (put(purpose="opt_out_confirmation") for _ in range(2))
    assert taken(first)
    Delivery.objects.filter(pk=first.pk).update(state=ends)
    assert taken(second) == again


@both
def test_the_next_opt_out_has_a_confirmation_of_its_own(put: Put, contact: Contact) -> None:
    for word in ("STOP", "END"):
        set_dnc(contact=contact, source="keyword", words=word)
        assert taken(put(purpose="opt_out_confirmation"))
        lift_dnc(contact=contact, user=User.objects.get_or_create(username="s")[0], reason="asked")


@both
def test_a_confirmation_of_the_sandbox_does_not_count(put: Put, contact: Contact) -> None:
    set_dnc(contact=contact, source="keyword", words="STOP")
    tried, real = (put(purpose="opt_out_confirmation") for _ in range(2))
    Delivery.objects.filter(pk=tried.pk).update(sandbox=True, state=State.SENT)
    assert taken(real)


# --- how it ended ----------------------------------------------------------------------------


@both
def test_what_left_stands_on_the_timeline_once(put: Put, contact: Contact, now: datetime) -> None:
    for row in (put(), put(contact=None, purpose="notification")):
        assert taken(row, now)
        ends = [services.mark_sent(delivery_id=row.pk, owner="a", now=now) for _ in range(2)]
        assert ends == [True, False]
        assert not services.mark_failed(delivery_id=row.pk, owner="a", reason="no")
        assert (fresh(row).state, fresh(row).lease_until) == (State.SENT, None)
    assert [entry.text for entry in contact.timeline.all()] == ["SMS to Ana"]


@threads
@both
def test_two_ends_at_the_same_time_are_one(put: Put, now: datetime) -> None:
    row = put()
    assert taken(row, now)
    done = at_the_same_time(
        lambda: services.mark_sent(delivery_id=row.pk, owner="a", now=now),
        lambda: services.mark_failed(delivery_id=row.pk, owner="a", reason="The number is wrong."),
    )
    assert sorted(done) == [False, True]
    assert fresh(row).state == (State.SENT if done[0] else State.FAILED)


# --- holds -----------------------------------------------------------------------------------


def test_a_lifted_hold_is_not_the_one_that_is_set_next(now: datetime) -> None:
    first = services.hold(scope=Hold.Scope.ALL, reason="one", actor="sam")
    services.lift_hold(hold_id=first.pk, now=now, actor="sam")
    assert services.hold(scope=Hold.Scope.ALL, reason="two", actor="sam") != first
    assert not services.lift_hold(hold_id=first.pk, now=now)
    verbs = (
        AuditRow.objects.filter(object_kind="hold").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["placed hold", "lifted hold", "placed hold"]
    assert [one.reason for one in services.active_holds()] == ["two"]


@both
def test_release_puts_back_once_and_never_what_is_of_the_sandbox(put: Put, now: datetime) -> None:
    real, tried = put(), put()
    stop = services.hold(scope=Hold.Scope.ALL, reason="")
    assert not taken(real) and not taken(tried)
    Delivery.objects.filter(pk=tried.pk).update(sandbox=True)
    Hold.objects.filter(pk=stop.pk).update(lifted_at=now)
    assert [services.release_held(), services.release_held()] == [1, 0]
    assert (fresh(real).state, fresh(real).reason) == (State.QUEUED, "")
    assert fresh(tried).state == State.HELD


# --- the sweep -------------------------------------------------------------------------------


@threads
def test_what_expired_while_it_waited_is_not_sent_when_the_line_comes(
    put: Put, vendor: Vendor, request: pytest.FixtureRequest, now: datetime
) -> None:
    row = put()
    request.getfixturevalue("line")
    swept = sweep.sweep(now=now + timedelta(days=1))
    assert (swept.expired, swept.released, swept.claimed) == (1, 0, 0)
    assert (fresh(row).state, vendor.sent) == (State.EXPIRED, [])


@threads
@both
def test_what_nobody_can_send_takes_no_room_in_the_batch(
    put: Put, vendor: Vendor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan, row = put(), put()
    Delivery.objects.filter(pk=orphan.pk).update(kind="fax")
    monkeypatch.setattr(sweep, "BATCH", 1)
    assert sweep.send_due(now=now) == 1
    assert ([one.pk for one in vendor.sent], fresh(orphan).state) == ([row.pk], State.QUEUED)


@threads
@both
def test_a_tick_that_took_long_leaves_the_rest_to_the_next(
    put: Put, vendor: Vendor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    with monkeypatch.context() as patched:
        patched.setattr(sweep, "CLAIMS_FOR", -1.0)
        assert sweep.send_due(now=now) == 0
    assert sweep.send_due(now=now) == 1


@threads
@both
def test_one_failure_does_not_stop_the_others(put: Put, vendor: Vendor, now: datetime) -> None:
    rows = [put(payload={"text": text}) for text in ("bad", "good")]

    def sender(row: Delivery) -> str:
        if row.payload["text"] == "bad":
            raise ConnectionError("cut off")
        return vendor(row)

    services._senders["sms"] = sender
    assert sweep.sweep(now=now).claimed == 2
    assert [fresh(row).state for row in rows] == [State.UNKNOWN, State.SENT]
    assert fresh(rows[0]).reason == "No clear answer (ConnectionError); it may have left."


@threads
@both
def test_a_live_claim_is_left_alone_by_the_sweep(put: Put, vendor: Vendor, now: datetime) -> None:
    row = put()
    assert taken(row, now)
    assert sweep.sweep(now=now) == sweep.Swept()
    assert services.mark_sent(delivery_id=row.pk, owner="a", now=now, vendor_id="SM1")
    assert fresh(row).vendor_id == "SM1"


@threads
def test_sending_what_is_gone_does_nothing(vendor: Vendor) -> None:
    tasks.deliver(str(uuid4()))
    assert vendor.sent == []
