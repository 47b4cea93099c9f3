"""The formats a condition may name, e.g. "a valid e-mail", and how each is found in a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from actions.understood.answers import find_number
from actions.understood.contacts import find_digits, find_email, find_phone, is_only
from actions.understood.dates import find_date
from actions.understood.evidence import Evidence
from actions.understood.names import find_name
from actions.understood.words import stems, words

_SOME_DAY = date(2000, 1, 1)  # whether there is a date does not depend on today


@dataclass(frozen=True, slots=True)
class Format:
    """A format with the words that the card shows for it."""

    label: str
    look: Callable[[str], Evidence | None]


def _email(text: str) -> Evidence | None:
    found = find_email(text)
    return found.evidence if found else None


def _phone(text: str) -> Evidence | None:
    found = find_phone(text)
    return found.evidence if found else None


def _when(text: str) -> Evidence | None:
    found = find_date(text, _SOME_DAY)
    return found.evidence if found else None


def _number(text: str) -> Evidence | None:
    found = find_number(text)
    return found.evidence if found else None


def _named(text: str) -> Evidence | None:
    found = find_name(text)
    return found.evidence if found else None


def _name_answer(text: str) -> Evidence | None:
    found = find_name(text, asked=True)
    return found.evidence if found else None


_REACHES = frozenset(stems("dial enter reach connect transfer number put know speak talk"))


def _extension(text: str) -> Evidence | None:
    """An extension: digits after the word, digits alone, or the wish for one."""
    read = words(text)
    at = next((n for n, word in enumerate(read.plain) if word in ("extension", "ext")), None)
    digits = find_digits(text)
    if digits and 1 <= len(digits.value) <= 6:
        after = at is not None and digits.evidence.start >= read.spans[at][1]
        if (after and not read.denied(at or 0, 1)) or (
            at is None and len(digits.value) > 1 and is_only(text, digits.evidence, 1)
        ):
            return digits.evidence
    if at is not None and not read.denied(at, 1) and _REACHES & set(read.stems):
        return read.evidence(at, 1)
    return None


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


_CODE = re.compile(r"(?<![\w@.-])(?=[A-Z#-]{0,6}\d)[A-Z0-9#-]{3,24}(?![\w@.]\w)", re.I)
_KIND = re.compile(
    r"\b(account|order|customer|invoice|ticket|case|reference|policy|member|membership|zip|postal|"
    r"tracking|confirmation|booking|serial|loyalty)\s?(?:number|code|id|no)\b",
    re.I,
)

_FORMATS: tuple[tuple[re.Pattern[str], Format], ...] = (
    (re.compile(r"\be-?mails?\b", re.I), Format("an e-mail address", _email)),
    (
        re.compile(
            r"\b(?:phone|mobile|cell|callback|telephone)(?: ?phone)?(?: numbers?)?\b"
            r"|\bcontact numbers?\b",
            re.I,
        ),
        Format("a phone number", _phone),
    ),
    (
        re.compile(
            r"\b(?:dates?|times?|days?|datetime|availability|time slots?|birthdays?)\b", re.I
        ),
        Format("a date or time", _when),
    ),
    (re.compile(r"\bnames?\b", re.I), Format("a name", _named)),
    (
        re.compile(r"\b(?:numbers?|amount|budget|quantity|how many|age)\b", re.I),
        Format("a number", _number),
    ),
)
_ANY_EXTENSION = re.compile(r"\bextensions?\b", re.I)
_BARE = re.compile(
    r"^\W*(?:(?:a|an|any|their|the|some|valid|complete|correct|full|first|last|given|preferred|"
    r"appointment|preference|for|of|contact|customer|best|e-?mail|phone|mobile|cell|number|address|date|"
    r"time|day|name|and|or|in|it|is|work|home|new|person's|his|her)\W*)+$",
    re.I,
)
_QUALIFIED = re.compile(
    r"\b(?:business|company|another|different|competitor|friend|referr\w+)\b", re.I
)


def named(text: str, *, giving: bool, asked: bool = False) -> tuple[Format, ...]:
    """The formats that a clause names as something the contact gives; all are required."""
    if _ANY_EXTENSION.search(text):
        return (Format("an extension", _extension),)
    if not (giving or asked or _BARE.match(text)) or _QUALIFIED.search(text):
        return ()
    if kind := _KIND.search(text):
        label = re.sub(r"\s+", " ", kind.group().lower())
        article = "an" if label[0] in "aeiou" else "a"
        return (Format(f"{article} {label}", _code(kind.group(1).lower())),)
    left, found = text, []
    for pattern, fmt in _FORMATS:
        if pattern.search(left):
            left = pattern.sub(" ", left)
            asked_name = asked and fmt.label == "a name"
            found.append(Format(fmt.label, _name_answer) if asked_name else fmt)
    return tuple(found)


_EITHER = re.compile(r"\byes (?:or|/|and) no\b|\byes/no\b", re.I)
_POSITIVE = re.compile(
    r"\b(?:positive|affirmative|favou?rable)(?:ly)?\b|\b(?:says?|said|replies|answers?|responds?)"
    r"(?: with)?(?: a)? yes\b"
    r"|^\W*(?:a |any )?(?:yes|agrees?|agreement|accepts?|consents?|gives consent|interest)\W*$"
    r"|^(?:the |a )?(?:contact|customer|caller|lead|client|user|they)\s"
    r"(?:agrees?|accepts?|consents?|says yes|gives (?:their )?consent|confirms?)$",
    re.I,
)
_NEGATIVE = re.compile(
    r"\bnegative(?:ly)?\b|\b(?:says?|said|replies|answers?|responds?)(?: with)?(?: a)? no\b"
    r"|^\W*(?:a )?no\W*$|^(?:the |a )?(?:contact|customer|caller|lead|client|user|they)\s"
    r"(?:declines?|refuses?|says no)$",
    re.I,
)


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
