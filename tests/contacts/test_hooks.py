"""Who else is told when outreach to a contact ends."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from agents.contacts import hooks, services
from agents.contacts.models import Contact, Disengagement
from agents.core.models import AuditRow

pytestmark = pytest.mark.django_db
Told = list[tuple[UUID, UUID | None]]


@pytest.fixture
def ana() -> Contact:
    return Contact.objects.create(values={"first_name": "Ana"}, phone="+12025550101")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(hooks, "_handlers", [])
    made: Told = []
    hooks.on_disengage(lambda contact, agent: made.append((contact, agent)))
    return made


def test_a_disengagement_is_told_with_its_agent(ana: Contact, told: Told) -> None:
    agent = uuid4()
    services.disengage(contact=ana, agent_uuid=agent, reason="no")
    services.disengage(contact=ana, agent_uuid=None, reason="no")
    assert told == [(ana.pk, agent), (ana.pk, None)]


def test_sequences_may_be_left_and_stopped_later(ana: Contact, told: Told) -> None:
    services.disengage(contact=ana, agent_uuid=None, reason="no", stop_sequences=False)
    assert told == []
    assert not services.disengage(contact=ana, agent_uuid=None, reason="no")
    assert told == [(ana.pk, None)]


def test_a_block_ends_outreach_by_all(ana: Contact, told: Told) -> None:
    services.set_dnc(contact=ana, source="words", words="stop calling me")
    assert told == [(ana.pk, None)]


def test_a_handler_that_fails_leaves_nothing_half_done(
    ana: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(contact: UUID, agent: UUID | None) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(hooks, "_handlers", [fail])
    with pytest.raises(RuntimeError):
        services.disengage(contact=ana, agent_uuid=None, reason="no")
    assert not Disengagement.objects.exists()


def test_it_is_audited_with_its_reason(ana: Contact) -> None:
    agent = uuid4()
    services.disengage(contact=ana, agent_uuid=agent, reason="“no thanks”", actor="Front desk")
    row = AuditRow.objects.get(verb="disengaged")
    assert (row.actor, row.reason, row.after) == (
        "Front desk",
        "“no thanks”",
        {"agent": str(agent)},
    )


def test_the_row_alone_keeps_every_agent_back(ana: Contact) -> None:
    """A copy of the contact from before knows nothing of it."""
    stale = Contact.objects.get(pk=ana.pk)
    services.disengage(contact=ana, agent_uuid=None, reason="no")
    assert not stale.disengaged
    assert services.is_disengaged(contact=stale, agent_uuid=uuid4())
    assert services.is_disengaged(contact=stale, agent_uuid=None)
