"""Manage appointment: what it offers, takes, moves, gives back, and how it says no."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from actions.base import ActionError, Audience, Collect, Heard, Outcome
from actions.facts import Booked
from actions.ports import Slot
from actions.understood import Evidence
from tests.fakes.ports import (
    NAMES,
    SLOTS,
    FakeContext,
    configured,
    findings,
    kind_of,
    refused,
    run,
)

SLUG = "manage_appointment"
HERE = {"calendar": "calendar:1", "service": "service:1"}
MADE = Booked("b1", "calendar:1", "service:7", SLOTS[-1].start, SLOTS[-1].end)
PHONE = {"phone": "+14155550142", "first_name": "Maria"}


def args(do: str = "book", start: str | None = None, after: str | None = None) -> dict[str, Any]:
    return {"do": do, "start": start, "after": after}


def offered(outcome: Outcome) -> list[str]:
    assert isinstance(outcome.flow, Collect) and outcome.outcome == "offered"
    return [value for value, _ in outcome.flow.options]


class Picky(FakeContext):
    """A calendar that says no, and notes what it was asked."""

    def __init__(self, sentence: str, audience: Audience, **values: Any) -> None:
        super().__init__(dict(PHONE), **values)
        self.error = ActionError(sentence, audience=audience, to_model=sentence)

    def slot(self, calendar: str, service: str, start: datetime, *, moving: str = "") -> Slot:
        raise self.error


def test_it_offers_as_many_as_wanted() -> None:
    outcome, context = run(SLUG, HERE | {"offered": 2}, args())
    assert offered(outcome) == ["2026-03-13T09:00:00+00:00", "2026-03-13T10:00:00+00:00"]
    flow = outcome.flow
    assert isinstance(flow, Collect)
    assert (flow.argument, flow.kind, flow.strict) == ("start", "option", False)
    assert flow.question == (
        "I can offer Fri 13 Mar, 09:00 or Fri 13 Mar, 10:00. Which one suits you?"
    )
    assert "2026-03-13T09:00:00+00:00" in outcome.to_model and not context.effects


@pytest.mark.parametrize(
    ("after", "first", "lead"),
    [
        ("2026-03-14", "2026-03-14T09", ""),
        ("Saturday", "2026-03-14T09", ""),
        ("Saturday afternoon", "2026-03-14T12", ""),
        ("Saturday at 3pm", "2026-03-14T15", ""),
        ("today", "2026-03-13T09", "Nothing is free on Thursday, March 12."),
        ("2026-08-01", "2026-03-13T09", "Nothing is free on Saturday, August 1."),
        ("9999-12-31", "2026-03-13T09", ""),
        ("nonsense", "2026-03-13T09", ""),
        ("", "2026-03-13T09", ""),
    ],
)
def test_a_wished_day(after: str, first: str, lead: str) -> None:
    outcome, _ = run(SLUG, HERE, args(after=after))
    assert offered(outcome)[0].startswith(first)
    assert isinstance(outcome.flow, Collect) and outcome.flow.question.startswith(lead)
    assert ("Nothing is free" in outcome.flow.question) is bool(lead)


def test_a_day_as_start_is_a_wish() -> None:
    assert offered(run(SLUG, HERE, args(start="2026-03-14"))[0])[0].startswith("2026-03-14T09")


def test_full() -> None:
    outcome, context = run(SLUG, HERE, args(), FakeContext(simulated={"slots": []}))
    assert (outcome.outcome, outcome.flow) == ("no_slot", None)
    assert "No time is free" in outcome.to_model and not context.effects


def test_a_time_that_was_just_taken_is_answered_with_others() -> None:
    context = Picky("That time is taken.", Audience.CONTACT)
    outcome, _ = run(SLUG, HERE, args(start=SLOTS[0].start.isoformat()), context)
    assert SLOTS[0].start.isoformat() not in offered(outcome) and len(offered(outcome)) == 3
    assert isinstance(outcome.flow, Collect)
    assert outcome.flow.question.startswith("That time is taken. I can offer")
    assert not context.effects


def test_what_is_not_the_contacts_fault_is_an_error() -> None:
    context = Picky("The calendar does not answer.", Audience.ADMIN)
    with pytest.raises(ActionError, match="does not answer"):
        run(SLUG, HERE, args(start=SLOTS[0].start.isoformat()), context)


def test_booking_confirms_and_tells() -> None:
    config = HERE | {
        "confirmation": "Hi [FirstName|there], see you [AppointmentDate] at [AppointmentTime].",
        "told": ["person:1", "person:99"],
        "from_line": "line:1",
    }
    outcome, context = run(SLUG, config, args(start=SLOTS[6].start.isoformat()), FakeContext(PHONE))
    assert outcome.outcome == "booked" and outcome.facts["start"] == SLOTS[6].start.isoformat()
    assert [effect.line for effect in context.effects] == [
        "Booked Fri 13 Mar, 15:00",
        "SMS to +14155550142: Hi Maria, see you Friday, March 13 at 3:00 PM.",
        "Notice to Ana Ruiz: Booked: Maria, Consultation, Fri 13 Mar, 15:00",
    ]


@pytest.mark.parametrize(
    ("contact", "text", "why"),
    [
        ({}, "See you.", "The contact has no phone number."),
        ({"phone": "+14155550142"}, "Hi [FirstName].", "There is no value for FirstName."),
    ],
)
def test_without_a_confirmation_the_appointment_stands(
    contact: dict[str, str], text: str, why: str
) -> None:
    context = FakeContext(contact)
    outcome, _ = run(
        SLUG, HERE | {"confirmation": text}, args(start=SLOTS[0].start.isoformat()), context
    )
    assert outcome.outcome == "booked" and outcome.to_model.endswith(f"No SMS was sent: {why}")
    assert len(context.effects) == 1


def test_moving_keeps_what_it_is() -> None:
    context = FakeContext(PHONE, simulated={"bookings": [MADE]})
    outcome, _ = run(SLUG, HERE, args("reschedule", SLOTS[0].start.isoformat()), context)
    (effect,) = context.effects
    assert outcome.outcome == "rescheduled"
    assert (effect.replaces, effect.service) == ("b1", "service:7")  # type: ignore[union-attr]
    assert outcome.line == "Moved to Fri 13 Mar, 09:00"


def test_moving_offers_first() -> None:
    context = FakeContext(PHONE, simulated={"bookings": [MADE]})
    assert offered(run(SLUG, HERE, args("reschedule"), context)[0]) and not context.effects


def test_cancelling() -> None:
    config = HERE | {"cancellation": "Your time on [AppointmentDate] is free again."}
    context = FakeContext(PHONE, simulated={"bookings": [MADE]})
    outcome, _ = run(SLUG, config, args("cancel"), context)
    assert outcome.outcome == "cancelled"
    assert [effect.line for effect in context.effects] == [
        "Cancelled Sat 14 Mar, 16:00",
        "SMS to +14155550142: Your time on Saturday, March 14 is free again.",
    ]


@pytest.mark.parametrize("do", ["cancel", "reschedule"])
def test_nothing_is_booked(do: str) -> None:
    outcome, context = run(SLUG, HERE, args(do, SLOTS[0].start.isoformat()))
    assert outcome.outcome == "nothing_booked" and outcome.to_model and not context.effects


@pytest.mark.parametrize("start", ["soon", "25:00", "2026-13-45T10:00", "٢٠٢٦", " ", "T" * 40])
def test_a_start_that_is_none_is_answered_with_times(start: str) -> None:
    outcome, context = run(SLUG, HERE, args(start=start))
    assert offered(outcome) and not context.effects


def test_a_calendar_that_was_deleted() -> None:
    with pytest.raises(ActionError, match="deleted"):
        run(SLUG, HERE | {"calendar": "calendar:9"}, {"do": "", "start": None, "after": None})


# --- settings -------------------------------------------------------------------------------


def test_what_the_linter_says() -> None:
    assert findings(SLUG, {}) == [("error", ("calendar",)), ("error", ("service",))]
    none = HERE | dict.fromkeys(("book", "reschedule", "cancel"), False)
    assert findings(SLUG, none) == [("error", ("book",))]
    assert findings(SLUG, HERE | {"book_when": "x"}) == [
        ("error", ("reschedule_when",)), ("error", ("cancel_when",)),
    ]  # fmt: skip
    assert findings(SLUG, HERE | {"book_when": "x"}, "y") == []
    assert findings(SLUG, HERE | {"confirmation": "[Nme"}) == [("error", ("confirmation",))]
    assert refused(SLUG, HERE | {"cancellation": "Reply STOP"})[0][0] == ("cancellation",)


def test_a_condition_for_each() -> None:
    config = configured(SLUG, HERE | {"book_when": "a", "cancel": False, "cancel_when": "c"})
    kind = kind_of(SLUG)
    assert kind.predicates(config, "w", NAMES) == {"book": "a", "reschedule": "w"}
    assert kind.predicates(configured(SLUG, HERE), "w", NAMES) == {"": "w"}
    given = kind.arguments(config, NAMES).model_validate(args("reschedule"))
    assert kind.named(config, NAMES, given) == ["reschedule"]
    assert kind.summary(config, NAMES) == "book or reschedule Consultation in Front desk"


# --- practice mode --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "met", "may", "do"),
    [
        ("Reschedule", [""], "book reschedule cancel", "reschedule"),
        ("I need another time for my booking", [""], "book reschedule cancel", "reschedule"),
        ("please cancel my appointment", [""], "book reschedule cancel", "cancel"),
        ("I want an appointment", [""], "book reschedule cancel", "book"),
        ("Hello", ["cancel"], "book reschedule cancel", "cancel"),
        ("my booking", ["book", "reschedule"], "book reschedule cancel", "reschedule"),
        ("Hello", [""], "cancel", "cancel"),
        ("Hello", [""], "reschedule cancel", None),
        ("Hello", [], "book", None),
        ("please cancel", [], "book", None),
    ],
)
def test_what_is_meant(said: str, met: list[str], may: str, do: str | None) -> None:
    allowed = {x: x in may for x in ("book", "reschedule", "cancel")}
    own = {f"{key}_when": "it is so" for key in met if key}
    config = configured(SLUG, HERE | allowed | own)
    evidence = {key: Evidence(said[:5], 0, 5) for key in met}
    made = kind_of(SLUG).practise(config, NAMES, Heard(said, evidence))
    assert (made["do"] if made else None) == do


def test_the_day_is_kept_in_the_words_of_the_contact() -> None:
    said = "Can I book an appointment for tomorrow at 3pm?"
    heard = Heard(said, {"": Evidence("book", 6, 10)})
    made = kind_of(SLUG).practise(configured(SLUG, HERE), NAMES, heard)
    assert made == {"do": "book", "start": None, "after": "tomorrow at 3pm"}
