"""Days and times of day in English."""

from __future__ import annotations

import re

from actions.languages.en.numbers import NUMBERS
from actions.languages.rooms import Dates, pattern, row

_MONTHS = "january february march april may june july august september october november december"
_MONTH_NUMBER = {name: n for n, name in enumerate(_MONTHS.split(), 1)}
_MONTH_NUMBER |= {name[:3]: n for name, n in _MONTH_NUMBER.items()} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_SHORT = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3,
    "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
WEEKDAYS = {name: n for n, name in enumerate(_DAYS.split())} | _SHORT
AHEAD = {
    "tomorrow": 1, "tomorow": 1, "tmrw": 1, "today": 0, "tonight": 0, "day after tomorrow": 2,
}  # fmt: skip
HOURS = "|".join(NUMBERS.hours)
_SIGN = r"a\.?m\b\.?|p\.?m\b\.?|o['’]?clock\b"

DATES = Dates(
    months=_MONTH_NUMBER,
    weekdays=WEEKDAYS,
    ahead=AHEAD,
    day_words={},
    day_first=False,
    absolute=(
        pattern(
            rf"\b(?P<month>{_MONTH})\.?\s{{1,3}}(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)"
            r"(?:,?\s{0,3}(?P<year>\d{4})\b)?"
        ),
        pattern(
            rf"(?<![\w/.:-])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}(?:of\s)?(?P<month>{_MONTH})\b\.?"
            r"(?:,?\s{0,3}(?P<year>\d{4})\b)?"
        ),
    ),
    relative=pattern(r"\b(?P<word>day after tomorrow|tomorrow|tomorow|tmrw|today|tonight)\b"),
    in_time=pattern(
        rf"\bin\s(?P<count>\d{{1,3}}|a|{HOURS})\s(?P<unit>day|week)s?\b(?!\stime\b.{{0,3}}\?)"
    ),
    weeks=pattern("week"),
    named=(
        pattern(rf"\b(?P<which>next|this|coming|on)\s(?P<day>{'|'.join(WEEKDAYS)})\b"),
    ),
    bare=pattern(rf"\b(?P<day>{'|'.join(_DAYS.split())}|tues|thurs|thur)s?\b"),
    coming=row("next"),
    this=row("this"),
    next_week=pattern(r"\bnext week\b"),
    clocks=(
        pattern(
            r"(?<![\w:.$/-])(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?|"
            rf"(?P<word>{HOURS})(?:\s(?P<spoken>thirty|fifteen|forty.five))?)\s?(?P<sign>{_SIGN})"
        ),
    ),
    at=pattern(rf"\b(?:at|around|by)\s(?:(?P<hour>\d{{1,2}})|(?P<word>{HOURS}))\b(?!\s?[\w%$@:/-])"),
    noons=pattern(r"\b(noon|midday|midnight)\b"),
    noon={"noon": 12, "midday": 12, "midnight": 0},
    minutes={
        "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
        "forty five": 45, "fifty": 50,
    },
    morning=("a",),
    evening=("p",),
    part=re.compile(
        r"(?<!good\s)(?<!Good\s)(?<!GOOD\s)\b(morning|afternoon|evening|night|weekends?|weekdays?|"
        r"next week|this week|next month|any\s?time|any day|as soon as possible|asap|right now)\b",
        re.I,
    ),
    parts={"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 24)},
    parts_said=pattern(r"\b(morning|afternoon|evening)\b"),
)  # fmt: skip
