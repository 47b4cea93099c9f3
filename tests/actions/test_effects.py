"""Effects: each is whole, has its live writer, and changes only the facts that it is about."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions.effects import (
    AddNote,
    AddTags,
    AssignInbox,
    Book,
    CancelBooking,
    Disengage,
    Effect,
    Enrol,
    ListContact,
    Send,
    SetContactDisposition,
    SetDisposition,
    SetDnc,
    SetProperty,
    TagContact,
    apply_to_facts,
)
from actions.errors import ActionError, Audience
from actions.facts import Booked, ContactFacts, Facts
from actions.sending import notice, sms_to_contact, sms_to_number, tell, ticket, voicemail
from actions.terms import Channel
from agents.ports.live import WRITE
from tests.fakes.ports import FakeContext

NOW = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)
END = NOW + timedelta(minutes=30)


def facts(direction: str = "inbound", **contact: Any) -> Facts:
    return Facts(Channel.SMS, direction, NOW, ContactFacts(**contact))


def gaps(classes: Iterable[type[Effect]]) -> dict[str, list[str]]:
    """What classes of effects lack, by their names."""
    found = {}
    for one in classes:
        lacks = sorted(one.__abstractmethods__) + ([] if one in WRITE else ["live writer"])
        if lacks:
            found[one.__name__] = lacks
    return found


def kinds(parent: type[Effect]) -> list[type[Effect]]:
    """The classes of effects below one, at whatever depth."""
    return [one for child in parent.__subclasses__() for one in (child, *kinds(child))]


def test_every_effect_is_whole() -> None:
    classes = [one for one in kinds(Effect) if not one.__module__.startswith("tests")]
    assert len(classes) == len(WRITE) >= 14
    assert gaps(classes) == {}
    assert all(inspect.getdoc(one) for one in classes)


def test_an_effect_that_lacks_something_is_named() -> None:
    @dataclass(frozen=True)
    class Half(Effect):
        """Without a change."""

        @property
        def line(self) -> str:
            return "half"

    assert gaps([Half]) == {"Half": ["change", "live writer"]}
    with pytest.raises(TypeError):
        Half()  # type: ignore[abstract]


MADE = Booked("b1", "calendar:1", "service:1", NOW, END)
LATER = Booked("b1", "calendar:1", "service:2", END, END)
CHANGES: list[tuple[Effect, dict[str, Any]]] = [
    (SetDisposition("disposition:1", "Won"), {"disposition": "disposition:1"}),
    (AddTags(("tag:1", "tag:9"), ("Sales", "Old")), {"tags": {"tag:1", "tag:9"}}),
    (SetProperty("email", "Email", "a@b.com"), {"contact.values": {"email": "a@b.com"}}),
    (SetDnc("stop"),
     {"contact.dnc": True, "contact.dnc_source": "action", "contact.sequences": set()}),
    (AddNote("Call back"), {"notes": ["Call back"]}),
    (SetContactDisposition("contact_disposition:1", "Won"),
     {"contact.status": "contact_disposition:1"}),
    (TagContact(("tag:1",), ("Sales",)), {"contact.tags": {"tag:1", "tag:9"}}),
    (TagContact(("tag:9",), ("Old",), removed=True), {"contact.tags": set()}),
    (ListContact(("list:1",), ("Leads",)), {"contact.lists": {"list:1", "list:9"}}),
    (ListContact(("list:9",), ("Old",), removed=True), {"contact.lists": set()}),
    (Disengage(True, False), {"contact.disengaged": True}),
    (Disengage(False, True), {"contact.disengaged": True, "contact.sequences": set()}),
    (Enrol("sequence:1", "Onboarding"), {"contact.sequences": {"sequence:1", "sequence:9"}}),
    (AssignInbox("inbox:1", "Support"), {"inbox": "inbox:1"}),
    (Book("calendar:1", "service:2", "later", END, END, replaces="b1"),
     {"bookings": [asdict(LATER)]}),
    (Book("calendar:1", "service:2", "later", END, END, id="b2"),
     {"bookings": [asdict(MADE), {**asdict(LATER), "id": "b2"}]}),
    (CancelBooking("b1", "today"), {"bookings": []}),
    (Send("sms", "SMS", "reply"), {}),
]  # fmt: skip


def flat(facts: Facts) -> dict[str, Any]:
    values = asdict(facts)
    contact = values.pop("contact")
    return values | {f"contact.{name}": value for name, value in contact.items()}


@pytest.mark.parametrize(("effect", "expected"), CHANGES, ids=lambda one: type(one).__name__)
def test_it_changes_what_it_is_about(effect: Effect, expected: dict[str, Any]) -> None:
    known = facts(tags={"tag:9"}, lists={"list:9"}, sequences={"sequence:9"})
    known.tags, known.bookings = {"tag:9"}, [MADE]
    before = flat(known)
    apply_to_facts(known, [effect])
    assert {k: v for k, v in flat(known).items() if v != before[k]} == expected
    assert effect.line


def test_a_new_appointment_has_one_id_wherever_it_is_applied() -> None:
    """The stored snapshot and the facts in hand are changed one after the other."""
    effect = Book("calendar:1", "service:1", "now", NOW, END)
    stored, in_hand = facts(), facts()
    apply_to_facts(stored, [effect])
    apply_to_facts(in_hand, [effect])
    assert stored.bookings == in_hand.bookings and stored.bookings[0].id


# --- what leaves ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "moment", "purpose"),
    [
        ("inbound", "during", "reply"),
        ("inbound", "after_end", "reply"),
        ("inbound", "idle", "outreach"),
        ("outbound", "during", "outreach"),
    ],
)
def test_why_a_contact_gets_a_message(direction: str, moment: str, purpose: str) -> None:
    sent = sms_to_contact(facts(direction, values={"phone": "+1"}), moment, "Hi", line="line:1")
    assert (sent.purpose, sent.to, sent.title) == (purpose, "+1", "SMS to +1: Hi")
    assert sent.payload == {"text": "Hi", "line": "line:1", "media": "", "to_contact": True}


def test_a_message_to_a_fixed_number_is_a_notification() -> None:
    sent = sms_to_number("+1", "x" * 100, media="https://example.com/a.png")
    assert (sent.purpose, sent.title) == ("notification", f"SMS to +1: {'x' * 60}")
    assert not sent.payload["to_contact"] and sent.payload["media"]


def test_without_a_number_the_contact_is_asked_for_it() -> None:
    with pytest.raises(ActionError) as caught:
        sms_to_contact(facts(), "during", "Hi")
    assert caught.value.sentence == "The contact has no phone number."
    assert caught.value.audience is Audience.CONTACT
    assert caught.value.to_model == "Not sent: no phone number is known. Ask for it."


def test_a_voicemail_and_a_ticket() -> None:
    heard = voicemail(facts(values={"phone": "+1"}), "", recording="https://a", after_beep=True)
    assert (heard.title, heard.to, heard.purpose) == ("Voicemail: a recording", "+1", "outreach")
    made = ticket("Help", {"priority": "high"})
    assert (made.kind, made.title) == ("hubspot_ticket", "Ticket “Help” to HubSpot")
    assert made.payload == {"subject": "Help", "priority": "high"}


@pytest.mark.parametrize(
    ("way", "kind", "title"),
    [
        (("app", ""), "notice", "Notice to Ana: Hello"),
        (("email", "a@b.com"), "email", "Notice to Ana by e-mail: Hello"),
        (("sms", "+1"), "sms", "Notice to Ana by SMS: Hello"),
    ],
)
def test_a_colleague_is_told_in_the_chosen_way(way: tuple[str, str], kind: str, title: str) -> None:
    sent = notice("person:1", "Ana", way, "Hello")
    assert (sent.kind, sent.title, sent.to) == (kind, title, way[1])
    said = {"subject": "Hello"} if kind == "email" else {}
    assert sent.payload == {"to": "person:1", "text": "Hello", "to_contact": False} | said


def test_colleagues_who_are_gone_are_left_out() -> None:
    context = FakeContext()
    tell(context, ["person:9", "person:1"], "Hello")
    assert [effect.line for effect in context.effects] == ["Notice to Ana Ruiz: Hello"]
