"""Which of the offered times an answer means, and how a time is said; never a guess of two."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from actions.text import listed
from actions.understood.agreement import yes_no
from actions.understood.answers import find_choice
from actions.understood.dates import find_date, find_day
from actions.understood.evidence import READ

Option = tuple[str, str]
Fits = Callable[[datetime], bool]

_WEEKDAYS = (
    ("monday", "mon"), ("tuesday", "tues", "tue"), ("wednesday", "weds", "wed"),
    ("thursday", "thurs", "thur", "thu"), ("friday", "fri"), ("saturday", "sat"),
    ("sunday", "sun"),
)  # fmt: skip
_WEEKDAY = {name: n for n, names in enumerate(_WEEKDAYS) for name in names}
_NUMBER = {
    name: n
    for n, name in enumerate(
        listed("one two three four five six seven eight nine ten eleven twelve"), 1
    )
}
_ORDINAL = {name: n for n, name in enumerate(listed("first second third fourth fifth"))}
_ORDINAL |= {name: n for n, name in enumerate(listed("1st 2nd 3rd 4th 5th"))}
_MINUTES = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
            "forty five": 45, "fifty": 50}  # fmt: skip
_HOUR = rf"(?:[0-9]{{1,2}}|{'|'.join(_NUMBER)})"

_WEEKDAY_SAID = re.compile(rf"\b(?:(?:next|this|on)\s+)?({'|'.join(_WEEKDAY)})\b\.?", re.I)
_RELATIVE = re.compile(
    r"\b(?:day after tomorrow|tomorrow|tomorow|tmrw|today|tonight|in \w+ (?:day|week)s?)\b", re.I
)
_NTH = re.compile(rf"\b(?:the\s+)?({'|'.join(_ORDINAL)})\b(?!\s+(?:of|floor|time))", re.I)
_NUMBERED = re.compile(
    rf"\b(?:option|number|choice|slot|no\.?)\s*([0-9]|{'|'.join(_NUMBER)})\b|#\s?([0-9])\b", re.I
)
_DAY_OF_MONTH = re.compile(r"\b(?:the\s+)?([0-9]{1,2})(?:st|nd|rd|th)\b", re.I)
_EDGE = re.compile(r"\b(earliest|soonest|latest|last)\b", re.I)
_HALF = re.compile(rf"\b(half past|quarter past|quarter to)\s+({_HOUR})\b\s?([ap]m\b)?", re.I)
_CLOCK = re.compile(
    rf"(?<![\w:.$/-])({_HOUR})(?:[:.h]([0-9]{{2}})|\s(fifteen|twenty|thirty|forty[\s-]five|forty|fifty))?"
    r"\s?([ap]m\b|o['’]?clock\b)?(?![\w$%@:/-])",
    re.I,
)
_NOON = re.compile(r"\b(noon|midday)\b", re.I)
_PART = re.compile(r"\b(morning|afternoon|evening)\b", re.I)
_LAST_YEAR = 9000  # a day beyond it is no wish
_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24)}
_DOTTED = re.compile(r"\b([ap])\.\s?m\b\.?", re.I)
_CLAUSE = re.compile(r"[,;!?\n]|\.(?!\d)|\bbut\b", re.I)
_DENIED = re.compile(r"\b(?:not|no|none|neither|nor|never|cannot|except|busy|\w+n['’]?t)\b", re.I)
_OPEN = re.compile(
    r"\b(?:later|earlier|another|others?|different|else|(?<!day )after|before|until|between|or|"
    r"either|any|maybe|perhaps|not sure)\b",
    re.I,
)
_ASKED = re.compile(
    r"^\s*(?:(?:how|what)(?! about)\b|(?:where|when|who|why|which)\b|"
    r"(?:do|does|did|is|are|will|have) (?:you|it|they|there|that|the)\b|"
    r"(?:do|does|did|is|are|will|have)\b.*\?\s*$)",
    re.I | re.S,
)


def day_words(moment: datetime) -> str:
    """A day as it is said: Tuesday, March 12."""
    return f"{moment:%A, %B} {moment.day}"


def clock_words(moment: datetime) -> str:
    """A time of day as it is said: 3:00 PM."""
    return f"{moment:%I:%M %p}".lstrip("0")


def time_words(moment: datetime) -> str:
    """Both: Tuesday, March 12 at 3:00 PM."""
    return f"{day_words(moment)} at {clock_words(moment)}"


def wished(text: str, today: date) -> datetime | None:
    """The local time from which on somebody wishes an appointment; None where no day is said."""
    found = find_date(text, today)
    day = found.day if found else None
    if day is None and re.search(r"\bnext week\b", text, re.I):
        day = today + timedelta(days=7 - today.weekday())
    if day is None or day.year > _LAST_YEAR:
        return None
    part = _PART.search(text)
    since = time(_PARTS[part.group(1).lower()][0]) if part else time()
    return datetime.combine(day, (found.clock if found else None) or since)


def find_option(
    message: str, options: Sequence[Option], *, now: datetime | None = None
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
        return _by_label(text, options)
    if len(options) == 1 and yes_no(text):
        return options[0][0]
    found = [time for time in times if time]
    index = _by_time(text, found, now.astimezone(found[0].tzinfo).date() if now else None)
    return None if index is None else options[index][0]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w:+-]", " ", text.casefold()).split())


def _time(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _by_label(text: str, options: Sequence[Option]) -> str | None:
    labels = [label for _, label in options]
    found = find_choice(text, labels)
    if found is None or labels.count(found.value) > 1:
        return None
    return options[labels.index(found.value)][0]


def _by_time(text: str, times: Sequence[datetime], today: date | None) -> int | None:
    """The place of the one time that fits everything that is said."""
    said = _affirmed(text)
    if _ASKED.match(text) or _OPEN.search(said):
        return None
    numbers = _bare_number(said)
    if numbers is not None:
        return _one(_numbered(numbers, times))
    days = _days(said, times, today)
    if days is None:
        return None
    rest, fits = days
    rest, places = _places(rest, times, bool(fits))
    rest, clocks = _clocks(rest)
    if not (fits or clocks or places is not None):
        return None
    found = {
        n
        for n, time in enumerate(times)
        if all(fit(time) for fit in (*fits, *clocks)) and (places is None or n in places)
    }
    return _one(found)


def _one(found: set[int]) -> int | None:
    return next(iter(found)) if len(found) == 1 else None


def _affirmed(text: str) -> str:
    """The clauses that deny nothing: "not Tuesday, Wednesday at 9" keeps the second one."""
    text = _DOTTED.sub(r"\1m", text)
    clauses = _CLAUSE.split(text)
    return " , ".join(c.strip() for c in clauses if c.strip() and not _DENIED.search(c))


def _bare_number(said: str) -> int | None:
    word = re.sub(r"\s*(?:,|please|thanks|thank you)\s*$", "", said.strip(), flags=re.I).casefold()
    if word.isascii() and word.isdigit() and len(word) < 3:
        return int(word)
    return _NUMBER.get(word)


def _numbered(number: int, times: Sequence[datetime]) -> set[int]:
    """A number alone may be a place in the list or an hour; both together are one too many."""
    hours = {n for n, time in enumerate(times) if not time.minute and _same(number, time.hour)}
    return hours | ({number - 1} if 1 <= number <= len(times) else set())


def _same(said: int, hour: int) -> bool:
    return said == hour or (1 <= said <= 12 and said % 12 == hour % 12)


def _days(
    said: str, times: Sequence[datetime], today: date | None
) -> tuple[str, list[Fits]] | None:
    """What is said of the day, and the rest; None where it cannot be known."""
    fits: list[Fits] = []
    weekdays = {_WEEKDAY[m.group(1).lower()] for m in _WEEKDAY_SAID.finditer(said)}
    if weekdays:
        fits.append(lambda time: time.weekday() in weekdays)
        said = _WEEKDAY_SAID.sub(" ", said)
    if _RELATIVE.search(said) and today is None:
        return None
    if found := find_day(said, today or min(time.date() for time in times)):
        day, where = found
        fits.append(lambda time: time.date() == day)
        said = f"{said[: where.start]} {said[where.end :]}"
    return said, fits


def _places(said: str, times: Sequence[datetime], with_day: bool) -> tuple[str, set[int] | None]:
    """What is said of the place in the list: the second, option 2, the earliest, the 12th."""
    count = len(times)
    if m := _NUMBERED.search(said):
        number = m.group(1) or m.group(2)
        place = _NUMBER.get(number.lower()) or int(number)
        return _without(said, m), {place - 1} & set(range(count))
    if not with_day and (m := _DAY_OF_MONTH.search(said)):
        of_month = {n for n, time in enumerate(times) if time.day == int(m.group(1))}
        nth = _ORDINAL.get(m.group().lower().removeprefix("the").strip())
        listed_there = {nth} & set(range(count)) if nth is not None else set()
        return _without(said, m), of_month | listed_there
    if m := _NTH.search(said):
        return _without(said, m), {_ORDINAL[m.group(1).lower()]} & set(range(count))
    if m := _EDGE.search(said):
        pick = min if m.group(1).lower() in ("earliest", "soonest") else max
        return _without(said, m), {times.index(pick(times))}
    return said, None


def _without(said: str, match: re.Match[str]) -> str:
    """The rest; "one" behind a place is no number."""
    rest = re.sub(r"^\s*(?:one|slot|time|option)\b", " ", said[match.end() :], flags=re.I)
    return f"{said[: match.start()]} {rest}"


def _clocks(said: str) -> tuple[str, list[Fits]]:
    """What is said of the time of day."""
    fits: list[Fits] = []
    said = re.sub(r"\b(?:the|this|that) one\b|\bone\s*$", " ", said, flags=re.I)
    for m in _HALF.finditer(said):
        fits.append(_past(m.group(1).lower(), _hour(m.group(2)), m.group(3)))
    said = _HALF.sub(" ", said)
    for m in _CLOCK.finditer(said):
        minute = int(m.group(2) or 0) or _MINUTES.get((m.group(3) or "").lower(), 0)
        fits.append(_at(_hour(m.group(1)), minute, m.group(4)))
    if _NOON.search(said):
        fits.append(_at(12, 0, "pm"))
    for m in _PART.finditer(said):
        start, end = _PARTS[m.group(1).lower()]
        fits.append(lambda time, start=start, end=end: start <= time.hour < end)  # type: ignore[misc]
    return said, fits


def _hour(said: str) -> int:
    return _NUMBER.get(said.lower()) or int(said)


def _past(how: str, hour: int, half: str | None) -> Fits:
    if how == "quarter to":
        return _at((hour - 1) or 12, 45, half)
    return _at(hour, 30 if how == "half past" else 15, half)


def _at(hour: int, minute: int, half: str | None) -> Fits:
    """A time of day; without a.m. or p.m. it may be either."""
    sign = (half or "").lower()
    if sign in ("am", "pm"):
        exact = hour % 12 + (12 if sign == "pm" else 0) if 1 <= hour <= 12 else hour
        return lambda time: (time.hour, time.minute) == (exact, minute)
    return lambda time: time.minute == minute and _same(hour, time.hour)
