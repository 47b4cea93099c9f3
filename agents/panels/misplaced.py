"""Conditions that wait for words and name an event: where they belong."""

from __future__ import annotations

from actions import registry
from actions.base import Moment
from actions.practice.moments import Belongs, belongs
from agents.panels.models import Action

PLACES = {
    Moment.BEFORE_HANDOFF: "before a hand-off",
    Moment.AFTER_END: "after the end",
    Moment.NO_ANSWER: "when nobody answers",
    Moment.IDLE: "when the contact is silent",
}


def belongs_to(action: Action, kind: str) -> Belongs | None:
    """Where it belongs on an agent of this kind; None where it is right or there is no place."""
    known = registry.get(action.type)
    if action.moment != Moment.DURING or known is None:
        return None
    found = belongs(action.when)
    if found and found.moment == Moment.NO_ANSWER and kind == "text":
        found = Belongs(Moment.IDLE, "silent_days")
    return found if found and found.moment in known.moments_for(kind) else None
