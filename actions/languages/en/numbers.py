"""Number words in English."""

from __future__ import annotations

from actions.languages.rooms import Numbers, pattern, row

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_BETWEEN = row("- , . ( ) um uh er erm hm dash hyphen")

NUMBERS = Numbers(
    values={word: n for n, word in enumerate(_UNITS.split())}
    | {word: n * 10 for n, word in enumerate(_TENS.split(), 2)},
    scales={"hundred": 100, "thousand": 1000, "million": 1_000_000},
    begins=frozenset(),
    articles=row("a"),
    joiner="and",
    lone=row("one"),
    ordinals={word: n for n, word in enumerate(["first", "second", "third", "fourth", "fifth"])},
    naught=row("oh o"),
    articles_too=frozenset(),
    times={"double": 2, "triple": 3},
    between=_BETWEEN,
    between_phone=_BETWEEN | row("and then so ok okay"),
    plus="plus",
    nth=pattern(r"(?:^|\b(?:option|number|choice)\s)\s*([1-9])\b[.)]?\s*(?:$|please\b)"),
    extension=pattern(r"\b(?:extension|ext|x)\b[\s.:#-]*(?:number\s|is\s|number\sis\s)?"),
    multiples={"k": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000},
)
