"""What never leaves, whatever is connected: samples and invented businesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from agents.contacts.models import Contact
from agents.outbox import services, unreal
from agents.outbox.models import Delivery
from agents.outbox.sweep import send_one, sweep
from agents.outbox.unreal import Invented
from agents.routing.models import Line
from tests.outbox.conftest import Put, Vendor

pytestmark = pytest.mark.django_db(transaction=True)  # nothing is sent inside a transaction
AGENT = uuid4()
Ticket = Callable[..., Delivery]


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch, contact: Contact) -> list[Invented]:
    """What a room above says; empty until a test fills it."""
    found: list[Invented] = []
    monkeypatch.setattr(unreal, "_known", [lambda: found[0] if found else Invented()])
    return found


@pytest.mark.parametrize("purpose", ["reply", "outreach", "notification", "opt_out_confirmation"])
def test_a_message_to_a_sample_would_have_left(
    put: Put, contact: Contact, line: Line, vendor: Vendor, now: datetime, purpose: str
) -> None:
    Contact.objects.update(sample=True)
    contact.refresh_from_db()
    row = put(purpose=purpose)
    sweep(now=now)
    row.refresh_from_db()
    assert (row.state, row.gate["decision"], row.sandbox) == ("practice", "allow", False)
    assert not vendor.sent


def test_a_blocked_sample_would_have_been_denied(put: Put, contact: Contact, line: Line) -> None:
    Contact.objects.update(sample=True, blocked=True)
    contact.refresh_from_db()
    row = put()
    assert (row.state, row.gate["code"]) == ("practice", "dnc")


@pytest.mark.parametrize("by", ["agent", "contact"])
def test_nothing_of_an_invented_business_is_queued(
    put: Put, ticket: Ticket, contact: Contact, line: Line, vendor: Vendor, now: datetime,
    invented: list[Invented], by: str,
) -> None:  # fmt: skip
    contacts = [contact.pk] if by == "contact" else []
    invented.append(Invented(agents=[AGENT] if by == "agent" else [], contacts=contacts))
    rows = [put(agent_uuid=AGENT), ticket(agent_uuid=AGENT)]
    if by == "agent":
        rows.append(put(agent_uuid=AGENT, contact=None, to="+12025550177"))
    sweep(now=now)
    assert {Delivery.objects.get(pk=row.pk).state for row in rows} == {"practice"}
    assert not vendor.sent


@pytest.mark.parametrize("how", ["sample", "agent", "contact"])
def test_what_was_queued_before_is_denied_at_the_claim(
    put: Put, contact: Contact, line: Line, vendor: Vendor, now: datetime,
    invented: list[Invented], how: str,
) -> None:  # fmt: skip
    row = put(agent_uuid=AGENT)
    assert row.state == "queued"
    _make_unreal(how, invented, contact.pk)
    assert not send_one(delivery_id=row.pk, now=now)
    row.refresh_from_db()
    assert row.state == "denied"
    assert row.gate["code"] in ("sample_contact", "invented")
    assert not vendor.sent


@pytest.mark.parametrize("how", ["sample", "agent", "contact"])
def test_the_claim_itself_does_not_take_it(
    put: Put, contact: Contact, line: Line, vendor: Vendor, now: datetime,
    invented: list[Invented], how: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Even where the gate saw nothing: it became unreal after the gate had answered."""
    row = put(agent_uuid=AGENT)
    real = services.may_contact

    def answered_too_early(*args: object, **kwargs: object) -> object:
        verdict = real(*args, **kwargs)  # type: ignore[arg-type]
        _make_unreal(how, invented, contact.pk)
        return verdict

    monkeypatch.setattr(services, "may_contact", answered_too_early)
    assert services.claim(delivery_id=row.pk, owner="me", now=now) is None
    row.refresh_from_db()
    assert row.state == "queued" and not row.attempts
    assert not vendor.sent


def _make_unreal(how: str, invented: list[Invented], contact: UUID) -> None:
    if how == "sample":
        Contact.objects.update(sample=True)
    else:
        made = {"agent": Invented(agents=[AGENT]), "contact": Invented(contacts=[contact])}
        invented[:] = [made[how]]


def test_what_would_have_left_is_never_released_or_resent(
    put: Put, contact: Contact, vendor: Vendor, now: datetime
) -> None:
    """Written down before a line was there; the line comes, a hold comes and goes."""
    Contact.objects.update(sample=True)
    contact.refresh_from_db()
    row = put(purpose="outreach")
    Line.objects.create(name="Main", number="+12025550100")
    stop = services.hold(scope=services.Hold.Scope.ALL, reason="x")
    services.lift_hold(hold_id=stop.pk, now=now)
    services.release_held()
    sweep(now=now + timedelta(days=2))
    assert not send_one(delivery_id=row.pk, now=now)
    row.refresh_from_db()
    assert row.state == "practice" and not vendor.sent


def test_others_still_leave(
    put: Put, line: Line, vendor: Vendor, now: datetime, invented: list[Invented]
) -> None:
    invented.append(Invented(agents=[uuid4()], contacts=[uuid4()]))
    put(agent_uuid=AGENT)
    put(agent_uuid=None, contact=None, to="+12025550177")
    sweep(now=now)
    assert len(vendor.sent) == 2
