"""Conditions that are no words of the contact: to which moment and event they belong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.practice import reading
from actions.practice.vocabulary.events import ATTEMPTS, MANY, NUMBERS, SILENCES, UNANSWERED
from actions.terms import Moment

_ATTEMPTS = re.compile(ATTEMPTS, re.I)
_SILENT = re.compile(SILENCES, re.I)
_UNANSWERED = tuple((kind, re.compile(pattern, re.I)) for kind, pattern in UNANSWERED)
_MOMENTS = {"ended": Moment.AFTER_END, "handoff": Moment.BEFORE_HANDOFF}


@dataclass(frozen=True, slots=True)
class Belongs:
    """The moment of a condition, and there the event with its count."""

    moment: Moment
    event: str = ""
    n: int = 1


def belongs(condition: str) -> Belongs | None:
    """Where a condition belongs that is met by what happens; None where it is about words."""
    when, _ = reading.clause(condition)
    if reading.WISHES.search(when) or reading.quoted(condition):
        return None
    if found := _ATTEMPTS.search(condition):
        return Belongs(Moment.NO_ANSWER, "attempt", _count(found.group("n")))
    if found := _SILENT.search(condition):
        days = (found.group("unit") or "day").startswith(("day", "week"))
        n = _count(found.group("n"), 1) * (7 if (found.group("unit") or "").startswith("w") else 1)
        return Belongs(Moment.IDLE, "silent_days" if days else "silent_hours", n)
    name = reading.event(when)
    if name == "no_answer":
        kind = next((kind for kind, said in _UNANSWERED if said.search(when)), "not_answered")
        return Belongs(Moment.NO_ANSWER, kind)
    return Belongs(_MOMENTS[name]) if name in _MOMENTS else None


def _count(said: str | None, otherwise: int = MANY) -> int:
    word = (said or "").lower()
    return int(word) if word.isdigit() else NUMBERS.get(word, otherwise)
