"""Days and times of day, as people write and say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from actions.text import listed
from actions.understood.evidence import Evidence, every, evidence, of
from actions.understood.words import words

_MONTHS = "january february march april may june july august september october november december"
_MONTH_NUMBER = {name: n for n, name in enumerate(_MONTHS.split(), 1)}
_MONTH_NUMBER |= {name[:3]: n for name, n in _MONTH_NUMBER.items()} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_DAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
_SHORT = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3,
          "fri": 4, "sat": 5, "sun": 6}  # fmt: skip
_WEEKDAY = {name: n for n, name in enumerate(_DAYS)} | _SHORT
_HOURS = listed("one two three four five six seven eight nine ten eleven twelve")
_HOUR = {name: n for n, name in enumerate(_HOURS, 1)}

_MINUTES = {"thirt": 30, "fifte": 15, "forty": 45}

_ISO = re.compile(r"(?<![\w/.-])(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_SLASHED = re.compile(r"(?<![\w/.-])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\w/])")
_MONTH_FIRST = re.compile(
    rf"\b({_MONTH})\.?\s{{1,3}}(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s{{0,3}}(\d{{4}})\b)?",
    re.I,
)
_DAY_FIRST = re.compile(
    rf"(?<![\w/.:-])(\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}(?:of\s)?({_MONTH})\b\.?(?:,?\s{{0,3}}(\d{{4}})\b)?",
    re.I,
)
_RELATIVE = re.compile(r"\b(day after tomorrow|tomorrow|tomorow|tmrw|today|tonight)\b", re.I)
_IN_DAYS = re.compile(
    rf"\bin\s(\d{{1,3}}|a|{'|'.join(_HOURS)})\s(day|week)s?\b(?!\stime\b.{{0,3}}\?)", re.I
)
_NAMED = re.compile(rf"\b(next|this|coming|on)\s({'|'.join(_WEEKDAY)})\b", re.I)
_BARE = re.compile(rf"\b({'|'.join(_DAYS)}|tues|thurs|thur)s?\b", re.I)

_CLOCK = re.compile(
    rf"(?<![\w:.$/-])(?:(\d{{1,2}})(?:[:.h](\d{{2}}))?|({'|'.join(_HOURS)})(?:\s(thirty|fifteen|forty.five))?)"
    r"\s?(a\.?m\b\.?|p\.?m\b\.?|o['’]?clock\b)",
    re.I,
)
_COLON = re.compile(r"(?<![\w:.$/-])([01]?\d|2[0-3]):([0-5]\d)(?![\w:])")
_AT = re.compile(
    rf"\b(?:at|around|by)\s(?:(\d{{1,2}})|({'|'.join(_HOURS)}))\b(?!\s?[\w%$@:/-])", re.I
)
_NOON = re.compile(r"\b(noon|midday|midnight)\b", re.I)
_PART = re.compile(
    r"(?<!good\s)(?<!Good\s)(?<!GOOD\s)\b(morning|afternoon|evening|night|weekends?|weekdays?|"
    r"next week|this week|next month|any\s?time|any day|as soon as possible|asap|right now)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class When:
    """A day, a time, or only a preference such as "morning"; `value` is how it is saved."""

    value: str
    evidence: Evidence
    day: date | None = None
    clock: time | None = None
    part: str = ""


def find_date(text: str, today: date, *, day_first: bool = False) -> When | None:
    """The first day or time that is not ruled out; a day without a year is the next such day."""
    day = find_day(text, today, day_first=day_first)
    clock = _clock(text, day is not None)
    if clock and day is None and _denied(text, clock[1]):
        clock = None
    if day is None and clock is None:
        part = next((of(m) for m in every(_PART, text) if not _denied(text, of(m))), None)
        return When(part.quote.lower(), part, part=part.quote.lower()) if part else None
    found = [hit[1] for hit in (day, clock) if hit]
    start, end = min(e.start for e in found), max(e.end for e in found)
    if end - start > 60:
        start, end = found[0].start, found[0].end
    said = [day[0].isoformat()] if day else []
    said += [f"{clock[0]:%H:%M}"] if clock else []
    return When(
        " ".join(said),
        evidence(text, start, end),
        day[0] if day else None,
        clock[0] if clock else None,
    )


def find_day(text: str, today: date, *, day_first: bool = False) -> tuple[date, Evidence] | None:
    """The first day that is not ruled out, and where it stands."""
    days = _days(text, today, day_first)
    return next((hit for hit in days if not _denied(text, hit[1])), None)


def _days(text: str, today: date, day_first: bool) -> Iterator[tuple[date, Evidence]]:
    hits: list[tuple[int, date, Evidence]] = []
    for read in (_absolute, _relative):
        for day, found in read(text, today, day_first):
            hits.append((found.start, day, found))
    for _, day, found in sorted(hits, key=lambda hit: (hit[0], -hit[2].end)):
        yield day, found


def _absolute(text: str, today: date, day_first: bool) -> Iterator[tuple[date, Evidence]]:
    for m in every(_ISO, text):
        yield from _day(today, m, m.group(1), m.group(2), m.group(3))
    for m in every(_SLASHED, text):
        month, day = m.group(1), m.group(2)
        if int(month) > 12 or (day_first and int(day) <= 12):
            month, day = day, month
        yield from _day(today, m, m.group(3), month, day)
    for m in every(_MONTH_FIRST, text):
        yield from _day(today, m, m.group(3), m.group(1), m.group(2))
    for m in every(_DAY_FIRST, text):
        yield from _day(today, m, m.group(3), m.group(2), m.group(1))


def _day(
    today: date, match: re.Match[str], year: str | None, month: str, day: str
) -> Iterator[tuple[date, Evidence]]:
    number = _MONTH_NUMBER.get(month.lower()) or int(month)
    years = (
        [int(year) + (2000 if len(year) == 2 else 0)] if year else range(today.year, today.year + 9)
    )
    for candidate in years:
        try:
            found = date(candidate, number, int(day))
        except ValueError:
            continue
        if year or found >= today:
            yield found, of(match)
            return


def _relative(text: str, today: date, day_first: bool) -> Iterator[tuple[date, Evidence]]:
    for m in every(_RELATIVE, text):
        word = m.group(1).lower()
        ahead = 2 if word.startswith("day") else 0 if word in ("today", "tonight") else 1
        yield from _ahead(today, ahead, m)
    for m in every(_IN_DAYS, text):
        said = m.group(1).lower()
        count = int(said) if said.isdigit() else _HOUR.get(said, 1)
        yield from _ahead(today, count * (7 if m.group(2).lower() == "week" else 1), m)
    for m in every(_NAMED, text):
        yield from _ahead(today, _until(today, m.group(2), m.group(1).lower()), m)
    for m in every(_BARE, text):
        yield from _ahead(today, _until(today, m.group(1), ""), m)


def _ahead(today: date, days: int, match: re.Match[str]) -> Iterator[tuple[date, Evidence]]:
    try:
        yield today + timedelta(days=days), of(match)
    except OverflowError:
        return


def _until(today: date, name: str, which: str) -> int:
    """Days until a weekday; "next" means the one of the coming calendar week."""
    target = _WEEKDAY[name.lower()]
    if which == "next":
        return 7 - today.weekday() + target
    ahead = (target - today.weekday()) % 7
    return ahead if ahead or which == "this" else 7


def _clock(text: str, with_day: bool) -> tuple[time, Evidence] | None:
    for m in every(_CLOCK, text):
        if found := _half_day(m):
            return found, of(m)
    for m in every(_COLON, text):
        return time(int(m.group(1)), int(m.group(2))), of(m)
    for m in every(_NOON, text):
        return time(0 if m.group(1).lower() == "midnight" else 12), of(m)
    for m in every(_AT, text):
        hour = int(m.group(1)) if m.group(1) else _HOUR[m.group(2).lower()]
        if 1 <= hour <= 12 and (with_day or not text[m.end() :].strip(" .!?,")):
            return time(_in_working_hours(hour)), of(m)
    return None


def _half_day(match: re.Match[str]) -> time | None:
    digits, minutes, word, spoken, sign = match.groups()
    hour = int(digits) if digits else _HOUR[word.lower()]
    minute = int(minutes or 0) or _MINUTES.get((spoken or "").lower()[:5], 0)
    if not 1 <= hour <= 12 or minute > 59:
        return None
    if sign[0].lower() == "o":
        return time(_in_working_hours(hour), minute)
    return time(hour % 12 + (12 if sign[0].lower() == "p" else 0), minute)


def _in_working_hours(hour: int) -> int:
    """An hour without a.m. or p.m. is taken as the one by day."""
    return hour % 12 + (12 if hour < 8 or hour == 12 else 0)


def _denied(text: str, found: Evidence) -> bool:
    read = words(text)
    first = next((n for n, (a, _) in enumerate(read.spans) if a >= found.start), None)
    return first is not None and read.denied(first, 1)
