"""Contacts at their edges: searching, filters, repeats, races, and stops in any order."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from agents.contacts import consent, services, status
from agents.contacts.finding import ContactFilters, matches
from agents.contacts.models import Contact, ContactDisposition, Disengagement, Tag
from agents.core.models import AuditRow, User
from agents.core.services import ensure_user
from tests.threads import at_the_same_time

pytestmark = pytest.mark.django_db
threads = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> Contact:
    return Contact.objects.create(values={"first_name": "Ana"}, phone="+12025550101")


@pytest.fixture
def sam() -> User:
    return ensure_user(email="sam@example.com", role="support")


def in_force(contact: Contact) -> set[tuple[str, str]]:
    rows = contact.consents.filter(withdrawn_at=None)
    return set(rows.values_list("channel", "purpose"))


# --- searching -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("ruiz ana", True),
        ("ana acme", True),
        ("ana@", True),
        ("555-0101", True),
        ("202.555.0101", True),
        ("(202) 555/0101", True),
        ("2025550199", False),
        ("ana 0101", True),  # a word and a number
        ("%", False),
        ("a_a", False),
        ("a'na", False),
    ],
)
def test_a_contact_is_found_by_what_people_type(ana: Contact, text: str, found: bool) -> None:
    ana.values |= {"last_name": "Ruiz", "company": "Acme Home"}
    ana.email = "ana@example.com"
    ana.save()
    assert Contact.objects.filter(matches(text)).exists() == found


def test_letters_beyond_ascii_are_found() -> None:
    zoe = Contact.objects.create(values={"first_name": "Zoë", "company": 'Bäcker "Nord"'})
    Contact.objects.create(values={"first_name": "Zoe"})
    for text in ("Zoë", 'bäcker "nord"'):
        assert Contact.objects.filter(matches(text)).get() == zoe


@pytest.mark.parametrize("pk", ["-1", "1 OR 1=1", "²", "1" * 10, "1.0", " 1"])
@pytest.mark.parametrize("name", ["list", "tag", "disposition"])
def test_what_is_no_key_filters_nothing(ana: Contact, name: str, pk: str) -> None:
    filters = ContactFilters.read({name: pk})
    assert filters.given == {}
    assert ana in filters.rows()


def test_a_filter_goes_through_the_address_unchanged() -> None:
    asked = {"show": "samples", "q": " ana  &  co\n", "tag": "3", "standing": "dnc", "list": "0"}
    filters = ContactFilters.read(asked)
    assert filters.query == "show=samples&q=ana+%26+co&list=0&tag=3&standing=dnc"
    left = filters.without("tag")
    assert left.samples and left.given == {"q": "ana & co", "list": "0", "standing": "dnc"}
    assert ContactFilters.read({"q": "x" * 500}).q == "x" * 200


def test_several_labels_show_a_contact_once(ana: Contact) -> None:
    tags = [Tag.objects.create(name=name) for name in ("A", "B")]
    ana.tags.set(tags)
    services.disengage(contact=ana, agent_uuid=uuid4(), reason="")
    services.disengage(contact=ana, agent_uuid=uuid4(), reason="")
    query = {"tag": str(tags[0].pk), "standing": "disengaged"}
    assert list(ContactFilters.read(query).rows()) == [ana]


@pytest.mark.parametrize("stop", ["blocked", "sms_opted_out", "disengaged"])
def test_reachable_is_whom_nothing_stops(ana: Contact, stop: str) -> None:
    Contact.objects.create(**{stop: True})
    past = Contact.objects.create()
    agent = uuid4()
    services.disengage(contact=past, agent_uuid=agent, reason="")
    reachable = ContactFilters(standing="reachable").rows()
    assert set(reachable) == {ana}
    Disengagement.objects.update(lifted_at=ana.created_at)
    assert set(reachable.all()) == {ana, past}


# --- labels and dispositions -----------------------------------------------------------------


def test_only_what_changed_is_told(ana: Contact) -> None:
    old, new = (Tag.objects.create(name=name) for name in ("Old", "New"))
    ana.tags.add(old)
    refs = [f"tag:{old.pk}", f"tag:{new.pk}", "tag:999999"]
    assert status.change_labels(contact=ana, kind="tag", refs=refs) == ["New"]
    assert ana.timeline.get().text == "Tags: New"
    assert status.change_labels(contact=ana, kind="tag", refs=refs) == []
    assert ana.timeline.count() == 1


def test_taking_away_what_is_not_there_is_no_news(ana: Contact) -> None:
    tag = Tag.objects.create(name="New")
    refs = [f"tag:{tag.pk}"]
    assert status.change_labels(contact=ana, kind="tag", refs=refs, remove=True) == []
    status.replace_labels(contact=ana, kind="tag", had=refs, wanted=refs, actor="sam")
    assert not ana.timeline.exists() and not ana.tags.exists()


def test_the_same_disposition_again_is_no_news(ana: Contact) -> None:
    lead = ContactDisposition.objects.create(name="Lead")
    for _ in range(2):
        status.set_contact_disposition(contact=ana, ref=f"contact_disposition:{lead.pk}")
    for _ in range(2):
        status.set_contact_disposition(contact=ana, ref="")
    told = list(ana.timeline.order_by("pk").values_list("text", flat=True))
    assert told == ["Disposition: Lead", "Disposition: none"]
    assert ana.timeline.first().data == {"old": "Lead", "new": ""}


# --- stops -----------------------------------------------------------------------------------


@threads
@pytest.mark.parametrize("source", ["keyword", "words"])
def test_blocks_at_the_same_time_are_one(ana: Contact, source: services.DncSource) -> None:
    done = at_the_same_time(
        *[lambda: services.set_dnc(contact=ana, source=source, words="stop")] * 3
    )
    assert sorted(done) == [False, False, True]
    assert ana.dnc_entries.count() == ana.timeline.filter(kind="dnc").count() == 1


@threads
def test_lifting_at_the_same_time_is_told_once(ana: Contact, sam: User) -> None:
    services.set_dnc(contact=ana, source="words", words="stop")
    done = at_the_same_time(*[lambda: services.lift_dnc(contact=ana, user=sam, reason="asked")] * 2)
    assert sorted(done) == [False, True]
    assert AuditRow.objects.filter(verb="lifted DNC").count() == 1


@threads
@pytest.mark.parametrize("agent", [None, uuid4()])
def test_an_end_of_outreach_at_the_same_time_is_one(ana: Contact, agent: Any) -> None:
    done = at_the_same_time(
        *[lambda: services.disengage(contact=ana, agent_uuid=agent, reason="silent")] * 3
    )
    assert sorted(done) == [False, False, True]
    assert ana.disengagements.count() == 1


def test_a_keyword_does_not_weaken_a_block_without_a_record(ana: Contact) -> None:
    """Blocked without an entry, by a person or an import: START alone does not lift that."""
    Contact.objects.update(blocked=True)
    ana.refresh_from_db()
    assert not services.opt_in(contact=ana, word="START")
    services.set_dnc(contact=ana, source="keyword", words="STOP")
    assert not services.opt_in(contact=ana, word="START")


def test_a_block_after_it_was_lifted_is_a_new_one(ana: Contact, sam: User) -> None:
    for words in ("stop", "I said stop"):
        assert services.set_dnc(contact=ana, source="words", words=words)
        assert services.lift_dnc(contact=ana, user=sam, reason=" She asked. ")
    rows = ana.dnc_entries.order_by("pk").values_list("words", "lifted_by", "lift_reason")
    assert list(rows) == [("stop", sam.pk, "She asked."), ("I said stop", sam.pk, "She asked.")]


def test_the_end_of_all_outreach_covers_each_agent_and_is_lifted_with_them(
    ana: Contact, sam: User
) -> None:
    one, other = uuid4(), uuid4()
    assert services.disengage(contact=ana, agent_uuid=one, reason="a")
    assert services.disengage(contact=ana, agent_uuid=None, reason="b")
    assert not services.disengage(contact=ana, agent_uuid=other, reason="c")
    assert services.re_engage(contact=ana, user=sam, reason="She called")
    assert not services.re_engage(contact=ana, user=sam, reason="She called")
    assert not any(services.is_disengaged(contact=ana, agent_uuid=who) for who in (None, one))
    assert ana.timeline.filter(kind="re_engaged").count() == 1


@pytest.mark.parametrize("reason", ["", " \n"])
def test_outreach_goes_on_only_for_a_reason(ana: Contact, sam: User, reason: str) -> None:
    services.disengage(contact=ana, agent_uuid=None, reason="silent")
    with pytest.raises(ValueError, match="Say why outreach may resume"):
        services.re_engage(contact=ana, user=sam, reason=reason)
    assert services.is_disengaged(contact=Contact.objects.get(), agent_uuid=None)


# --- consent ---------------------------------------------------------------------------------


def test_permissions_stand_side_by_side_and_end_together(ana: Contact) -> None:
    given = {("voice", "service"), ("sms", "service"), ("sms", "offers")}
    for channel, purpose in sorted(given):
        consent.give(contact=ana, grant=consent.Grant(channel, purpose, "written", "Yes"))
    assert in_force(ana) == given
    assert consent.withdraw(contact=ana, how="By letter", actor="sam")
    assert not consent.withdraw(contact=ana, how="By letter", actor="sam")
    assert in_force(ana) == set()
    entry = ana.timeline.get(kind="consent_ended")
    assert {"Calls, service", "Text messages, service", "Text messages, offers"} == set(
        entry.text.removeprefix("Consent withdrawn: ").split("; ")
    )


def test_a_permission_given_again_leaves_the_first_on_record(ana: Contact) -> None:
    grant = consent.Grant("sms", "service", "spoken", "Text me")
    consent.give(contact=ana, grant=grant)
    consent.withdraw(contact=ana, how="By letter", actor="sam")
    assert consent.give(contact=ana, grant=grant)
    ends = ana.consents.order_by("pk").values_list("withdrawn_how", "withdrawn_by")
    assert list(ends) == [("By letter", "sam"), ("", "")]


@threads
def test_the_same_permission_at_the_same_time_is_one(ana: Contact) -> None:
    grant = consent.Grant("sms", "service", "spoken", "Text me")
    done = at_the_same_time(*[lambda: consent.give(contact=ana, grant=grant)] * 3)
    assert sorted(done) == [False, False, True]
    assert ana.timeline.filter(kind="consent").count() == 1


# --- the snapshot ----------------------------------------------------------------------------


def test_a_snapshot_has_text_and_nothing_that_is_empty(ana: Contact) -> None:
    ana.values |= {"visits": 3, "floor": 0, "city": "", "zip": None, "phone": ""}
    known = services.snapshot(contact=ana)["values"]
    assert known == {"first_name": "Ana", "floor": "0", "phone": ana.phone, "visits": "3"}


def test_a_snapshot_is_of_the_agent_it_is_made_for(ana: Contact) -> None:
    agent = uuid4()
    services.disengage(contact=ana, agent_uuid=agent, reason="silent")
    seen = [services.snapshot(contact=ana, agent_uuid=who) for who in (agent, uuid4(), None)]
    assert [services.facts_of(one).disengaged for one in seen] == [True, False, False]


@pytest.mark.parametrize(("zone", "known"), [("UTC", ""), ("Europe/Berlin", "Europe/Berlin")])
def test_a_zone_that_nobody_chose_is_unknown(ana: Contact, zone: str, known: str) -> None:
    ana.time_zone = zone
    assert services.facts_of(services.snapshot(contact=ana)).time_zone == known
