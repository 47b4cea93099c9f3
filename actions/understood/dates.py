"""Days and times of day, as people write and say them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from actions.languages import ENGLISH, Language, spoken_to
from actions.understood.evidence import Evidence, every, evidence
from actions.understood.words import words

_ISO = re.compile(r"(?<![\w/.-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
_SLASHED = re.compile(
    r"(?<![\w/.-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\w/])"
)
_COLON = re.compile(r"(?<![\w:.$/-])([01]?\d|2[0-3]):([0-5]\d)(?![\w:])")


@dataclass(frozen=True, slots=True)
class When:
    """A day, a time, or only a preference such as "morning"; `value` is how it is saved."""

    value: str
    evidence: Evidence
    day: date | None = None
    clock: time | None = None
    part: str = ""


def find_date(text: str, today: date, language: Language = ENGLISH) -> When | None:
    """The first day or time that is not ruled out; a day without a year is the next such day."""
    found = (_Reading(text, today, spoken).when() for spoken in spoken_to(language))
    return next(filter(None, found), None)


def find_day(text: str, today: date, language: Language = ENGLISH) -> tuple[date, Evidence] | None:
    """The first day that is not ruled out, and where it stands."""
    return _Reading(text, today, language).day()


def find_next_week(text: str, today: date, language: Language = ENGLISH) -> date | None:
    """The Monday of the coming week, where that is what somebody wishes for."""
    found = language.dates.next_week.search(language.fold(text))
    return today + timedelta(days=7 - today.weekday()) if found else None


class _Reading:
    """A text read for days and times in one language."""

    def __init__(self, text: str, today: date, language: Language) -> None:
        self._text, self._today, self._language = text, today, language
        self._folded, self._dates = language.fold(text), language.dates

    def when(self) -> When | None:
        """Day and time, one of them, or only a part of the day."""
        day = self.day()
        clock = self._clock(day is not None)
        if clock and day is None and self._denied(clock[1]):
            clock = None
        if day is None and clock is None:
            part = next((e for e in self._parts() if not self._denied(e)), None)
            return When(part.quote.lower(), part, part=part.quote.lower()) if part else None
        found = [hit[1] for hit in (day, clock) if hit]
        start, end = min(e.start for e in found), max(e.end for e in found)
        if end - start > 60:
            start, end = found[0].place
        said = [day[0].isoformat()] if day else []
        said += [f"{clock[0]:%H:%M}"] if clock else []
        return When(
            " ".join(said),
            evidence(self._text, start, end),
            day[0] if day else None,
            clock[0] if clock else None,
        )

    def day(self) -> tuple[date, Evidence] | None:
        """The first day that is not ruled out."""
        hits = sorted(
            [*self._absolute(), *self._relative()], key=lambda hit: (hit[1].start, -hit[1].end)
        )
        return next((hit for hit in hits if not self._denied(hit[1])), None)

    # --- days -----------------------------------------------------------------------------

    def _absolute(self) -> Iterator[tuple[date, Evidence]]:
        for m in every(_ISO, self._folded):
            yield from self._day_of(m, m["month"], m["day"])
        for m in every(_SLASHED, self._folded):
            month, day = m["month"], m["day"]
            if int(month) > 12 or (self._dates.day_first and int(day) <= 12):
                month, day = day, month
            yield from self._day_of(m, month, day)
        for pattern in self._dates.absolute:
            for m in every(pattern, self._folded):
                yield from self._day_of(m, m["month"], m["day"])

    def _day_of(
        self, match: re.Match[str], month: str, said: str
    ) -> Iterator[tuple[date, Evidence]]:
        number = self._dates.months.get(month.lower()) or int(month)
        day = int(said) if said.isdigit() else self._dates.day_words[said.lower()]
        year, today = match["year"], self._today
        full = int(year) + (2000 if len(year) == 2 else 0) if year else 0
        for candidate in [full] if full else range(today.year, today.year + 9):
            try:
                found = date(candidate, number, day)
            except ValueError:
                continue
            if year or found >= today:
                yield found, self._evidence(match)
                return

    def _relative(self) -> Iterator[tuple[date, Evidence]]:
        dates, numbers = self._dates, self._language.numbers.values
        for m in every(dates.relative, self._folded):
            yield from self._in(dates.ahead[" ".join(m["word"].lower().split())], m)
        for m in every(dates.in_time, self._folded):
            said = m["count"].lower()
            count = int(said) if said.isdigit() else numbers.get(said, 1)
            yield from self._in(count * (7 if dates.weeks.match(m["unit"]) else 1), m)
        for pattern in dates.named:
            for m in every(pattern, self._folded):
                yield from self._in(self._until(m["day"], m["which"].lower()), m)
        for m in every(dates.bare, self._folded):
            yield from self._in(self._until(m["day"], ""), m)

    def _in(self, days: int, match: re.Match[str]) -> Iterator[tuple[date, Evidence]]:
        try:
            yield self._today + timedelta(days=days), self._evidence(match)
        except OverflowError:
            return

    def _until(self, name: str, which: str) -> int:
        """Days until a weekday; "next" means the one of the coming calendar week."""
        target, weekday = self._dates.weekdays[name.lower()], self._today.weekday()
        if which in self._dates.coming:
            return 7 - weekday + target
        ahead = (target - weekday) % 7
        return ahead if ahead or which in self._dates.this else 7

    # --- times of day ---------------------------------------------------------------------

    def _clock(self, with_day: bool) -> tuple[time, Evidence] | None:
        dates, text = self._dates, self._folded
        for pattern in dates.clocks:
            for m in every(pattern, text):
                if found := clock_of(m, self._language):
                    return found, self._evidence(m)
        for m in every(_COLON, text):
            return time(int(m.group(1)), int(m.group(2))), self._evidence(m)
        for m in every(dates.noons, text):
            return time(dates.noon[m.group(1).lower()]), self._evidence(m)
        for m in every(dates.at, text):
            hour = hour_of(m, self._language)
            if 1 <= hour <= 12 and (with_day or not text[m.end() :].strip(" .!?,")):
                return time(_in_working_hours(hour)), self._evidence(m)
        return None

    def _parts(self) -> Iterator[Evidence]:
        return (self._evidence(m) for m in every(self._dates.part, self._folded))

    def _evidence(self, match: re.Match[str]) -> Evidence:
        return evidence(self._text, *match.span())

    def _denied(self, found: Evidence) -> bool:
        read = words(self._text, self._language)
        first = next((n for n, (a, _) in enumerate(read.spans) if a >= found.start), None)
        return first is not None and read.denied(first, 1)


def hour_of(match: re.Match[str], language: Language) -> int:
    """The hour of a match, in digits or as a word."""
    said: Mapping[str, str | None] = match.groupdict()
    word = said.get("word") or said.get("hour") or ""
    return int(word) if word.isdigit() else language.numbers.values[word.lower()]


def minute_of(match: re.Match[str], language: Language) -> int:
    """The minutes of a match; below zero where they lead to the hour."""
    said: Mapping[str, str | None] = match.groupdict()
    spoken = next(filter(None, (said.get(name) for name in ("spoken", "to", "plain"))), "")
    word = " ".join(spoken.lower().split())
    minute = int(said.get("minute") or 0) or language.dates.minutes.get(word, 0)
    return -minute if said.get("less") else minute


def half_of(sign: str | None, language: Language) -> str:
    """Whether a sign means before noon (`am`), after it (`pm`), or neither."""
    plain = " ".join((sign or "").lower().split())
    if plain.startswith(language.dates.morning):
        return "am"
    return "pm" if plain.startswith(language.dates.evening) else ""


def clock_of(match: re.Match[str], language: Language) -> time | None:
    """The time of day of a match; without a sign of the half it is one by day."""
    hour, minute = hour_of(match, language), minute_of(match, language)
    half = half_of(match["sign"], language)
    if minute < 0:
        hour, minute = (hour - 1) or 12, 60 + minute
    if not 1 <= hour <= 12 or minute > 59:
        return None
    if not half:
        return time(_in_working_hours(hour), minute)
    return time(hour % 12 + (12 if half == "pm" else 0), minute)


def _in_working_hours(hour: int) -> int:
    """An hour without a.m. or p.m. is taken as the one by day."""
    return hour % 12 + (12 if hour < 8 or hour == 12 else 0)
