"""Numbers and choices in an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.text import listed
from actions.understood.evidence import READ, Found, every, of
from actions.understood.words import Words, stems, words

# --- numbers --------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?<![\w.,/:@-])([$€£]?\s?)(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?)"
    r"\s?(k\b|thousand\b|m\b|million\b)?(?![\w@:/]|[.,]\d|-\d)",
    re.I,
)
_UNITS = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_SPOKEN = {word: n for n, word in enumerate(_UNITS)}
_SPOKEN |= {
    word: n * 10
    for n, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


def find_number(text: str) -> Found | None:
    """The first number, as plain digits: "$1,200" → 1200, "two hundred and fifty" → 250."""
    for m in every(_NUMBER, text):
        amount = float(m.group(2).replace(",", ""))
        amount *= {"k": 1e3, "t": 1e3, "m": 1e6}.get((m.group(3) or " ")[0].lower(), 1)
        return Found(f"{amount:.6f}".rstrip("0").rstrip("."), of(m))
    return _spoken_number(words(text[:READ]))


def _spoken_number(read: Words) -> Found | None:
    plain = read.plain
    for first, word in enumerate(plain):
        article = word == "a" and plain[first + 1 : first + 2] in (("hundred",), ("thousand",))
        if word not in _SPOKEN and not article:
            continue
        if word == "one" and len(plain) > 2 and plain[first + 1 : first + 2] not in (
            ("hundred",), ("thousand",), ("million",)
        ):  # fmt: skip
            continue
        last, amount = _add_up(plain, first)
        return Found(str(amount), read.evidence(first, last - first + 1))
    return None


def _add_up(plain: tuple[str, ...], first: int) -> tuple[int, int]:
    total, current, last = 0, 0, first
    for n in range(first, min(first + 12, len(plain))):
        word = plain[n]
        if word in _SPOKEN:
            current += _SPOKEN[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
        elif word == "and" and n > first and plain[n - 1] in _SCALES:
            continue
        elif not (word == "a" and n == first):
            break
        last = n
    return last, total + current


# --- choices --------------------------------------------------------------------------------

_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4}
_NTH = re.compile(r"(?:^|\b(?:option|number|choice)\s)\s*([1-9])\b[.)]?\s*(?:$|please\b)", re.I)


def find_choice(text: str, choices: Sequence[str]) -> Found | None:
    """The one choice that is named; None where none or several are."""
    read = words(text[:READ])
    hits = [
        (at, at + len(phrase), choice)
        for choice in choices
        if (phrase := stems(choice))
        for at in read.at(phrase)
        if not read.denied(at, len(phrase))
    ]
    hits = hits[:40]
    widest = [
        hit
        for hit in hits
        if not any(
            o[0] <= hit[0] and hit[1] <= o[1] and o[1] - o[0] > hit[1] - hit[0] for o in hits
        )
    ]
    if len({choice for _, _, choice in widest}) == 1:
        first, end, choice = widest[0]
        return Found(choice, read.evidence(first, end - first))
    return None if hits else _by_place(text, read, choices)


def _by_place(text: str, read: Words, choices: Sequence[str]) -> Found | None:
    if (nth := _NTH.search(text, 0, READ)) and int(nth.group(1)) <= len(choices):
        return Found(choices[int(nth.group(1)) - 1], of(nth, 1))
    named = [n for n, word in enumerate(read.plain) if word in _ORDINALS]
    if len(named) == 1 and len(read.plain) <= 8 and not read.denied(named[0], 1):
        place = _ORDINALS[read.plain[named[0]]]
        if place < len(choices):
            return Found(choices[place], read.evidence(named[0], 1))
    return None
