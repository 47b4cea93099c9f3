"""How one of several offered times is picked in English."""

from __future__ import annotations

import re

from actions.languages.en.dates import HOURS, WEEKDAYS
from actions.languages.rooms import Choosing, pattern, row

_HOUR = rf"(?:[0-9]{{1,2}}|{HOURS})"
_ORDINALS = "first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th"

CHOOSING = Choosing(
    weekday=pattern(rf"\b(?:(?:next|this|on)\s+)?({'|'.join(WEEKDAYS)})\b\.?"),
    relative=pattern(
        r"\b(?:day after tomorrow|tomorrow|tomorow|tmrw|today|tonight|in \w+ (?:day|week)s?)\b"
    ),
    nth=pattern(rf"\b(?:the\s+)?({_ORDINALS})\b(?!\s+(?:of|floor|time))"),
    numbered=pattern(rf"\b(?:option|number|choice|slot|no\.?)\s*([0-9]|{HOURS})\b|#\s?([0-9])\b"),
    day_of_month=pattern(r"\b(?:the\s+)?([0-9]{1,2})(?:st|nd|rd|th)\b"),
    edge=pattern(r"\b(earliest|soonest|latest|last)\b"),
    first_edges=row("earliest soonest"),
    half=pattern(
        rf"\b(?P<how>half past|quarter past|quarter to)\s+(?P<hour>{_HOUR})\b\s?(?P<sign>[ap]m\b)?"
    ),
    halves={"half past": 30, "quarter past": 15, "quarter to": -15},
    clock=pattern(
        rf"(?<![\w:.$/-])(?P<hour>{_HOUR})(?:[:.h](?P<minute>[0-9]{{2}})|"
        r"\s(?P<spoken>fifteen|twenty|thirty|forty[\s-]five|forty|fifty))?"
        r"\s?(?P<sign>[ap]m\b|o['’]?clock\b)?(?![\w$%@:/-])"
    ),
    dotted=pattern(r"\b([ap])\.\s?m\b\.?"),
    clause=pattern(r"[,;!?\n]|\.(?!\d)|\bbut\b"),
    denied=pattern(r"\b(?:not|no|none|neither|nor|never|cannot|except|busy|\w+n['’]?t)\b"),
    open=pattern(
        r"\b(?:later|earlier|another|others?|different|else|(?<!day )after|before|until|between|or|"
        r"either|any|maybe|perhaps|not sure)\b"
    ),
    asked=re.compile(
        r"^\s*(?:(?:how|what)(?! about)\b|(?:where|when|who|why|which)\b|"
        r"(?:do|does|did|is|are|will|have) (?:you|it|they|there|that|the)\b|"
        r"(?:do|does|did|is|are|will|have)\b.*\?\s*$)",
        re.I | re.S,
    ),
    ending=pattern(r"\s*(?:,|please|thanks|thank you)\s*$"),
    lead=pattern(r"^the\s*"),
    one=pattern(r"^\s*(?:one|slot|time|option)\b"),
    that_one=pattern(r"\b(?:the|this|that) one\b|\bone\s*$"),
)
