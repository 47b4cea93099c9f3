"""The formats a condition may name, e.g. "a valid e-mail", and how each is found in a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol

from actions.practice.concepts import asked_for, denied
from actions.practice.vocabulary import patterns
from actions.practice.wording import Phrases, spoken
from actions.understood.answers import find_number
from actions.understood.contacts import find_digits, find_email, find_phone, is_only
from actions.understood.dates import find_date
from actions.understood.evidence import Evidence, of
from actions.understood.names import find_name
from actions.understood.words import stems, words

_SOME_DAY = date(2000, 1, 1)  # whether there is a date does not depend on today


class _Quoted(Protocol):
    @property
    def evidence(self) -> Evidence: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format with the words that the card shows for it."""

    label: str
    look: Callable[[str], Evidence | None]
    sample: str


def _email(text: str) -> Evidence | None:
    found = find_email(text)
    if found is None or _WRITTEN_TO.search(text[: found.evidence.start]):
        return None
    return None if _YOURS.search(text[found.evidence.end :]) else found.evidence


def called_otherwise(text: str, number: Evidence) -> bool:
    """Whether a number is called something else than a phone number: an order number."""
    return bool(_OTHER_NUMBER.search(text[: number.start][-60:]))


def _phone(text: str) -> Evidence | None:
    found = find_phone(text)
    if found is None or called_otherwise(text, found.evidence):
        return None
    return found.evidence


def _address(text: str) -> Evidence | None:
    found = _STREET.search(text, 0, 2000)
    return of(found) if found else None


def _when(text: str) -> Evidence | None:
    found = find_date(text, _SOME_DAY)
    if found is None:
        day = _DAY_OF_MONTH.search(text, 0, 2000)
        return of(day) if day else None
    return None if _LONG_AGO.search(text[: found.evidence.start]) else found.evidence


def _of(find: Callable[[str], _Quoted | None]) -> Callable[[str], Evidence | None]:
    """Where a value was found."""
    return lambda text: found.evidence if (found := find(text)) else None


def _extension(text: str) -> Evidence | None:
    """An extension: digits beside the word, digits alone, or the wish for one."""
    heard = spoken(text)
    asked = next(_EXTENSION.every(heard.text), None)
    digits = find_digits(text)
    if asked and (denied(heard, asked) or _OTHER_EXTENSION.among(heard.text)):
        return None
    if digits and 1 <= len(digits.value) <= 6:
        word = heard.evidence(*asked) if asked else None
        beside = word and (digits.evidence.start >= word.end or _IS_IT.search(text))
        if beside or (not word and len(digits.value) > 1 and is_only(text, digits.evidence, 1)):
            return digits.evidence
    return heard.evidence(*asked) if asked and asked_for(heard, asked) else None


_EXTENSION = Phrases("extension|extensions|ext")
_OTHER_EXTENSION = Phrases(
    "extension on|to|for my|our|the deadline|house|contract|loan|lease|payment|due_date|rental"
    ";extension cord|cable|lead|ladder; hair|file|lash|tax|browser|warranty|deadline|chrome|payment"
    " extension|extensions"
)
_IS_IT = re.compile(r"\bis (?:the|my|his|her|their|an|your) ext", re.I)


def _code(kind: str) -> Callable[[str], Evidence | None]:
    """A number of a named kind: "my account number is 4411", or hardly more than the number."""
    wanted = stems(kind)

    def look(text: str) -> Evidence | None:
        code = _CODE.search(text, 0, 2000)
        found = None if code else find_digits(text[:2000])
        hit = Evidence(code.group(), *code.span()) if code else found.evidence if found else None
        if hit is None or (found and len(found.value) < 3):
            return None
        named = any(True for _ in words(text).at(wanted))
        return hit if named or is_only(text, hit, 2) else None

    return look


_DAY_OF_MONTH = re.compile(r"\bthe \d{1,2}(?:st|nd|rd|th)\b", re.I)
_LONG_AGO = re.compile(r"\b(?:since|last|every|each|my|your|ago)\s+$", re.I)
_WRITTEN_TO = re.compile(r"\b(?:wrote|written|emailed|e-mailed|mailed|sent)\b[^.!?]{0,30}$", re.I)
_YOURS = re.compile(r"^[^.!]{0,30}\byour\b[^.!]*\?")
_STREET = re.compile(patterns.STREET, re.I)
_OTHER_NUMBER = re.compile(patterns.OTHER_NUMBER, re.I)
_CODE = re.compile(r"(?<![\w@.-])(?=[A-Z#-]{0,6}\d)[A-Z0-9#-]{3,24}(?![\w@.]\w)", re.I)
_KIND = re.compile(patterns.KIND, re.I)

_LOOKS: dict[str, Callable[[str], Evidence | None]] = {
    "an e-mail address": _email,
    "a phone number": _phone,
    "a street address": _address,
    "a date or time": _when,
    "a name": _of(find_name),
    "a number": _of(find_number),
}
_FORMATS = tuple(
    (re.compile(named_so, re.I), Format(label, _LOOKS[label], sample))
    for label, named_so, sample in patterns.FORMATS
)
_NAME_ANSWER = _of(partial(find_name, asked=True))
_ANY_EXTENSION = re.compile(r"\bextensions?\b", re.I)
_BARE = re.compile(patterns.BARE, re.I)
_QUALIFIED = re.compile(patterns.QUALIFIED, re.I)


def named(text: str, *, giving: bool, asked: bool = False) -> tuple[tuple[Format, ...], str] | None:
    """The formats that a clause names as something the contact gives, and its other words.

    All are required.
    """
    if _ANY_EXTENSION.search(text):
        said = Format("an extension", _extension, "extension 204")
        return (said,), _AROUND.sub(" ", _ANY_EXTENSION.sub(" ", text))
    if not (giving or asked or _BARE.match(text)) or _QUALIFIED.search(text):
        return None
    if kind := _KIND.search(text):
        label = re.sub(r"\s+", " ", kind.group().lower())
        article = "an" if label[0] in "aeiou" else "a"
        look = _code(kind.group(1).lower())
        fmt = Format(f"{article} {label}", look, f"my {label} is 48211")
        return (fmt,), _AROUND.sub(" ", _KIND.sub(" ", text))
    left, found = text, []
    for pattern, fmt in _FORMATS:
        if pattern.search(left):
            left = pattern.sub(" ", left)
            asked_name = asked and fmt.label == "a name"
            found.append(Format(fmt.label, _NAME_ANSWER, fmt.sample) if asked_name else fmt)
    return (tuple(found), _AROUND.sub(" ", left)) if found else None


_AROUND = re.compile(patterns.AROUND, re.I)
_EITHER = re.compile(r"\byes (?:or|/|and) no\b|\byes/no\b", re.I)
_POSITIVE = re.compile(patterns.POSITIVE, re.I)
_NEGATIVE = re.compile(patterns.NEGATIVE, re.I)


def answer_named(text: str) -> str | None:
    """Whether a clause asks for a yes (`positive`), a no (`negative`) or `either`."""
    text = text.strip()
    if _EITHER.search(text):
        return "either"
    if re.search(r"\b(?:not|non|no longer)\b", text, re.I):
        return None
    if _POSITIVE.search(text):
        return "positive"
    return "negative" if _NEGATIVE.search(text) else None
