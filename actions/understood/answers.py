"""Numbers and choices in an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from actions.languages import ENGLISH, Language
from actions.understood.evidence import READ, Found, every, of
from actions.understood.words import Words, stems, words

# --- numbers --------------------------------------------------------------------------------


@lru_cache
def _written(language: Language) -> re.Pattern[str]:
    multiples = "|".join(rf"{word}\b" for word in language.numbers.multiples)
    return re.compile(
        r"(?<![\w.,/:@-])([$€£]?\s?)(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?)"
        rf"\s?({multiples})?(?![\w@:/]|[.,]\d|-\d)",
        re.I,
    )


def find_number(text: str, language: Language = ENGLISH) -> Found | None:
    """The first number, as plain digits: "$1,200" → 1200, "two hundred and fifty" → 250."""
    for m in every(_written(language), text):
        amount = float(m.group(2).replace(",", ""))
        amount *= language.numbers.multiples.get((m.group(3) or "").lower(), 1)
        return Found(f"{amount:.6f}".rstrip("0").rstrip("."), of(m))
    return _spoken_number(words(text[:READ], language))


def _spoken_number(read: Words) -> Found | None:
    plain, known = read.plain, read.language.numbers
    for first, word in enumerate(plain):
        scaled = first + 1 < len(plain) and plain[first + 1] in known.scales
        begins = word in known.values or word in known.begins
        if not begins and not (word in known.articles and scaled):
            continue
        if word in known.lone and len(plain) > 2 and not scaled:
            continue
        last, amount = _add_up(read, first)
        return Found(str(amount), read.evidence(first, last - first + 1))
    return None


def _add_up(read: Words, first: int) -> tuple[int, int]:
    plain, known = read.plain, read.language.numbers
    total, current, last = 0, 0, first
    for n in range(first, min(first + 12, len(plain))):
        word = plain[n]
        if word in known.values:
            current += known.values[word]
        elif known.scales.get(word) == 100:
            current = max(current, 1) * 100
        elif word in known.scales:
            total, current = total + max(current, 1) * known.scales[word], 0
        elif word == known.joiner and n > first and _joins(read, n):
            continue
        elif not (word in known.articles and n == first):
            break
        last = n
    return last, total + current


def _joins(read: Words, n: int) -> bool:
    """Behind a scale, or between tens and units: "two hundred and fifty", "treinta y tres"."""
    known, (before, after) = read.language.numbers, (read.plain[n - 1], read.plain[n + 1 : n + 2])
    tens = known.values.get(before, 0) in range(20, 100, 10)
    units = bool(after) and 0 < known.values.get(after[0], 0) < 10
    return before in known.scales or known.values.get(before, 0) >= 100 or (tens and units)


# --- choices --------------------------------------------------------------------------------


def find_choice(text: str, choices: Sequence[str], language: Language = ENGLISH) -> Found | None:
    """The one choice that is named; None where none or several are."""
    read = words(text[:READ], language)
    hits = [
        (at, at + len(phrase), choice)
        for choice in choices
        if (phrase := stems(choice, language))
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
    numbers = read.language.numbers
    nth = numbers.nth.search(read.language.fold(text), 0, READ)
    if nth and int(nth.group(1)) <= len(choices):
        return Found(choices[int(nth.group(1)) - 1], of(nth, 1))
    named = [n for n, word in enumerate(read.plain) if word in numbers.ordinals]
    if len(named) == 1 and len(read.plain) <= 8 and not read.denied(named[0], 1):
        place = numbers.ordinals[read.plain[named[0]]]
        if place < len(choices):
            return Found(choices[place], read.evidence(named[0], 1))
    return None
