"""Values for properties found by rule in what was heard, for practice mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actions import understood
from actions.base import Heard
from actions.languages import ENGLISH, Language
from actions.practice.conditions import expected_response
from actions.practice.formats import called_otherwise
from actions.text import listed
from actions.understood.contacts import is_only

NAME_PARTS = {"first_name": "first", "last_name": "last", "full_name": "value"}
MARKED = {"email": "email", "phone": "phone"}
HALVES: dict[str, tuple[Callable[[str, Language], bool], str]] = {
    "email": (understood.half_email, "half_email"),
    "phone": (understood.half_phone, "half_phone"),
}
VAGUE = frozenset({"a number", "a date or time"})  # may stand in a message for something else
ELSEWHERE = frozenset({"a name"})  # a name is the contact's own: see NAME_PARTS
SPARE = len(listed("my preferred date would be"))  # words around a value that stands alone


def noticed(key: str, label: str, message: str, language: Language = ENGLISH) -> str | None:
    """The value of one property in a message; None where nothing says that it is one."""
    if part := NAME_PARTS.get(key):
        name = understood.find_name(message, language)
        return (getattr(name, part) or None) if name else None
    if kind := MARKED.get(key):
        found = understood.find_value(kind, message, language)
        told = found and not (kind == "phone" and called_otherwise(message, found.evidence))
        return found.value if found and told else None
    return _by_format(label, message)


def half_given(keys: Iterable[str], heard: Heard) -> str:
    """What to ask where one of these properties was begun and not ended."""
    begun = (HALVES[key] for key in keys if key in HALVES)
    message, language = heard.message, heard.language
    asked = (language.say(key) for half, key in begun if half(message, language))
    return next(asked, "")


def noticed_in(
    key: str, label: str, messages: Iterable[str], language: Language = ENGLISH
) -> str | None:
    """The value in the newest message that has one; `messages` are oldest first."""
    values = (noticed(key, label, message, language) for message in reversed(list(messages)))
    return next((value for value in values if value), None)


def _by_format(label: str, message: str) -> str | None:
    """What the property's own label calls a format: an account number, a date."""
    known = expected_response(label)
    names = {part.label for required in known.parts for part in required}
    if known.kind != "format" or names & ELSEWHERE:
        return None
    hit = known.match(message)
    if hit is None or (names & VAGUE and not is_only(message, hit, SPARE)):
        return None
    return hit.quote
