"""Writes to a contact: the row, its timeline, and what lifts a block."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.contacts import services, status
from agents.contacts.models import Contact, DncEntry, Property, Tag, TimelineEntry
from agents.core.models import AuditRow, User
from tests.threads import at_the_same_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Contact:
    return Contact.objects.create(values={"first_name": "Ana"}, phone="+12025550101")


@pytest.fixture
def user() -> User:
    return User.objects.create(username="sam@example.com", first_name="Sam")


def test_a_property_is_saved_and_the_old_value_stays_in_the_timeline(ana: Contact) -> None:
    Property.objects.create(key="first_name", label="First name")
    assert (
        services.set_property(contact=ana, key="first_name", value="Anna", actor="Agent") == "Ana"
    )
    entry = ana.timeline.get()
    assert (entry.kind, entry.text, entry.actor) == ("property", "First name: Anna", "Agent")
    assert entry.data == {"key": "first_name", "label": "First name", "old": "Ana", "new": "Anna"}
    ana.refresh_from_db()
    assert ana.values == {"first_name": "Anna"}


@pytest.mark.parametrize(("key", "value"), [("phone", "+12025550199"), ("email", "a@example.com")])
def test_columns_keep_in_step(ana: Contact, key: str, value: str) -> None:
    services.set_property(contact=ana, key=key, value=value)
    fresh = Contact.objects.get(pk=ana.pk)
    assert getattr(fresh, key) == getattr(ana, key) == value == fresh.values[key]


def test_the_old_value_may_stand_in_the_column_only(ana: Contact) -> None:
    assert services.set_property(contact=ana, key="phone", value="+12025550102") == "+12025550101"


def test_the_same_value_again_leaves_no_entry(ana: Contact) -> None:
    assert services.set_property(contact=ana, key="first_name", value="Ana") == "Ana"
    assert not ana.timeline.exists()


def test_a_stale_copy_loses_nothing(ana: Contact) -> None:
    stale = Contact.objects.get(pk=ana.pk)
    services.set_property(contact=ana, key="city", value="Reno")
    services.set_property(contact=stale, key="zip", value="89501")
    ana.refresh_from_db()
    assert ana.values == {"first_name": "Ana", "city": "Reno", "zip": "89501"}


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_keys_lose_nothing() -> None:
    contact = Contact.objects.create()
    copies = {f"key_{n}": Contact.objects.get(pk=contact.pk) for n in range(6)}
    at_the_same_time(
        *(
            lambda key=key, copy=copy: services.set_property(contact=copy, key=key, value=key)
            for key, copy in copies.items()
        )
    )
    contact.refresh_from_db()
    assert contact.values == {key: key for key in copies}
    assert contact.timeline.count() == len(copies)


def test_dnc_blocks_once(ana: Contact) -> None:
    assert services.set_dnc(contact=ana, source="words", words="stop calling me")
    assert not services.set_dnc(contact=ana, source="action", words="stop calling me")
    assert ana.blocked
    fresh = Contact.objects.get(pk=ana.pk)
    assert fresh.blocked
    assert fresh.outbound_seq > 0
    assert DncEntry.objects.get().words == "stop calling me"
    assert ana.timeline.get().kind == "dnc"
    row = AuditRow.objects.get()
    assert (row.actor, row.verb, row.object_id) == ("words", "set DNC", str(ana.pk))


def test_a_person_lifts_with_a_reason(ana: Contact, user: User) -> None:
    services.set_dnc(contact=ana, source="staff", words="")
    with pytest.raises(ValueError, match="why"):
        services.lift_dnc(contact=ana, user=user, reason="  ")
    assert Contact.objects.get().blocked
    assert services.lift_dnc(contact=ana, user=user, reason="Asked to be called again")
    entry = DncEntry.objects.get()
    assert (entry.lifted_by, entry.lift_reason) == (user, "Asked to be called again")
    assert not Contact.objects.get().blocked
    assert list(ana.timeline.values_list("kind", flat=True)) == ["dnc_lifted", "dnc"]
    row = AuditRow.objects.get(verb="lifted DNC")
    assert (row.actor, row.reason) == (str(user), "Asked to be called again")


def test_lifting_what_is_not_blocked_changes_nothing(ana: Contact, user: User) -> None:
    assert not services.lift_dnc(contact=ana, user=user, reason="why not")
    assert not ana.timeline.exists()


def test_start_lifts_what_a_keyword_set(ana: Contact) -> None:
    services.set_dnc(contact=ana, source="keyword", words="STOP")
    assert services.opt_in(contact=ana, word="START")
    assert not Contact.objects.get().blocked
    assert DncEntry.objects.get().lift_reason == "START"
    assert AuditRow.objects.get(verb="lifted DNC").actor == "keyword"


@pytest.mark.parametrize("source", ["words", "staff", "action"])
def test_start_lifts_nothing_else(ana: Contact, source: services.DncSource) -> None:
    services.set_dnc(contact=ana, source=source, words="never again")
    assert not services.opt_in(contact=ana, word="START")
    assert Contact.objects.get().blocked


def test_words_after_a_keyword_outlast_start(ana: Contact, user: User) -> None:
    services.set_dnc(contact=ana, source="keyword", words="STOP")
    assert services.set_dnc(contact=ana, source="words", words="never call me again")
    assert not services.set_dnc(contact=ana, source="keyword", words="STOP")
    assert not services.opt_in(contact=ana, word="START")
    assert Contact.objects.get().blocked
    assert services.lift_dnc(contact=ana, user=user, reason="Called us")
    assert not Contact.objects.get().blocked
    assert not DncEntry.objects.filter(lifted_at=None).exists()


@pytest.mark.parametrize("order", [("keyword", "words"), ("words", "keyword")])
def test_start_lifts_nothing_where_words_were_said_too(
    ana: Contact, order: tuple[services.DncSource, services.DncSource]
) -> None:
    for source in order:
        services.set_dnc(contact=ana, source=source, words="stop")
    before = DncEntry.objects.filter(lifted_at=None).count()
    assert not services.opt_in(contact=ana, word="START")
    assert ana.blocked and Contact.objects.get().blocked
    assert DncEntry.objects.filter(lifted_at=None).count() == before
    assert not AuditRow.objects.filter(verb="lifted DNC").exists()


@pytest.mark.parametrize("source", ["words", "staff", "action"])
def test_start_in_vain_stands_on_the_timeline(ana: Contact, source: services.DncSource) -> None:
    services.set_dnc(contact=ana, source=source, words="never again")
    services.opt_in(contact=ana, word="START")
    entry = ana.timeline.get(kind="opt_in")
    assert entry.text == "Wrote START; the block stays until a person lifts it"
    assert entry.data == {"word": "START", "still_blocked": True}
    assert not ana.consents.exists()


def test_start_that_lifts_says_so(ana: Contact) -> None:
    services.set_dnc(contact=ana, source="keyword", words="STOP")
    services.opt_in(contact=ana, word="UNSTOP")
    assert ana.timeline.get(kind="opt_in").text == "Wrote UNSTOP; may be written to again"


def test_a_block_without_a_record_is_lifted_by_a_person_only(ana: Contact) -> None:
    Contact.objects.update(blocked=True, sms_opted_out=True)
    assert not services.opt_in(contact=ana, word="START")
    row = Contact.objects.get()
    assert (row.blocked, row.sms_opted_out) == (True, False)


@pytest.mark.parametrize(
    ("sources", "kept"),
    [
        ((), ""),
        (("keyword",), "keyword"),
        (("words",), "words"),
        (("keyword", "words"), "words"),
        (("staff", "keyword"), "staff"),
    ],
)
def test_a_snapshot_says_what_set_the_block(
    ana: Contact, sources: tuple[services.DncSource, ...], kept: str
) -> None:
    for source in sources:
        services.set_dnc(contact=ana, source=source, words="stop")
    facts = services.facts_of(services.snapshot(contact=ana))
    assert (facts.dnc, facts.dnc_source) == (bool(sources), kept)


def test_a_snapshot_of_before_has_no_source(ana: Contact) -> None:
    stored = services.snapshot(contact=ana) | {"dnc": True}
    del stored["dnc_source"]
    facts = services.facts_of(stored)
    assert (facts.dnc, facts.dnc_source) == (True, "")


def test_start_of_somebody_who_never_stopped_is_no_news(ana: Contact) -> None:
    assert services.opt_in(contact=ana, word="START")
    assert not ana.timeline.exists()


def test_start_brings_text_messages_back(ana: Contact) -> None:
    Contact.objects.update(sms_opted_out=True)
    assert services.opt_in(contact=ana, word="UNSTOP")
    assert not Contact.objects.get().sms_opted_out


def test_notes_and_tags_stand_on_the_timeline(ana: Contact) -> None:
    tags = [Tag.objects.create(name=name) for name in ("Lead", "Vip")]
    refs = [f"tag:{tag.pk}" for tag in tags]
    assert status.change_labels(contact=ana, kind="tag", refs=refs[:1]) == ["Lead"]
    assert status.change_labels(contact=ana, kind="tag", refs=refs) == ["Vip"]
    assert status.change_labels(contact=ana, kind="tag", refs=refs) == []
    services.add_note(contact=ana, text="Prefers mornings", actor="Sam")
    assert set(ana.tags.all()) == set(tags)
    texts = list(TimelineEntry.objects.order_by("id").values_list("text", flat=True))
    assert texts == ["Tags: Lead", "Tags: Vip", "Prefers mornings"]


def test_a_snapshot_is_json_and_gives_the_facts_back(ana: Contact) -> None:
    tag = Tag.objects.create(name="Lead")
    ana.tags.add(tag)
    services.set_dnc(contact=ana, source="words", words="no")
    stored = json.loads(json.dumps(services.snapshot(contact=Contact.objects.get())))
    facts = services.facts_of(stored)
    assert facts.id == str(ana.pk)
    assert facts.values == {"first_name": "Ana", "phone": "+12025550101"}
    assert facts.tags == {f"tag:{tag.pk}"}
    assert (facts.dnc, facts.sms_opted_out, facts.disengaged) == (True, False, False)
    assert facts.time_zone == ""


def test_an_entry_is_newest_first(ana: Contact) -> None:
    services.add_note(contact=ana, text="older")
    TimelineEntry.objects.update(at=timezone.now() - timedelta(days=1))
    services.add_note(contact=ana, text="newer")
    assert [entry.text for entry in ana.timeline.all()] == ["newer", "older"]
