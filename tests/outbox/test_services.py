"""The outbox: in once, claimed once, and only by who may."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from actions.facts import ContactFacts
from agents.contacts.models import Contact
from agents.contacts.services import set_dnc
from agents.outbox import services
from agents.outbox.gate import GateFacts, Verdict, may_contact
from agents.outbox.models import Delivery, Hold
from agents.routing.models import Line
from tests.outbox.conftest import Put, Vendor
from tests.threads import at_the_same_time

State = Delivery.State
pytestmark = pytest.mark.django_db
both = pytest.mark.usefixtures("line", "vendor")
threads = pytest.mark.django_db(transaction=True)


def fresh(row: Delivery) -> Delivery:
    return Delivery.objects.get(pk=row.pk)


# --- putting in ------------------------------------------------------------------------------


@both
def test_the_same_key_gives_the_first_one_back(put: Put) -> None:
    first = put(key="run:9:1")
    assert put(key="run:9:1", title="another") == first
    assert Delivery.objects.get().title == "SMS to Ana"
    assert first.state == State.QUEUED


@threads
@both
def test_the_same_key_at_the_same_time_is_one_delivery(put: Put) -> None:
    rows = at_the_same_time(*[lambda: put(key="run:9:1")] * 4)
    assert {row.pk for row in rows} == {Delivery.objects.get().pk}


@pytest.mark.usefixtures("vendor")
def test_without_a_line_a_message_is_held_and_expires(put: Put, now: datetime) -> None:
    Line.objects.create(name="Practice", practice=True)
    row = put()
    assert (row.state, row.reason) == (State.HELD, "no line")
    assert row.expires_at == now + timedelta(days=1)


@pytest.mark.usefixtures("line")
def test_without_a_sender_it_is_held(
    put: Put, ticket: Callable[..., Delivery], now: datetime
) -> None:
    message, record = put(), ticket()
    assert message.reason == record.reason == "not connected"
    assert message.expires_at == now + timedelta(days=1)
    assert record.expires_at is None


def test_a_kind_has_one_sender(vendor: Vendor) -> None:
    services.register_sender("sms", vendor)
    with pytest.raises(ValueError, match="sms"):
        services.register_sender("sms", Vendor())


@pytest.mark.usefixtures("vendor")
def test_a_record_needs_no_line(ticket: Callable[..., Delivery]) -> None:
    assert ticket(channel="voice").state == State.QUEUED


def test_an_unknown_purpose_is_refused(put: Put) -> None:
    with pytest.raises(ValueError, match="marketing"):
        put(purpose="marketing")


@both
def test_what_is_queued_is_sent_right_after_the_commit(
    put: Put, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = put(key="run:9:1")
        put(key="run:9:1")
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == ("agents.outbox.tasks.deliver", (str(row.pk),))


# --- the sandbox -----------------------------------------------------------------------------


def practise(now: datetime, contact: Contact, facts: ContactFacts) -> Delivery:
    return services.record_practice(
        key=f"run:{uuid.uuid4()}:1",
        kind="sms",
        title="SMS to Ana",
        purpose="reply",
        channel="sms",
        contact=contact,
        to=contact.phone,
        payload={},
        facts=facts,
        now=now,
    )


@both
def test_what_would_have_left_shows_the_gates_answer(now: datetime, contact: Contact) -> None:
    allowed = practise(now, contact, ContactFacts())
    denied = practise(now, contact, ContactFacts(dnc=True))
    assert (allowed.gate["decision"], allowed.reason) == ("allow", "")
    assert denied.gate["code"] == "dnc"
    assert denied.reason == denied.gate["sentence"]
    assert allowed.sandbox
    assert denied.sandbox


@both
@pytest.mark.parametrize("state", list(State))
def test_a_sandbox_delivery_is_never_claimed(now: datetime, contact: Contact, state: str) -> None:
    row = practise(now, contact, ContactFacts())
    Delivery.objects.update(state=state)
    assert services.claim(delivery_id=row.pk, owner="a", now=now) is None
    assert fresh(row).state == state


# --- the claim -------------------------------------------------------------------------------


@both
def test_a_claim_takes_a_lease_and_stores_the_answer(put: Put, now: datetime) -> None:
    row = services.claim(delivery_id=put().pk, owner="a", now=now)
    assert row
    assert (row.state, row.lease_owner, row.attempts) == (State.SENDING, "a", 1)
    assert row.lease_until == now + timedelta(seconds=30)
    assert (row.gate["decision"], row.gate["purpose"]) == ("allow", "reply")
    assert Contact.objects.get().outbound_seq == 1


@threads
@both
def test_two_claims_at_the_same_time_take_it_once(put: Put, now: datetime) -> None:
    for _ in range(5):
        pk = put().pk
        before = Contact.objects.get().outbound_seq
        taken = at_the_same_time(
            *(
                lambda pk=pk, owner=owner: services.claim(delivery_id=pk, owner=owner, now=now)
                for owner in ("a", "b")
            )
        )
        assert [row.lease_owner for row in taken if row] == [fresh(Delivery(pk=pk)).lease_owner]
        assert Contact.objects.get().outbound_seq == before + 1


@threads
@both
def test_no_claim_commits_after_a_block(put: Put, now: datetime, contact: Contact) -> None:
    rows = [put() for _ in range(24)]

    def sending() -> set[uuid.UUID]:
        return set(Delivery.objects.filter(state=State.SENDING).values_list("pk", flat=True))

    def stop() -> set[uuid.UUID]:
        while len(sending()) < 4:
            pass
        with transaction.atomic():
            set_dnc(contact=Contact.objects.get(pk=contact.pk), source="keyword", words="STOP")
            return sending()

    def claim_all() -> None:
        for row in rows:
            services.claim(delivery_id=row.pk, owner="a", now=now)

    claimed_before, _ = at_the_same_time(stop, claim_all)
    assert sending() == claimed_before
    assert Delivery.objects.filter(state=State.DENIED).count() == len(rows) - len(claimed_before)


@threads
@both
def test_a_block_waits_for_a_claim_in_the_gate(
    put: Put, now: datetime, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim has looked at the contact, not yet committed: the block cannot slip in between."""
    pk = put().pk
    in_gate, blocked = threading.Event(), threading.Event()

    def slow_gate(facts: GateFacts, **case: Any) -> Verdict:
        in_gate.set()
        blocked.wait(0.3)
        return may_contact(facts, **case)

    def stop() -> str:
        in_gate.wait(10)
        set_dnc(contact=Contact.objects.get(pk=contact.pk), source="keyword", words="STOP")
        blocked.set()
        return Delivery.objects.get(pk=pk).state

    monkeypatch.setattr(services, "may_contact", slow_gate)
    state_at_block, claimed = at_the_same_time(
        stop, lambda: services.claim(delivery_id=pk, owner="a", now=now)
    )
    assert claimed
    assert state_at_block == State.SENDING


@both
@pytest.mark.parametrize(
    ("column", "purpose", "code"),
    [
        ("blocked", "reply", "dnc"),
        ("sms_opted_out", "reply", "sms_opted_out"),
        ("disengaged", "outreach", "disengaged"),
        ("sample", "reply", "sample_contact"),
    ],
)
def test_what_may_not_leave_is_denied(
    put: Put, now: datetime, column: str, purpose: str, code: str
) -> None:
    row = put(purpose=purpose)
    Contact.objects.update(**{column: True})
    assert services.claim(delivery_id=row.pk, owner="a", now=now) is None
    denied = fresh(row)
    assert (denied.state, denied.gate["code"]) == (State.DENIED, code)
    assert denied.reason == denied.gate["sentence"]


@both
def test_a_block_holds_for_the_number_not_only_for_the_contact(put: Put, now: datetime) -> None:
    other = Contact.objects.create(phone="+12025550101")
    Contact.objects.create(phone="+12025550101", blocked=True, sample=True)
    assert services.claim(delivery_id=put().pk, owner="a", now=now)
    set_dnc(contact=other, source="words", words="no more")
    for row in (put(), put(contact=None, purpose="notification")):
        assert services.claim(delivery_id=row.pk, owner="a", now=now) is None
        assert fresh(row).gate["code"] == "dnc"


@both
def test_a_record_about_a_blocked_contact_leaves(
    ticket: Callable[..., Delivery], now: datetime
) -> None:
    Contact.objects.update(blocked=True)
    assert services.claim(delivery_id=ticket().pk, owner="a", now=now)


@both
def test_one_confirmation_of_an_opt_out_leaves(put: Put, now: datetime, contact: Contact) -> None:
    set_dnc(contact=contact, source="keyword", words="STOP")
    first, second = (put(purpose="opt_out_confirmation") for _ in range(2))
    now = timezone.now()
    assert services.claim(delivery_id=first.pk, owner="a", now=now)
    assert services.claim(delivery_id=second.pk, owner="a", now=now) is None
    assert fresh(second).gate["code"] == "already_confirmed"


@both
def test_a_late_confirmation_does_not_leave(put: Put, contact: Contact) -> None:
    set_dnc(contact=contact, source="keyword", words="STOP")
    row = put(purpose="opt_out_confirmation")
    late = timezone.now() + timedelta(minutes=6)
    assert services.claim(delivery_id=row.pk, owner="a", now=late) is None
    assert fresh(row).gate["code"] == "too_late"


@both
def test_nothing_is_claimed_before_its_time_or_after_it(put: Put, now: datetime) -> None:
    early, late = put(), put()
    Delivery.objects.filter(pk=early.pk).update(not_before=now + timedelta(minutes=1))
    Delivery.objects.filter(pk=late.pk).update(expires_at=now)
    for row in (early, late):
        assert services.claim(delivery_id=row.pk, owner="a", now=now) is None
        assert fresh(row).state == State.QUEUED
    later = now + timedelta(minutes=1)
    assert services.claim(delivery_id=early.pk, owner="a", now=later)


# --- how it ended ----------------------------------------------------------------------------


@both
def test_only_the_owner_of_the_claim_writes_the_end(put: Put, now: datetime) -> None:
    pk = put().pk
    services.claim(delivery_id=pk, owner="a", now=now)
    assert not services.mark_sent(delivery_id=pk, owner="b", now=now, vendor_id="x")
    assert not services.mark_failed(delivery_id=pk, owner="b", reason="x")
    assert not services.mark_unknown(delivery_id=pk, owner="b", reason="x")
    assert services.mark_sent(delivery_id=pk, owner="a", now=now, vendor_id="SM1")
    row = Delivery.objects.get(pk=pk)
    assert (row.state, row.vendor_id, row.sent_at) == (State.SENT, "SM1", now)
    assert not services.mark_failed(delivery_id=pk, owner="a", reason="x")
    assert row.contact
    assert row.contact.timeline.get().text == "SMS to Ana"


@both
def test_a_late_answer_settles_what_became_unknown(put: Put, now: datetime) -> None:
    pk = put().pk
    services.claim(delivery_id=pk, owner="a", now=now)
    assert services.mark_unknown(delivery_id=pk, owner="a", reason="No answer in time.")
    assert services.claim(delivery_id=pk, owner="b", now=now) is None
    assert services.mark_sent(delivery_id=pk, owner="a", now=now)


def test_nobody_settles_what_was_never_claimed(put: Put, now: datetime) -> None:
    pk = put().pk
    assert not services.mark_sent(delivery_id=pk, owner="", now=now)
    assert not services.mark_failed(delivery_id=pk, owner="", reason="x")


# --- holds -----------------------------------------------------------------------------------


def scopes(row: Delivery, agent: uuid.UUID, line: Line) -> list[tuple[dict[str, object], bool]]:
    return [
        ({"scope": Hold.Scope.ALL}, True),
        ({"scope": Hold.Scope.AGENT, "agent_uuid": agent}, True),
        ({"scope": Hold.Scope.AGENT, "agent_uuid": uuid.uuid4()}, False),
        ({"scope": Hold.Scope.LINE, "line_id": line.pk}, True),
        ({"scope": Hold.Scope.LINE, "line_id": line.pk + 1}, False),
    ]


@both
@pytest.mark.parametrize("case", range(5))
def test_a_hold_stops_what_it_names_until_it_is_lifted(
    put: Put, now: datetime, line: Line, case: int
) -> None:
    agent = uuid.uuid4()
    row = put(agent_uuid=agent, payload={"line": f"line:{line.pk}"})
    names, stops = scopes(row, agent, line)[case]
    stop = services.hold(reason="Wrong text.", **names)
    taken = services.claim(delivery_id=row.pk, owner="a", now=now)
    assert (taken is None) == stops
    if stops:
        assert fresh(row).reason == "Stopped by a hold: Wrong text."
        services.release_held()
        assert fresh(row).state == State.HELD
        assert services.lift_hold(hold_id=stop.pk, now=now)
        assert not services.lift_hold(hold_id=stop.pk, now=now)
        assert services.claim(delivery_id=row.pk, owner="a", now=now)


@both
def test_two_holds_are_both_lifted_before_it_leaves(put: Put, now: datetime) -> None:
    agent = uuid.uuid4()
    row = put(agent_uuid=agent)
    first = services.hold(scope=Hold.Scope.ALL, reason="")
    second = services.hold(scope=Hold.Scope.AGENT, agent_uuid=agent, reason="")
    services.claim(delivery_id=row.pk, owner="a", now=now)
    services.lift_hold(hold_id=first.pk, now=now)
    assert fresh(row).state == State.HELD
    services.lift_hold(hold_id=second.pk, now=now)
    assert fresh(row).state == State.QUEUED


def test_the_same_hold_is_set_once() -> None:
    first = services.hold(scope=Hold.Scope.ALL, reason="one")
    assert services.hold(scope=Hold.Scope.ALL, reason="two") == first


@pytest.mark.parametrize(
    "names", [{"scope": Hold.Scope.AGENT}, {"scope": Hold.Scope.ALL, "line_id": 3}]
)
def test_a_hold_names_what_it_stops(names: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="names"):
        services.hold(reason="", **names)
