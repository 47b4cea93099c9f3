"""Looking into calendars: free times, appointments to come, labels. Never writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from actions.base import ActionError, Audience
from actions.facts import Booked
from actions.languages import ENGLISH
from actions.ports import Slot
from agents.calendars.models import Booking, Calendar, Service
from agents.calendars.slots import Rules, Span, free_times, moment, why_not
from agents.core import picks

NOT_NOW = "No appointment can be offered right now."


@dataclass(frozen=True)
class Desk:
    """A service of a calendar with what is taken, at one moment."""

    calendar: Calendar
    service: Service
    busy: Sequence[Span]
    now: datetime

    @property
    def rules(self) -> Rules:
        """What the calendar allows for this service."""
        row = self.calendar
        return Rules(
            hours=row.week,
            length=timedelta(minutes=self.service.minutes),
            step=timedelta(minutes=row.step_minutes),
            buffer=timedelta(minutes=row.buffer_minutes),
            notice=timedelta(hours=row.notice_hours),
            days_ahead=row.days_ahead,
        )

    def slot(self, start: datetime) -> Slot:
        """A time in the calendar's zone with its label."""
        there = start.astimezone(self.calendar.zone)
        return Slot(
            there, there + timedelta(minutes=self.service.minutes), ENGLISH.speaking.time(there)
        )

    def free(self, after: datetime, count: int) -> list[Slot]:
        """The next free times; raises ActionError where the calendar has no hours at all."""
        if not self.rules.has_hours:
            raise closed(self.calendar)
        found = free_times(self.rules, self.busy, self.now, after)
        return [self.slot(start) for start in islice(found, count)]

    def at(self, start: datetime) -> Slot:
        """The free time that begins then; raises ActionError with the reason where there is none.

        A start without a zone is the calendar's local time.
        """
        if not self.rules.has_hours:
            raise closed(self.calendar)
        if reason := why_not(self.rules, self.busy, start, self.now):
            raise refused(reason)
        return self.slot(moment(self.rules, start) or start)


def refused(sentence: str) -> ActionError:
    """A time that cannot be had; the contact may choose another one."""
    return ActionError(sentence, audience=Audience.CONTACT, to_model=sentence)


def gone(what: str) -> ActionError:
    """A reference that leads nowhere any more."""
    return ActionError(f"The {what} was deleted.", to_model=NOT_NOW)


def closed(calendar: Calendar) -> ActionError:
    """A calendar in which nothing can ever be booked."""
    return ActionError(f"“{calendar}” has no working hours.", to_model=NOT_NOW)


def calendar_of(ref: str) -> Calendar:
    """The row behind `calendar:3`; raises ActionError."""
    row = Calendar.objects.filter(pk__in=_pk(ref, "calendar")).first()
    if row is None:
        raise gone("calendar")
    return row


def service_of(calendar: Calendar, ref: str) -> Service:
    """The row behind `service:3` of this calendar; raises ActionError."""
    row = calendar.services.filter(pk__in=_pk(ref, "service")).first()
    if row is None:
        raise gone("service")
    return row


def _pk(ref: str, kind: str) -> list[int]:
    slug, key = picks.split(ref)
    return picks.by_pk([key]) if slug == kind else []


def desk(
    *, calendar: str, service: str, now: datetime, without: str = "", more: Iterable[Span] = ()
) -> Desk:
    """Everything that a look-up needs, in three queries.

    `without` is the id of an appointment that is to be moved, `more` is taken as well.
    """
    row = calendar_of(calendar)
    return Desk(row, service_of(row, service), [*taken(row, now, without), *more], now)


def taken(calendar: Calendar, now: datetime, without: str = "") -> list[Span]:
    """What is booked from now on, with what ended so lately that its buffer may still count."""
    since = now - timedelta(minutes=calendar.buffer_minutes)
    rows = calendar.bookings.filter(state=Booking.State.BOOKED, end__gte=since)
    return list(rows.exclude(pk__in=booking_pk(without)).values_list("start", "end"))


def booking_pk(text: str) -> list[UUID]:
    """The key behind an id as it stands in an effect; none where it can be none."""
    try:
        return [UUID(text)]
    except ValueError:
        return []


def bookings(
    *, calendar: str, contact_id: UUID | None, conversation_id: UUID, now: datetime
) -> list[Booked]:
    """The contact's appointments to come, the next one first; of all calendars if none is given.

    Who is not known as a contact has those of the conversation.
    """
    rows = Booking.objects.filter(state=Booking.State.BOOKED, start__gte=now)
    if calendar:
        rows = rows.filter(calendar__in=_pk(calendar, "calendar"))
    whose = {"contact": contact_id} if contact_id else {"conversation_id": conversation_id}
    return [booked(row) for row in rows.filter(**whose).select_related("calendar")]


def booked(row: Booking) -> Booked:
    """An appointment as facts, in the calendar's zone."""
    return Booked(
        str(row.pk),
        f"calendar:{row.calendar_id}",
        f"service:{row.service_id}" if row.service_id else "",
        row.local_start,
        row.end.astimezone(row.calendar.zone),
    )


def time_label(calendar: str, start: datetime) -> str:
    """A time as people read it; in UTC where the calendar is gone."""
    row = Calendar.objects.filter(pk__in=_pk(calendar, "calendar")).first()
    return ENGLISH.speaking.time(start.astimezone(row.zone if row else UTC))


def any_open() -> bool:
    """Whether something can be booked anywhere: a calendar with hours and a service."""
    return any(has_hours(row) for row in Calendar.objects.filter(services__isnull=False).distinct())


def has_hours(calendar: Calendar) -> bool:
    """Whether it is ever open."""
    return Rules(calendar.week, timedelta()).has_hours
