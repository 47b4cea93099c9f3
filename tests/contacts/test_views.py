"""The contact screens: who is found, what the page shows, what staff may change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from agents.calendars.models import Booking, Calendar, Service
from agents.contacts import services, status
from agents.contacts.models import Contact, ContactDisposition, ContactList, Property, Tag
from agents.contacts.views.timeline import LINES
from agents.core.models import AuditRow
from tests.conversations.factories import (
    Example,
    make_agent,
    make_contact,
    make_conversation,
    make_delivery,
    make_example,
)

pytestmark = pytest.mark.django_db
LIST = "/contacts/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def support(client_for: Callable[[str], Client]) -> Client:
    return client_for("support")


@pytest.fixture
def example() -> Example:
    """Maria as a real contact with a real call."""
    made = make_example()
    Contact.objects.filter(pk=made.contact.pk).update(sample=False)
    made.contact.refresh_from_db()
    return made


def page_of(contact: Contact, rest: str = "") -> str:
    return f"{LIST}{contact.pk}/{rest}"


def text_of(response: Any) -> str:
    """The words of a page, without tags."""
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- the list ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ({"q": "maria"}, True),
        ({"q": "Lopez Maria"}, True),
        ({"q": "maria ruiz"}, False),
        ({"q": "+1 (415) 555-0142"}, True),
        ({"q": "5550142"}, True),
        ({"q": "@lopez.com"}, True),
        ({"list": "L"}, True),
        ({"tag": "T"}, True),
        ({"disposition": "D"}, True),
        ({"list": "L", "tag": "T", "disposition": "D", "standing": "dnc"}, True),
        ({"list": "999"}, False),
        ({"tag": "999"}, False),
        ({"disposition": "999"}, False),
        ({"standing": "dnc"}, True),
        ({"standing": "disengaged"}, True),
        ({"standing": "sms_opted_out"}, False),
        ({"standing": "reachable"}, False),
        ({"list": "no number", "standing": "nonsense"}, True),
    ],
)
def test_contacts_are_found(
    support: Client, example: Example, query: dict[str, str], passes: bool
) -> None:
    maria = example.contact
    maria.email = "maria@lopez.com"
    maria.save()
    new = ContactList.objects.create(name="New leads")
    stands = ContactDisposition.objects.create(name="Qualified")
    tag = Tag.objects.create(name="VIP")
    status.change_labels(contact=maria, kind="list", refs=[f"list:{new.pk}"])
    status.change_labels(contact=maria, kind="tag", refs=[f"tag:{tag.pk}"])
    status.set_contact_disposition(contact=maria, ref=f"contact_disposition:{stands.pk}")
    services.set_dnc(contact=maria, source="words", words="stop")
    services.disengage(contact=maria, agent_uuid=example.agent.uuid, reason="silent")
    keys = {"L": str(new.pk), "T": str(tag.pk), "D": str(stands.pk)}
    page = support.get(LIST, {name: keys.get(value, value) for name, value in query.items()})
    assert (maria in page.context["page"].object_list) is passes


def test_samples_are_kept_out_unless_asked_for(support: Client, example: Example) -> None:
    sample = make_contact(first_name="Sample", last_name="Only")
    assert [str(row) for row in support.get(LIST).context["page"]] == ["Maria Lopez"]
    shown = support.get(LIST, {"show": "samples"})
    assert list(shown.context["page"]) == [sample]
    assert "Sample Only sample" in text_of(shown)
    assert "sample" in text_of(support.get(page_of(sample)))


def test_a_chip_stands_for_each_filter(support: Client, example: Example) -> None:
    page = support.get(LIST, {"q": "maria", "standing": "reachable"})
    words = text_of(page)
    assert "Remove the filter Text “maria”" in words
    assert "Remove the filter Reach No restriction" in words
    chips = page.context["form"]["chips"]
    assert [chip.query for chip in chips] == ["standing=reachable", "q=maria"]


def test_the_part_brings_its_address(support: Client) -> None:
    headers = {**HTMX, "HX-Target": "contact-list"}
    part = support.get(LIST, {"q": "x", "tag": "", "show": "samples"}, headers=headers)
    assert part["HX-Push-Url"] == f"{LIST}?show=samples&q=x"
    assert part.content.decode().strip().startswith('<div id="contact-list">')


def test_empty_lists_say_what_to_do(support: Client) -> None:
    assert "No contacts yet" in text_of(support.get(LIST))
    assert "No samples" in text_of(support.get(LIST, {"show": "samples"}))
    assert "Nothing matches" in text_of(support.get(LIST, {"q": "nobody"}))


def test_the_list_takes_the_same_queries_for_many_rows(
    support: Client, example: Example, django_assert_max_num_queries: Any
) -> None:
    tag = Tag.objects.create(name="VIP")
    for number in range(30):
        row = Contact.objects.create(values={"first_name": f"C{number}"})
        row.tags.add(tag)
        make_conversation(example.agent, version=example.conversation.version, contact=row)
    with django_assert_max_num_queries(10):
        page = support.get(LIST)
    assert page.context["page"].paginator.count == 31


# --- the page ----------------------------------------------------------------------------------


def test_the_timeline_has_everything_newest_first(support: Client, example: Example) -> None:
    maria, session = example.contact, example.conversation
    services.add_note(contact=maria, text="Wants a quote.", conversation_id=session.pk)
    services.set_dnc(
        contact=maria, source="words", words="stop calling", conversation_id=session.pk
    )
    page = support.get(page_of(maria))
    lines = page.context["timeline"].lines
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    words = text_of(page)
    for part in (
        "Wants a quote.", "Do not call, do not write", "“stop calling”", "Call with Front desk",
        "Price list by SMS denied", "Hi Maria, here is our price list.",
        "transferred to Ana Ruiz", "Inbound call, version 12",
    ):  # fmt: skip
        assert part in words


@pytest.mark.parametrize(
    ("kind", "count"),
    [("talks", 1), ("deliveries", 2), ("notes", 1), ("changes", 1), ("reach", 1), ("bookings", 1)],
)
def test_the_timeline_is_narrowed(support: Client, example: Example, kind: str, count: int) -> None:
    maria = example.contact
    services.add_note(contact=maria, text="A note.")
    services.set_property(contact=maria, key="email", value="m@lopez.com")
    services.set_dnc(contact=maria, source="staff", words="asked")
    services.record(contact_id=maria.pk, kind="booking", text="Booked: Boiler check")
    services.record(contact_id=maria.pk, kind="delivery", text="Once in the outbox already")
    part = support.get(page_of(maria, "timeline/"), {"kind": kind})
    assert len(part.context["timeline"].lines) == count
    assert part.content.decode().strip().startswith('<div id="timeline"')


def test_a_long_timeline_comes_in_stretches_without_gap_or_repeat(
    support: Client, example: Example
) -> None:
    maria = example.contact
    for number in range(LINES * 2 + 5):
        entry = services.add_note(contact=maria, text=f"Note {number}.")
        entry.at = timezone.now() + timedelta(seconds=number // 3)
        entry.save()
    seen: list[str] = []
    before = ""
    for _ in range(10):
        query = {"kind": "notes", "before": before} if before else {"kind": "notes"}
        stretch = support.get(page_of(maria, "timeline/"), query).context["timeline"]
        seen += [line.text for line in stretch.lines]
        before = stretch.before
        if not before:
            break
    assert len(seen) == len(set(seen)) == LINES * 2 + 5


@pytest.mark.parametrize("before", ["nonsense", "2026-13-01", "2026-01-01T00:00:00"])
def test_a_nonsense_moment_is_ignored(support: Client, example: Example, before: str) -> None:
    part = support.get(page_of(example.contact, "timeline/"), {"before": before, "kind": "talks"})
    assert len(part.context["timeline"].lines) == 1


def test_a_real_contact_shows_no_tests_and_a_sample_only_those(support: Client) -> None:
    sample = make_example(sandbox=True)
    make_conversation(sample.agent, version=sample.conversation.version, contact=sample.contact)
    page = support.get(page_of(sample.contact))
    assert [line.talk for line in page.context["timeline"].lines if line.talk] == [
        sample.conversation
    ]
    assert page.context["talk_count"] == 1


def test_a_property_says_who_changed_it_when_and_in_which_conversation(
    support: Client, example: Example
) -> None:
    maria = example.contact
    Property.objects.get_or_create(key="company", defaults={"label": "Company", "position": 4})
    services.set_property(contact=maria, key="email", value="old@lopez.com", actor="Sam")
    services.set_property(
        contact=maria, key="email", value="new@lopez.com", conversation_id=example.conversation.pk
    )
    page = support.get(page_of(maria), {"tab": "properties"})
    words = text_of(page)
    assert "2 changes, last" in words
    assert "old@lopez.com new@lopez.com Call with Front desk" in words
    assert "old@lopez.com Sam ·" in words
    values = {value.label: value.value for value in page.context["values"]}
    assert values["Company"] == ""
    assert values["E-mail"] == "new@lopez.com"


def test_a_value_whose_property_was_deleted_is_still_shown(
    support: Client, example: Example
) -> None:
    example.contact.values["boiler_age"] = 12
    example.contact.save()
    assert "Boiler age 12" in text_of(support.get(page_of(example.contact)))


def test_appointments_to_come_are_shown(support: Client, example: Example) -> None:
    calendar = Calendar.objects.create(name="Visits")
    service = Service.objects.create(calendar=calendar, name="Boiler check")
    for days, state in ((2, "booked"), (3, "cancelled"), (-2, "booked")):
        start = timezone.now() + timedelta(days=days)
        Booking.objects.create(
            calendar=calendar, service=service, contact=example.contact, start=start,
            end=start + timedelta(minutes=30), key=str(days), state=state,
        )  # fmt: skip
    assert len(support.get(page_of(example.contact)).context["upcoming"]) == 1


def test_the_page_takes_the_same_queries_for_a_long_history(
    support: Client, example: Example, django_assert_max_num_queries: Any
) -> None:
    maria = example.contact
    for number in range(25):
        row = make_conversation(example.agent, version=example.conversation.version, contact=maria)
        services.add_note(contact=maria, text=f"{number}", conversation_id=row.pk)
        services.set_property(
            contact=maria, key="email", value=f"{number}@x.org", conversation_id=row.pk
        )
        make_delivery(row, f"SMS {number}")
    with django_assert_max_num_queries(30):
        assert support.get(page_of(maria)).status_code == 200


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x>'])
def test_html_is_shown_as_text(support: Client, words: str) -> None:
    contact = make_contact(first_name=words, company=words)
    session = make_conversation(
        make_agent(name=words), contact=contact, sandbox=True, outcome=words
    )
    make_delivery(session, words, payload={"text": words})
    services.add_note(contact=contact, text=words, actor=words, conversation_id=session.pk)
    services.set_property(contact=contact, key="email", value=words)
    services.set_dnc(contact=contact, source="words", words=words)
    services.disengage(contact=contact, agent_uuid=None, reason=words)
    for tab in ("timeline", "properties", "reach"):
        assert words not in support.get(page_of(contact), {"tab": tab}).content.decode()
    assert words not in support.get(LIST, {"show": "samples", "q": words}).content.decode()


def test_an_unknown_contact_or_act_is_not_found(support: Client, example: Example) -> None:
    assert support.get(f"{LIST}{uuid4()}/").status_code == 404
    assert support.get(page_of(example.contact, "do/delete/")).status_code == 404
    assert support.post(page_of(example.contact, "label/values/")).status_code == 404


def test_a_conversation_leads_to_its_contact_for_those_who_may_open_it(
    client_for: Callable[[str], Client], example: Example
) -> None:
    session, link = (
        f"/conversations/{example.conversation.pk}/",
        f'href="{page_of(example.contact)}"',
    )
    assert link in client_for("support").get(session).content.decode()
    assert link not in client_for("builder").get(session).content.decode()


# --- what staff change -------------------------------------------------------------------------


def test_staff_file_a_contact_and_the_timeline_says_who(support: Client, example: Example) -> None:
    maria = example.contact
    one = ContactDisposition.objects.create(name="Qualified")
    address = page_of(maria, "label/dispositions/")
    part = support.post(address, {"dispositions": f"contact_disposition:{one.pk}"}, headers=HTMX)
    assert "contact-changed" in part["HX-Trigger"]
    maria.refresh_from_db()
    assert maria.disposition == one
    assert maria.timeline.get().actor == "support@example.com"
    support.post(address, {"dispositions": ""})
    maria.refresh_from_db()
    assert maria.disposition is None


@pytest.mark.parametrize("field", ["tags", "lists"])
def test_labels_change_from_what_was_shown(support: Client, example: Example, field: str) -> None:
    maria, slug = example.contact, field.removesuffix("s")
    model = Tag if field == "tags" else ContactList
    kept, left, joined, others = (
        model._default_manager.create(name=name) for name in ("Kept", "Left", "Joined", "Others")
    )
    held: Any = getattr(maria, field)
    held.add(kept, left, others)  # "others" came from somebody else after the page was loaded
    support.post(
        page_of(maria, f"label/{field}/"),
        {
            "had": f"{slug}:{kept.pk} {slug}:{left.pk}",
            field: [f"{slug}:{kept.pk}", f"{slug}:{joined.pk}", f"{slug}:99999", "nonsense"],
        },
        headers=HTMX,
    )
    assert {row.name for row in held.all()} == {"Kept", "Joined", "Others"}
    assert maria.timeline.count() == 2


def test_a_note_is_written(support: Client, example: Example) -> None:
    address = page_of(example.contact, "notes/")
    support.post(address, {"text": "  Called back.  "}, headers=HTMX)
    support.post(address, {"text": "   "}, headers=HTMX)
    entry = example.contact.timeline.get()
    assert (entry.kind, entry.text, entry.actor) == ("note", "Called back.", "support@example.com")


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_dnc_is_not_lifted_without_a_reason(support: Client, example: Example, reason: str) -> None:
    services.set_dnc(contact=example.contact, source="words", words="stop")
    address = page_of(example.contact, "do/lift/")
    assert "Type a reason." in text_of(support.post(address, {"reason": reason}, headers=HTMX))
    example.contact.refresh_from_db()
    assert example.contact.blocked


@pytest.mark.parametrize("role", ["admin", "support"])
def test_dnc_is_lifted_with_a_reason_that_stays_on_record(
    client_for: Callable[[str], Client], example: Example, role: str
) -> None:
    maria = example.contact
    services.set_dnc(
        contact=maria, source="words", words="stop calling", conversation_id=example.conversation.pk
    )
    client = client_for(role)
    assert "Said it: stop calling" in text_of(client.get(page_of(maria)))
    answer = client.post(page_of(maria, "do/lift/"), {"reason": "She asked in writing"})
    assert answer.status_code == 302
    maria.refresh_from_db()
    assert not maria.blocked
    words = text_of(client.get(page_of(maria), {"tab": "reach"}))
    assert f"by {role}@example.com: “ She asked in writing ”" in words
    assert AuditRow.objects.filter(verb="lifted DNC", reason="She asked in writing").count() == 1


def test_a_builder_may_neither_read_nor_lift(
    client_for: Callable[[str], Client], example: Example
) -> None:
    services.set_dnc(contact=example.contact, source="words", words="stop")
    client = client_for("builder")
    assert client.get(LIST).status_code == 403
    address = page_of(example.contact, "do/lift/")
    assert client.post(address, {"reason": "Because"}).status_code == 403
    example.contact.refresh_from_db()
    assert example.contact.blocked


def test_staff_set_dnc_with_a_reason(support: Client, example: Example) -> None:
    support.post(page_of(example.contact, "do/block/"), {"reason": "Asked by letter"})
    example.contact.refresh_from_db()
    assert example.contact.blocked
    entry = example.contact.dnc_entries.get()
    assert (entry.source, entry.words) == ("staff", "Asked by letter")


def test_replies_are_said_to_leave_only_where_they_do(support: Client, example: Example) -> None:
    maria = example.contact
    services.disengage(contact=maria, agent_uuid=None, reason="silent")
    assert "Replies are still sent." in text_of(support.get(page_of(maria)))
    services.set_dnc(contact=maria, source="words", words="stop")
    assert "Replies are still sent." not in text_of(support.get(page_of(maria)))


@pytest.mark.parametrize("everybody", [True, False])
def test_a_disengaged_contact_is_re_engaged(
    support: Client, example: Example, everybody: bool
) -> None:
    maria = example.contact
    uuid = None if everybody else example.agent.uuid
    services.disengage(contact=maria, agent_uuid=uuid, reason="3 failed attempts")
    whose = "any agent" if everybody else "Front desk"
    assert f"No outreach by {whose}. 3 failed attempts" in re.sub(
        r" (?=\.)", "", text_of(support.get(page_of(maria)))
    )
    support.post(page_of(maria, "do/re-engage/"), {"reason": "She called"})
    maria.refresh_from_db()
    assert not services.is_disengaged(contact=maria, agent_uuid=uuid)
    words = text_of(support.get(page_of(maria), {"tab": "reach"}))
    assert "Re-engaged" in words
    assert "“She called”" in text_of(support.get(page_of(maria)))


def test_what_somebody_else_did_already_is_said(support: Client, example: Example) -> None:
    address = page_of(example.contact, "do/lift/")
    assert "There is nothing to do" in text_of(support.get(address, headers=HTMX))
    support.post(address, {"reason": "Because"})
    assert not example.contact.timeline.exists()


def test_a_dialog_opened_by_its_address_is_a_page(support: Client, example: Example) -> None:
    address = page_of(example.contact, "do/block/")
    assert "<html" in support.get(address).content.decode()
    assert "<html" not in support.get(address, headers=HTMX).content.decode()


def test_changes_are_only_posted(support: Client, example: Example) -> None:
    for rest in ("notes/", "label/tags/"):
        assert support.get(page_of(example.contact, rest)).status_code == 405
