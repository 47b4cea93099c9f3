"""Nothing of the demo business ever leaves, whatever is connected afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from agents.contacts.models import Contact
from agents.conversations.models import Conversation
from agents.core.writer import writer
from agents.demo.reading import invented, keys_of
from agents.outbox import services
from agents.outbox.gate import Purpose
from agents.outbox.models import Delivery, Hold
from agents.outbox.sweep import sweep
from agents.outbox.unreal import real
from agents.routing.models import Line
from agents.sequences import services as sequences
from agents.sequences.models import Enrolment, Sequence
from tests.demo.conftest import DemoBusiness

State = Delivery.State


class Vendor:
    """Everything that could send."""

    def __init__(self) -> None:
        self.sent: list[Delivery] = []

    def __call__(self, row: Delivery) -> str:
        self.sent.append(row)
        return "v1"


@pytest.fixture
def vendor(demo: DemoBusiness, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A line and a sender of every kind, connected after the demo business was made."""
    made = Vendor()
    monkeypatch.setattr(services, "_senders", {})
    with django_db_blocker.unblock():
        line = Line.objects.create(name="Main", number="+12025550100")
        kinds = {*Delivery.objects.values_list("kind", flat=True), "sms", "call", "email"}
        for kind in kinds:
            services.register_sender(kind, made)
        yield made
        line.delete()


def _everything_is_practice() -> bool:
    return set(Delivery.objects.values_list("state", flat=True)) == {State.PRACTICE}


def test_what_it_made_would_have_left(vendor: Vendor) -> None:
    rows = Delivery.objects.filter(sandbox=False)
    assert rows.count() > 15
    assert _everything_is_practice()
    assert {row.gate["decision"] for row in rows} == {"allow"}
    assert {"sms", "hubspot_ticket", "voicemail"} <= set(rows.values_list("kind", flat=True))


def test_neither_the_tick_nor_a_hold_that_is_lifted_sends_it(vendor: Vendor) -> None:
    now = timezone.now()
    stop = services.hold(scope=Hold.Scope.ALL, reason="Test")
    services.lift_hold(hold_id=stop.pk, now=now)
    for later in (0, 1, 48):
        sweep(now=now + timedelta(hours=later))
    Hold.objects.all().delete()
    assert vendor.sent == [] and _everything_is_practice()


def test_not_even_where_its_state_says_queued(vendor: Vendor) -> None:
    """Asked for again by whatever way: the claim takes none of them."""
    before = list(Delivery.objects.all())
    keys = [row.pk for row in before]
    Delivery.objects.filter(pk__in=keys).update(state=State.QUEUED, sandbox=False)
    assert not real(Delivery.objects.all()).exists()
    for pk in keys:
        assert services.claim(delivery_id=pk, owner="me", now=timezone.now()) is None
    states = set(Delivery.objects.values_list("state", flat=True))
    for row in before:
        row.save()
    assert states == {State.DENIED} and vendor.sent == []


@pytest.mark.parametrize("purpose", [one for one in Purpose if one != Purpose.RECORD])
@pytest.mark.parametrize("sample", [True, False])
def test_no_message_by_hand_reaches_a_demo_contact(
    vendor: Vendor, purpose: Purpose, sample: bool
) -> None:
    """Nor where somebody says that it is no sample."""
    contact = Contact.objects.filter(pk__in=keys_of("contact"), blocked=False)[0]
    Contact.objects.filter(pk=contact.pk).update(sample=sample)
    contact.refresh_from_db()
    row = _put(contact=contact, to=contact.phone, purpose=purpose, agent_uuid=uuid4())
    sweep(now=timezone.now())
    row.refresh_from_db()
    Contact.objects.filter(pk=contact.pk).update(sample=True)
    assert row.state == State.PRACTICE and vendor.sent == []
    row.delete()


def test_no_message_of_a_demo_agent_reaches_anybody(vendor: Vendor) -> None:
    agent = UUID(keys_of("agent")[0])
    somebody = Contact.objects.create(phone="+12025550188")
    rows = [
        _put(contact=somebody, to=somebody.phone, agent_uuid=agent),
        _put(contact=None, to="+12025550189", agent_uuid=agent),
    ]
    sweep(now=timezone.now())
    assert {Delivery.objects.get(pk=row.pk).state for row in rows} == {State.PRACTICE}
    assert vendor.sent == []
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).delete()
    somebody.delete()


def test_outreach_of_ones_own_sequence_does_not_reach_them(vendor: Vendor) -> None:
    contact = Contact.objects.filter(pk__in=keys_of("contact"), blocked=False)[0]
    own = Sequence.objects.create(name="Own")
    enrolment = sequences.enrol(
        contact=contact, sequence=f"sequence:{own.pk}", restart=False, agent_uuid=uuid4(),
        conversation_id=None, key="own", now=timezone.now(),
    )  # fmt: skip
    row = _put(contact=contact, to=contact.phone, purpose="outreach",
               key=f"enrolment:{enrolment.pk}:1:0")  # fmt: skip
    sweep(now=timezone.now() + timedelta(days=3))
    row.refresh_from_db()
    assert row.state == State.PRACTICE and vendor.sent == []
    row.delete()
    Enrolment.objects.filter(pk=enrolment.pk).delete()
    contact.timeline.filter(data__enrolment=str(enrolment.pk)).delete()
    own.delete()


def test_a_real_contact_of_a_real_agent_is_reached(vendor: Vendor) -> None:
    """The vendor of these tests does send."""
    somebody = Contact.objects.create(phone="+12025550188")
    row = _put(contact=somebody, to=somebody.phone, agent_uuid=uuid4())
    sweep(now=timezone.now())
    writer.flush()
    assert [one.pk for one in vendor.sent] == [row.pk]
    row.delete()
    somebody.delete()


def _put(**changes: Any) -> Delivery:
    what: dict[str, Any] = {
        "key": f"hand:{uuid4()}", "kind": "sms", "title": "SMS", "purpose": "reply",
        "channel": "sms", "payload": {"text": "Hello"}, "now": timezone.now(),
    }  # fmt: skip
    return services.enqueue(**what | changes)


def test_its_agents_and_contacts_are_known_as_invented(demo: DemoBusiness, db: None) -> None:
    found = invented()
    assert len(found.agents) == 2 and len(found.contacts) == 30
    talks = Conversation.objects.values_list("contact_id", "agent__uuid")
    assert {c for c, _ in talks} <= set(found.contacts)
    assert {a for _, a in talks} == set(found.agents)
