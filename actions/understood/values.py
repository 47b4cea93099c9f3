"""Values for contact properties: found in a message, or given by a model and checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from actions.languages import ENGLISH, Language
from actions.text import clean
from actions.understood.answers import find_choice, find_number
from actions.understood.contacts import find_email, find_phone
from actions.understood.dates import find_date
from actions.understood.evidence import Found

Kind = Literal["email", "phone", "date", "number", "choice", "text"]
LONGEST = 2000  # characters of a text value


def find_value(
    kind: str,
    text: str,
    language: Language = ENGLISH,
    *,
    choices: Sequence[str] = (),
    today: date | str | None = None,
) -> Found | None:
    """A value of this kind in a message; None for `text`, which nothing marks as a value."""
    if kind == "email":
        return find_email(text, language)
    if kind == "phone":
        return find_phone(text, language)
    if kind == "number":
        return find_number(text, language)
    if kind == "choice":
        return find_choice(text, choices, language)
    if kind == "date":
        return _date(text, today, language)
    return None


def _date(text: str, today: date | str | None, language: Language) -> Found | None:
    """A day with its time, if any; without `today` only a day that does not depend on it."""
    given = date.fromisoformat(today[:10]) if isinstance(today, str) and today else None
    start = today if isinstance(today, date) else given
    when = find_date(text, start or date(2000, 1, 1), language)
    if when is None or when.day is None:
        return None
    if not start and find_date(text, date(2000, 2, 5), language) != when:
        return None
    return Found(when.value, when.evidence)


def parse_value(
    kind: str,
    raw: str,
    language: Language = ENGLISH,
    *,
    choices: Sequence[str] = (),
    today: date | str | None = None,
) -> str:
    """The value as it is saved; raises ValueError with a sentence for the model."""
    text = clean(raw, LONGEST).strip()
    if not text:
        raise ValueError("An empty value cannot be saved.")
    if kind == "text":
        return text
    if kind not in _REFUSALS:
        raise ValueError(f"There is no kind of value called “{kind}”.")
    exact = next((c for c in choices if c.casefold() == text.casefold()), None)
    if kind == "choice" and exact is not None:
        return exact
    found = find_value(kind, text, language, choices=choices, today=today)
    if found is None:
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise ValueError(f"“{shown}” {_REFUSALS[kind]}{_offer(kind, choices)}.")
    return found.value


_REFUSALS = {
    "email": "is not a complete e-mail address",
    "phone": "is not a complete phone number",
    "date": "is not a date with a day",
    "number": "is not a number",
    "choice": "is not one of the choices",
}


def _offer(kind: str, choices: Sequence[str]) -> str:
    return f": {', '.join(choices)}" if kind == "choice" else ""
