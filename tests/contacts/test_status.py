"""Where a contact stands, what it belongs to, and the end of outreach."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from agents.contacts import directory, services, status
from agents.contacts.forms import NameForm
from agents.contacts.models import (
    Contact,
    ContactDisposition,
    ContactList,
    Disengagement,
    Tag,
    TimelineEntry,
)
from agents.core import picks
from agents.core.models import AuditRow
from agents.core.services import ensure_user
from agents.outbox.services import claim, enqueue
from agents.panels.services import create_agent
from agents.routing.models import Line
from agents.routing.services import NameTaken

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Contact:
    """A contact with a number."""
    return Contact.objects.create(values={"first_name": "Ana"}, phone="+12025550101")


def texts() -> list[str]:
    return list(TimelineEntry.objects.order_by("id").values_list("text", flat=True))


def test_a_disposition_replaces_the_one_before(ana: Contact) -> None:
    lead, done = (ContactDisposition.objects.create(name=name) for name in ("Lead", "Done"))
    for row in (lead, lead, done):
        status.set_contact_disposition(contact=ana, ref=f"contact_disposition:{row.pk}")
    status.set_contact_disposition(contact=ana, ref="")
    assert texts() == ["Disposition: Lead", "Disposition: Done", "Disposition: none"]
    ana.refresh_from_db()
    assert ana.disposition is None


def test_lists_are_joined_and_left_once(ana: Contact) -> None:
    rows = [ContactList.objects.create(name=name) for name in ("Leads", "News")]
    refs = [f"list:{row.pk}" for row in rows]
    assert status.change_labels(contact=ana, kind="list", refs=refs[:1]) == ["Leads"]
    assert status.change_labels(contact=ana, kind="list", refs=refs) == ["News"]
    assert status.change_labels(contact=ana, kind="list", refs=refs[:1], remove=True) == ["Leads"]
    assert status.change_labels(contact=ana, kind="list", refs=refs[:1], remove=True) == []
    assert texts() == ["Joined Leads", "Joined News", "Left Leads"]
    assert services.snapshot(contact=ana)["lists"] == refs[1:]


def test_tags_are_taken_off(ana: Contact) -> None:
    tag = Tag.objects.create(name="Vip")
    status.change_labels(contact=ana, kind="tag", refs=[f"tag:{tag.pk}"])
    assert status.change_labels(contact=ana, kind="tag", refs=[f"tag:{tag.pk}"], remove=True) == [
        "Vip"
    ]
    assert texts() == ["Tags: Vip", "Tags removed: Vip"]


def test_fifty_times_the_same_name_is_one_list() -> None:
    first = picks.create("list", "New leads")
    for _ in range(50):
        assert picks.create("list", " new  LEADS ") == first
        with pytest.raises(NameTaken, match="new leads"):
            directory.save_list(form=NameForm(name="new leads"))
    assert ContactList.objects.count() == 1


def test_a_pick_says_how_many_are_on_a_list(ana: Contact) -> None:
    row = ContactList.objects.create(name="Leads")
    made = datetime(2026, 3, 12, 15, tzinfo=UTC)
    ContactList.objects.update(created_at=made)
    assert [option.hint for option in picks.options("list")] == ["0 contacts, since Mar 12, 2026"]
    status.change_labels(contact=ana, kind="list", refs=[f"list:{row.pk}"])
    assert [option.hint for option in picks.options("list")] == ["1 contact, since Mar 12, 2026"]


def test_the_basics_hold_something_to_pick() -> None:
    call_command("basics")
    call_command("basics")
    assert ContactList.objects.count() == 2 and ContactDisposition.objects.count() == 4


def test_disengaged_from_one_agent_is_not_from_the_other(ana: Contact) -> None:
    mine, other = uuid4(), uuid4()
    assert services.disengage(contact=ana, agent_uuid=mine, reason="“no thanks”")
    assert not services.disengage(contact=ana, agent_uuid=mine, reason="again")
    assert services.snapshot(contact=ana, agent_uuid=mine)["disengaged"]
    assert not services.snapshot(contact=ana, agent_uuid=other)["disengaged"]
    assert services.disengage(contact=ana, agent_uuid=None, reason="all of them")
    assert services.snapshot(contact=ana, agent_uuid=other)["disengaged"]
    assert not services.disengage(contact=ana, agent_uuid=other, reason="already")


def test_a_person_lifts_it_and_says_why(ana: Contact) -> None:
    user = ensure_user(email="dana@example.com", role="support")
    assert not services.re_engage(contact=ana, user=user, reason="wrong button")
    services.disengage(contact=ana, agent_uuid=None, reason="")
    services.disengage(contact=ana, agent_uuid=uuid4(), reason="")
    with pytest.raises(ValueError, match="Say why"):
        services.re_engage(contact=ana, user=user, reason=" ")
    assert services.re_engage(contact=ana, user=user, reason="asked us to write again")
    ana.refresh_from_db()
    assert not ana.disengaged and not Disengagement.objects.filter(lifted_at=None).exists()
    assert Disengagement.objects.get().lifted_by == str(user)
    assert AuditRow.objects.filter(verb="re-engaged", reason="asked us to write again").exists()


@pytest.mark.parametrize(("purpose", "leaves"), [("outreach", False), ("reply", True)])
def test_the_gate_keeps_outreach_of_that_agent_back(
    ana: Contact, purpose: str, leaves: bool
) -> None:
    Line.objects.create(name="Main", number="+12025550100")
    mine, other = (create_agent(name=name, kind="text").uuid for name in ("Mine", "Other"))
    services.disengage(contact=ana, agent_uuid=mine, reason="“no thanks”")
    for agent, may in ((mine, leaves), (other, True)):
        row = enqueue(
            now=timezone.now(), key=f"k:{agent}", kind="sms", title="SMS", purpose=purpose,
            channel="sms", contact=ana, to=ana.phone, payload={}, agent_uuid=agent,
            conversation_id=None, run_id=None,
        )  # fmt: skip
        row.state = "queued"
        row.save()
        claim(delivery_id=row.pk, owner="a", now=timezone.now())
        row.refresh_from_db()
        assert (row.gate["decision"] == "allow") == may, row.gate
