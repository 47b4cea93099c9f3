"""Which of the offered times an answer means, and how a time is said; never a guess of two."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from actions.languages import ENGLISH, Language, spoken_to
from actions.understood.agreement import yes_no
from actions.understood.answers import find_choice
from actions.understood.dates import (
    find_date,
    find_day,
    find_next_week,
    half_of,
    hour_of,
    minute_of,
)
from actions.understood.evidence import READ

Option = tuple[str, str]
Fits = Callable[[datetime], bool]
_LAST_YEAR = 9000  # a day beyond it is no wish


def wished(text: str, today: date, language: Language = ENGLISH) -> datetime | None:
    """The local time from which on somebody wishes an appointment; None where no day is said."""
    found = find_date(text, today, language)
    day = (found.day if found else None) or find_next_week(text, today, language)
    if day is None or day.year > _LAST_YEAR:
        return None
    part = language.dates.parts_said.search(language.fold(text))
    since = time(language.dates.parts[part.group(1).lower()][0]) if part else time()
    return datetime.combine(day, (found.clock if found else None) or since)


def find_option(
    message: str,
    options: Sequence[Option],
    language: Language = ENGLISH,
    *,
    now: datetime | None = None,
) -> str | None:
    """The value of the one option that an answer means; None where it means none or several.

    An option is a value and its label; values that are ISO times are also found by day, time and
    place in the list. Words such as "tomorrow" need `now`, which is read in their zone.
    """
    text = message[:READ]
    plain = _plain(text)
    exact = {value for value, label in options if plain and plain in (_plain(value), _plain(label))}
    if len(exact) == 1:
        return exact.pop()
    times = [_time(value) for value, _ in options]
    if not options or not all(times):
        return _by_label(text, options, language)
    if len(options) == 1 and yes_no(text, language):
        return options[0][0]
    found = [time for time in times if time]
    today = now.astimezone(found[0].tzinfo).date() if now else None
    for spoken in spoken_to(language):
        index = _Answer(found, today, spoken).place(text)
        if index is not None:
            return options[index][0]
    return None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w:+-]", " ", text.casefold()).split())


def _time(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _by_label(text: str, options: Sequence[Option], language: Language) -> str | None:
    labels = [label for _, label in options]
    found = find_choice(text, labels, language)
    if found is None or labels.count(found.value) > 1:
        return None
    return options[labels.index(found.value)][0]


class _Answer:
    """Reads which of some times is meant, in one language."""

    def __init__(self, times: Sequence[datetime], today: date | None, language: Language) -> None:
        self._times, self._today, self._language = times, today, language
        self._how, self._dates = language.choosing, language.dates
        self._numbers = language.numbers

    def place(self, message: str) -> int | None:
        """The place of the one time that fits everything that is said."""
        text, how = self._language.fold(message), self._how
        said = self._affirmed(text)
        if how.asked.match(text) or how.open.search(said):
            return None
        number = self._bare_number(said)
        if number is not None:
            return _one(self._numbered(number))
        days = self._days(said)
        if days is None:
            return None
        rest, fits = days
        rest, places = self._places(rest, bool(fits))
        fits = [*fits, *self._clocks(rest)]
        if not fits and places is None:
            return None
        found = {n for n, time in enumerate(self._times) if all(fit(time) for fit in fits)}
        return _one(found if places is None else found & places)

    def _affirmed(self, text: str) -> str:
        """The clauses that deny nothing: "not Tuesday, Wednesday at 9" keeps the second one."""
        how = self._how
        clauses = how.clause.split(how.dotted.sub(r"\1m", text))
        return " , ".join(c.strip() for c in clauses if c.strip() and not how.denied.search(c))

    def _bare_number(self, said: str) -> int | None:
        word = self._how.ending.sub("", said.strip()).casefold()
        if word.isascii() and word.isdigit() and len(word) < 3:
            return int(word)
        return self._numbers.hours.get(word)

    def _numbered(self, number: int) -> set[int]:
        """A number alone may be a place in the list or an hour; both together are one too many."""
        times = self._times
        hours = {n for n, time in enumerate(times) if not time.minute and _same(number, time.hour)}
        return hours | ({number - 1} if 1 <= number <= len(times) else set())

    def _days(self, said: str) -> tuple[str, list[Fits]] | None:
        """What is said of the day, and the rest; None where it cannot be known."""
        fits: list[Fits] = []
        pattern, known = self._how.weekday, self._dates.weekdays
        weekdays = {known[m.group(1).lower()] for m in pattern.finditer(said)}
        if weekdays:
            fits.append(lambda time: time.weekday() in weekdays)
            said = pattern.sub(" ", said)
        if self._how.relative.search(said) and self._today is None:
            return None
        today = self._today or min(time.date() for time in self._times)
        if found := find_day(said, today, self._language):
            day, where = found
            fits.append(lambda time: time.date() == day)
            said = f"{said[: where.start]} {said[where.end :]}"
        return said, fits

    def _places(self, said: str, with_day: bool) -> tuple[str, set[int] | None]:
        """What is said of the place in the list: the second, option 2, the earliest, the 12th."""
        how, times, all_ = self._how, self._times, set(range(len(self._times)))
        if m := how.numbered.search(said):
            place = self._number(m.group(1) or m.group(2))
            return self._without(said, m), {place - 1} & all_
        if not with_day and (m := how.day_of_month.search(said)):
            of_month = {n for n, time in enumerate(times) if time.day == int(m.group(1))}
            nth = self._ordinal(how.lead.sub("", m.group().lower()).strip())
            return self._without(said, m), of_month | ({nth} & all_)
        if m := how.nth.search(said):
            return self._without(said, m), {self._ordinal(m.group(1).lower())} & all_
        if m := how.edge.search(said):
            pick = min if m.group(1).lower() in how.first_edges else max
            return self._without(said, m), {times.index(pick(times))}
        return said, None

    def _number(self, said: str) -> int:
        return int(said) if said.isdigit() else self._numbers.hours[said.lower()]

    def _ordinal(self, said: str) -> int:
        """A place from 0, below zero where it is none; "2nd" is its digit."""
        digits = re.match(r"[0-9]+", said)
        return self._numbers.ordinals.get(said, int(digits.group()) - 1 if digits else -1)

    def _without(self, said: str, match: re.Match[str]) -> str:
        """The rest; "one" behind a place is no number."""
        return f"{said[: match.start()]} {self._how.one.sub(' ', said[match.end() :])}"

    def _clocks(self, said: str) -> list[Fits]:
        """What is said of the time of day."""
        fits: list[Fits] = []
        how, dates, language = self._how, self._dates, self._language
        said = how.that_one.sub(" ", said)
        for m in how.half.finditer(said):
            minutes = how.halves[" ".join(m["how"].lower().split())]
            fits.append(_at(hour_of(m, language), minutes, half_of(m["sign"], language)))
        said = how.half.sub(" ", said)
        for m in how.clock.finditer(said):
            half = half_of(m["sign"], language)
            fits.append(_at(hour_of(m, language), minute_of(m, language), half))
        for m in dates.noons.finditer(said):
            fits.append(_at(dates.noon[m.group(1).lower()], 0, "exact"))
        for m in dates.parts_said.finditer(said):
            start, end = dates.parts[m.group(1).lower()]
            fits.append(lambda time, start=start, end=end: start <= time.hour < end)  # type: ignore[misc]
        return fits


def _one(found: set[int]) -> int | None:
    return next(iter(found)) if len(found) == 1 else None


def _same(said: int, hour: int) -> bool:
    return said == hour or (1 <= said <= 12 and said % 12 == hour % 12)


def _at(hour: int, minute: int, half: str) -> Fits:
    """A time of day; without a.m. or p.m. it may be either; minutes below zero lead to the hour."""
    if minute < 0:
        hour, minute = (hour - 1) or 12, 60 + minute
    if half:
        exact = hour if half == "exact" or not 1 <= hour <= 12 else hour % 12 + 12 * (half == "pm")
        return lambda time: (time.hour, time.minute) == (exact, minute)
    return lambda time: time.minute == minute and _same(hour, time.hour)
