"""Manage appointment: book, move or cancel a time in a calendar; only real free times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import Field, field_validator

from actions.base import (
    ActionError,
    ActionType,
    Audience,
    Collect,
    Example,
    Finding,
    Heard,
    Moment,
    Names,
    Need,
    Outcome,
    Settings,
    ToolArguments,
    conditions,
)
from actions.catalog.send_sms import LONGEST, no_reserved_answer, template_findings
from actions.context import Context
from actions.effects import Book, CancelBooking
from actions.facts import Booked
from actions.fields import Choices, condition, number, pick, picks, switch, template
from actions.languages import ENGLISH
from actions.offering import Wish, offer, wish_of
from actions.practice import understand
from actions.registry import register
from actions.sending import sms_to_contact, tell
from actions.text import clean, one_line
from actions.understood import find_date
from actions.understood.slots import wished
from actions.zones import elsewhere

DOES = ("book", "reschedule", "cancel")
# The narrower wish first: "reschedule my booking" is not about booking.
MEANT = {
    "reschedule": "reschedule the appointment",
    "cancel": "cancel the appointment",
    "book": "book an appointment",
}
DAY_ONLY = 10  # characters of a day without a time
WISH = 80  # characters of a wish
SOME_DAY = date(2000, 1, 1)  # only the place of a day in the words is looked for

HERE = {"calendar": "calendar:1", "service": "service:1"}
MADE = Booked(
    "b1", "calendar:1", "service:1",
    datetime(2026, 3, 14, 9, tzinfo=UTC), datetime(2026, 3, 14, 9, 30, tzinfo=UTC),
)  # fmt: skip


@register
class ManageAppointment(ActionType):
    """Books, moves and cancels appointments, and confirms them by SMS."""

    slug, label = "manage_appointment", "Manage appointment"
    group, icon = "Automation and integrations", "calendar-check"
    rank = 10
    also_called = ("book", "booking", "schedule", "calendar", "meeting", "reschedule", "cancel")
    about = "Book, move or cancel an appointment in a calendar."
    tool_help = (
        "Book, move (reschedule) or cancel an appointment of this contact. Leave start null to be "
        "given the free times; offer only those. Never say that a time is free, booked, moved or "
        "cancelled before this tool has said so."
    )
    when_hint = "the contact wants to book, move or cancel an appointment"
    moments = frozenset({Moment.DURING})
    asks = many = True
    answered_by = ("calendar",)
    needs = (Need("calendar", "a calendar"),)
    outcomes = (
        "booked", "rescheduled", "cancelled", "offered", "no_slot", "nothing_booked", "failed",
    )  # fmt: skip

    class Config(Settings):
        """The calendar, what may be done in it, and who learns of it."""

        calendar: str = pick("Calendar", "calendar")
        service: str = pick("Service", "service")
        book: bool = switch("Book", True)
        book_when: str = condition(
            "Book when", placeholder="the contact wants an appointment", show_if={"book": True}
        )
        reschedule: bool = switch("Reschedule", True)
        reschedule_when: str = condition(
            "Reschedule when", placeholder="the contact replies ‘Reschedule’",
            show_if={"reschedule": True},
        )  # fmt: skip
        cancel: bool = switch("Cancel", True)
        cancel_when: str = condition(
            "Cancel when",
            placeholder="the contact wants to cancel the appointment",
            show_if={"cancel": True},
        )
        offered: int = number("Times offered at once", 3, ge=1, le=5, unit="times")
        told: list[str] = picks("Who to notify", "person")
        confirmation: str = template(
            "Confirmation SMS",
            sms=True,
            max=LONGEST,
            help="Leave empty for none. You can use [AppointmentDate] and [AppointmentTime]",
        )
        cancellation: str = template(
            "SMS after cancelling",
            sms=True,
            max=LONGEST,
            help="Leave empty for none",
            show_if={"cancel": True},
        )
        from_line: str = pick("From", "line", help="Leave empty for the agent’s line")

        _no_reserved_answer = field_validator("confirmation", "cancellation")(no_reserved_answer)

    class Arguments(ToolArguments):
        """What to do, and when."""

        do: Literal["book", "reschedule", "cancel"] = Field(description="What the contact wants")
        start: str | None = Field(
            max_length=40,
            description="The start of an offered time that the contact has chosen, as "
            "2026-03-12T15:00; null to be given the free times",
        )
        after: str | None = Field(
            max_length=WISH,
            description="The day or time the contact wishes for, as YYYY-MM-DD or in their words "
            "(next Tuesday afternoon); null if none",
        )

    def choices(self, config: Any, names: Names) -> dict[str, Choices]:
        """What this panel allows; nothing where the calendar is gone."""
        there = config.calendar in names
        return {"do": Choices((do, do) for do in DOES if there and getattr(config, do))}

    def predicates(self, config: Any, when: str, names: Names) -> dict[str, str]:
        """The action's condition, or one each for booking, moving and cancelling."""
        own = ((do, getattr(config, f"{do}_when")) for do in DOES if getattr(config, do))
        return conditions(own, when)

    def summary(self, config: Any, names: Names) -> str:
        """What it may do, and where."""
        may = [do for do in DOES if getattr(config, do)]
        said = " or ".join(filter(None, (", ".join(may[:-1]), *may[-1:]))) or "do nothing"
        sms = ", confirm by SMS" if config.confirmation else ""
        return f"{said} {names.label(config.service)} in {names.label(config.calendar)}{sms}"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """What is not chosen, has no condition, or is no template."""
        found = [
            Finding("error", f"Choose a {name}.", (name,))
            for name in ("calendar", "service")
            if not getattr(config, name)
        ]
        may = [do for do in DOES if getattr(config, do)]
        if not may:
            found.append(Finding("error", "Turn on at least one of them.", ("book",)))
        if any(getattr(config, f"{do}_when") for do in may):
            text = "The others have a condition. Say when this one applies."
            missing = [f"{do}_when" for do in may if not (getattr(config, f"{do}_when") or when)]
            found += [Finding("error", text, (name,)) for name in missing]
        for name in ("confirmation", "cancellation"):
            if text := getattr(config, name):
                found += template_findings(text, (name,))
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """What was met or is named; the day in the contact's words."""
        may = self.choices(config, names)["do"].labels
        do = _meant(config, may, heard)
        if do is None:
            return None
        return {"do": do, "start": None, "after": _wish(heard)}

    def answer_hint(self, config: Any) -> str:
        """It offers times before it books one."""
        return "choose one of the times"

    def repeats(self, args: Any) -> bool:
        """Free times may be looked up again; a time is taken once."""
        return args is not None and args.start is None and args.do != "cancel"

    def reread(self, config: Any, heard: Heard) -> dict[str, Any] | None:
        """Another day is wished for: times of that day are offered."""
        wish = _wish(heard)
        return {"after": wish} if wish else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Offer free times, take the chosen one, or give one back."""
        if config.calendar not in ctx.names:
            raise ActionError("Its calendar was deleted.", to_model="That is not possible now.")
        current = ctx.calendar.current(config.calendar) if args.do != "book" else None
        if args.do != "book" and current is None:
            told = "There is no appointment to come."
            said = ctx.language.say("no_appointment")
            return Outcome("Nothing is booked", told, said, outcome="nothing_booked")
        if args.do == "cancel" and current is not None:
            return _cancelled(ctx, config, current)
        start = _moment(args.start or "")
        if start is None:
            desk = (config.calendar, _service(config, current))
            return offer(ctx, desk, wish_of(ctx, desk, args.after or args.start), config.offered)
        return _take(ctx, config, current, start)

    examples = (
        Example(
            "the free times",
            HERE | {"offered": 2},
            {"do": "book", "start": None, "after": None},
            line="Offered Fri 13 Mar, 09:00 or Fri 13 Mar, 10:00",
            flow=Collect,
        ),
        Example(
            "the free times of a day",
            HERE | {"offered": 1},
            {"do": "book", "start": None, "after": "2026-03-14"},
            line="Offered Sat 14 Mar, 09:00",
            flow=Collect,
        ),
        Example(
            "a chosen time, confirmed, and a colleague told",
            HERE
            | {
                "told": ["person:1"],
                "confirmation": "See you on [AppointmentDate], [AppointmentTime].",
            },
            {"do": "book", "start": "2026-03-13T10:00:00+00:00", "after": None},
            contact={"phone": "+14155550142", "first_name": "Maria"},
            effects=(
                "Booked Fri 13 Mar, 10:00",
                "SMS to +14155550142: See you on Friday, March 13, 10:00 AM.",
                "Notice to Ana Ruiz: Booked: Maria, Consultation, Fri 13 Mar, 10:00",
            ),
            line="Booked Fri 13 Mar, 10:00",
        ),
        Example(
            "moved",
            HERE,
            {"do": "reschedule", "start": "2026-03-13T10:00:00+00:00", "after": None},
            effects=("Moved to Fri 13 Mar, 10:00",),
            line="Moved to Fri 13 Mar, 10:00",
            simulated={"bookings": [MADE]},
        ),
        Example(
            "cancelled",
            HERE,
            {"do": "cancel", "start": None, "after": None},
            effects=("Cancelled Sat 14 Mar, 09:00",),
            line="Cancelled Sat 14 Mar, 09:00",
            simulated={"bookings": [MADE]},
        ),
        Example(
            "nothing to cancel",
            HERE,
            {"do": "cancel", "start": None, "after": None},
            line="Nothing is booked",
        ),
        Example(
            "full",
            HERE,
            {"do": "book", "start": None, "after": None},
            line="No time is free",
            simulated={"slots": []},
        ),
        Example(
            "a time that is not free",
            HERE,
            {"do": "book", "start": "2026-03-13T03:00", "after": None},
            error="That time is not free",
        ),
        Example(
            "something that it may not do",
            HERE | {"cancel": False},
            {"do": "cancel", "start": None, "after": None},
            error="invalid",
        ),
        Example(
            "a calendar that was deleted",
            HERE | {"calendar": "calendar:99"},
            {"do": "", "start": None, "after": None},
            error="Its calendar was deleted",
        ),
    )


def _meant(config: Any, may: Sequence[str], heard: Heard) -> str | None:
    """What has a condition of its own that was met, else what is named, else the usual."""
    own = [do for do in MEANT if do in may and getattr(config, f"{do}_when")]
    met = [do for do in own if do in heard.evidence]
    named = [do for do in MEANT if do in may and understand(MEANT[do]).match(heard.message)]
    usual = [*(may if len(may) == 1 else ()), *(("book",) if "book" in may else ())]
    return next(iter(met or named or (usual if heard.evidence else ())), None)


def _wish(heard: Heard) -> str | None:
    """The words from the wished day on, with the part of the day behind it."""
    message = heard.message
    if wished(message, SOME_DAY, heard.language) is None:
        return None
    found = find_date(message, SOME_DAY, heard.language)
    return message[found.evidence.start if found else 0 :][:WISH].rstrip(" .!?")


def _moment(text: str) -> datetime | None:
    """A start as the model gives it; None where it is no time of a day."""
    try:
        return datetime.fromisoformat(text.strip()) if len(text.strip()) > DAY_ONLY else None
    except ValueError:
        return None


def _service(config: Any, current: Booked | None) -> str:
    """An appointment that is moved stays what it is."""
    return (current.service if current else "") or str(config.service)


def _take(ctx: Context, config: Any, current: Booked | None, start: datetime) -> Outcome:
    """Book or move; a time that cannot be had is answered with others."""
    service, moving = _service(config, current), current.id if current else ""
    try:
        slot = ctx.calendar.slot(config.calendar, service, start, moving=moving)
    except ActionError as error:
        if error.audience is not Audience.CONTACT:
            raise
        lead = ctx.language.say("time_taken") if ctx.language is not ENGLISH else error.sentence
        refused = Wish(lead=lead, refused=start)
        return offer(ctx, (config.calendar, service), refused, config.offered)
    ctx.emit(Book(config.calendar, service, slot.label, slot.start, slot.end, moving))
    verb, key, outcome = (
        ("Moved to", "moved", "rescheduled") if current else ("Booked", "booked", "booked")
    )
    note = _confirm(ctx, config, config.confirmation, slot.start)
    _tell(ctx, config, verb, service, slot.label)
    line = f"{verb} {slot.label}"
    facts = {"start": slot.start.isoformat(), "label": slot.label}
    heard = _heard(ctx, key, slot.start)
    return Outcome(f"{line}{note}", f"{line}.{note}", heard, facts=facts, outcome=outcome)


def _cancelled(ctx: Context, config: Any, current: Booked) -> Outcome:
    label = ctx.calendar.label(current)
    ctx.emit(CancelBooking(current.id, label))
    note = _confirm(ctx, config, config.cancellation, current.start)
    _tell(ctx, config, "Cancelled", current.service, label)
    line = f"Cancelled {label}"
    heard = _heard(ctx, "cancelled", current.start)
    return Outcome(f"{line}{note}", f"{line}.{note}", heard, outcome="cancelled")


def _heard(ctx: Context, key: str, start: datetime) -> str:
    """What the contact hears where no model says it; English hears what the model is told."""
    if ctx.language is ENGLISH:
        return ""
    return ctx.language.say(key, time=ctx.language.speaking.time(start))


def _confirm(ctx: Context, config: Any, text: str, start: datetime) -> str:
    """Send the SMS; where that is not possible the appointment stands, and this says why."""
    if not text:
        return ""
    there = elsewhere(start, ctx.facts.contact.time_zone)
    speaking = ctx.language.speaking
    day, clock = speaking.day(start), f"{speaking.clock(start)}{there}"
    try:
        filled = clean(ctx.fill(text, {"AppointmentDate": day, "AppointmentTime": clock})).strip()
        if not 0 < len(filled) <= LONGEST:
            raise ActionError("The message is empty or too long.")
        ctx.emit(sms_to_contact(ctx.facts, ctx.moment, filled, line=config.from_line))
    except ActionError as error:
        return f" No SMS was sent: {error.sentence}"
    return ""


def _tell(ctx: Context, config: Any, verb: str, service: str, label: str) -> None:
    """Colleagues who are still there."""
    who = ctx.facts.contact.name or ctx.value("phone") or "a contact"
    what = [one_line(who, 80), ctx.names.get(service, ""), label]
    tell(ctx, config.told, f"{verb}: {', '.join(filter(None, what))}")
