"""Free times: working hours without what is taken, correct when the clocks change. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from actions.hours import DAYS, Hours, spans
from actions.zones import zone_of

Span = tuple[datetime, datetime]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """What a calendar allows; `length` is that of the appointment asked for."""

    hours: Hours
    length: timedelta
    step: timedelta = timedelta(minutes=30)
    buffer: timedelta = timedelta()
    notice: timedelta = timedelta()
    days_ahead: int = 30

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the calendar lies."""
        return zone_of(self.hours.zone)

    @cached_property
    def week(self) -> tuple[tuple[tuple[time, time], ...], ...]:
        """The spans of each weekday."""
        return tuple(tuple(sorted(spans(getattr(self.hours, day)))) for day in DAYS)

    @property
    def has_hours(self) -> bool:
        """Whether it is ever open."""
        return any(self.week)

    def last_day(self, now: datetime) -> date:
        """The last day that can be booked."""
        return now.astimezone(self.zone).date() + timedelta(days=self.days_ahead)


class Taken:
    """What is booked already with its buffer, for quick look-ups."""

    def __init__(self, busy: Sequence[Span], buffer: timedelta) -> None:
        ordered = sorted(busy)
        self._starts = [start - buffer for start, _ in ordered]
        self._ends = sorted(end + buffer for _, end in ordered)

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether more has begun before this ends than has ended when it starts."""
        return bisect_left(self._starts, end) > bisect_right(self._ends, start)


def local(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """The first moment (UTC) with this local time; None where the clocks skip it."""
    naive = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    moment = naive.replace(tzinfo=zone).astimezone(UTC)
    there = moment.astimezone(zone).replace(tzinfo=None)
    return moment if there == naive else None


def free_times(
    rules: Rules, busy: Sequence[Span], now: datetime, after: datetime | None = None
) -> Iterator[datetime]:
    """Every moment (UTC) at which an appointment can begin, in order; lazily."""
    earliest = max(now + rules.notice, after or now)
    if earliest > now + (rules.days_ahead + 2) * DAY:
        return
    taken = Taken(busy, rules.buffer)
    for start in _starts(rules, earliest, rules.last_day(now)):
        if start >= earliest and not taken.overlaps(start, start + rules.length):
            yield start


def _starts(rules: Rules, since: datetime, last: date) -> Iterator[datetime]:
    """The starts of every day from `since` on, each once and in order."""
    day = since.astimezone(rules.zone).date()
    while rules.has_hours and day <= last:
        yield from starts_of(rules, day)
        day += DAY


def starts_of(rules: Rules, day: date) -> list[datetime]:
    """Where an appointment may begin on a day, whether taken or not."""
    found: set[datetime] = set()
    for opens, closes in rules.week[day.weekday()]:
        end = _end(day, closes, rules.zone)
        naive, last = datetime.combine(day, opens), datetime.combine(day, closes)
        while naive < last:
            start = local(day, naive.time(), rules.zone)
            if start is not None and start + rules.length <= end:
                found.add(start)
            naive += rules.step
    return sorted(found)


def _end(day: date, closes: time, zone: ZoneInfo) -> datetime:
    """The end of a span; 24:00 is the next midnight."""
    if closes == time.max:
        day, closes = day + DAY, time.min
    return datetime.combine(day, closes, zone).astimezone(UTC)


def moment(rules: Rules, start: datetime) -> datetime | None:
    """A start in UTC: without a zone it is the calendar's local time; None where it is skipped."""
    if start.tzinfo is None:
        return local(start.date(), start.time(), rules.zone)
    return start.astimezone(UTC)


def why_not(rules: Rules, busy: Sequence[Span], start: datetime, now: datetime) -> str:
    """Why an appointment cannot begin then, in one sentence; empty where it can."""
    if not rules.has_hours:
        return "This calendar has no working hours."
    if not 2 <= start.year <= 9998:
        return "There is no such time."
    at = moment(rules, start)
    if at is None:
        return "That time does not exist: the clocks are put forward."
    if at < now:
        return "That time is in the past."
    day = at.astimezone(rules.zone).date()
    if day > rules.last_day(now):
        return f"That is too far ahead: at most {_count(rules.days_ahead, 'day')}."
    if at not in starts_of(rules, day):
        return _outside(rules, at, day)
    if at < now + rules.notice:
        hours = int(rules.notice / timedelta(hours=1))
        return f"That is too soon: at least {_count(hours, 'hour')} before."
    if Taken(busy, rules.buffer).overlaps(at, at + rules.length):
        return "That time is taken."
    return ""


def _outside(rules: Rules, at: datetime, day: date) -> str:
    clock, end = at.astimezone(rules.zone).time(), at + rules.length
    within = any(
        opens <= clock and end <= _end(day, closes, rules.zone)
        for opens, closes in rules.week[day.weekday()]
    )
    return "No appointment begins at that time." if within else "That is outside working hours."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
