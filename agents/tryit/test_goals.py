"""What an action has to show in tests: its choices, the ways its transfer ends, its events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from actions.base import ActionType, Event, Moment, Names
from actions.practice import understand
from agents.panels.schema import EventCondition, FrozenAction, VersionContent

REACHED, FALLBACK = "reached", "fallback"
UNANSWERED = ("not_answered", "busy", "failed", "machine")
ELSEWHERE = {
    "no_answer": "when nobody answers",
    "ended": "after the end",
    "handoff": "before a hand-off",
}


@dataclass(frozen=True, slots=True)
class TestGoal:
    """What one line waits for: choices of the action, a way its transfer ends, or just a run.

    `event`: what has to happen where no model is asked; `problem`: why nothing can show it;
    `after`: others are rung first.
    """

    what: str = ""
    condition: str = ""
    choices: tuple[str, ...] = ()
    route: str = ""
    event: Event | None = None
    problem: str = ""
    after: bool = False


def test_goals(kind: ActionType, action: FrozenAction, content: VersionContent) -> list[TestGoal]:
    """The lines of one action."""
    names = content.labels()
    try:
        config = kind.Config.model_validate(action.config)
    except ValidationError:
        return [TestGoal(problem="Complete its card first.")]
    if action.moment in (Moment.NO_ANSWER, Moment.IDLE):
        return _by_event(kind, config, action, names)
    asked = kind.predicates(config, action.when, names) or {"": action.when}
    if "answered" in kind.outcomes:
        return _routes(asked, names, action.when)
    bound = _bound(kind, config, action, names)
    return [
        TestGoal(
            names.get(key, key),
            condition,
            (key,) if key else (),
            event=bound.get((key,)),
            problem="" if (key,) in bound else _misplaced(action, condition),
        )
        for key, condition in asked.items()
    ]


def _misplaced(action: FrozenAction, condition: str) -> str:
    """A condition on an event is never met while words are exchanged."""
    if action.moment != Moment.DURING:
        return ""
    moment = ELSEWHERE.get(understand(condition).event)
    return f"Put it on a card of its own that runs {moment}." if moment else ""


def _routes(asked: dict[str, str], names: Names, when: str) -> list[TestGoal]:
    """A transfer reaches each destination that has its own condition, and once nobody answers."""
    found: list[TestGoal] = []
    after = False  # whether a destination without a condition is rung before it
    for key, condition in asked.items():
        own = bool(key) and condition != when
        what = f"{names.get(key, key)}{f', if {condition}' if own else ''}" if key else "answered"
        found.append(TestGoal(what, condition, (key,) if key else (), REACHED, after=after))
        after = after or not own
    return [*found, TestGoal("nobody answers", found[0].condition, route=FALLBACK)]


def _by_event(kind: ActionType, config: Any, action: FrozenAction, names: Names) -> list[TestGoal]:
    """What the settings bind to the events of this moment: one line for each different choice."""
    found = _choices(kind, config, action, names, action.moment)
    if not found:
        return [TestGoal(problem="Its settings do not cover this event.")]
    return [
        TestGoal(
            ", ".join(map(names.label, key)) if len(found) > 1 else "", choices=key, event=event
        )
        for key, event in found.items()
    ]


Bound = dict[tuple[str, ...], Event]


def _bound(kind: ActionType, config: Any, action: FrozenAction, names: Names) -> Bound:
    """The choices that an event makes although the card has another moment."""
    found: Bound = {}
    for moment in kind.also_at(config):
        found |= _choices(kind, config, action, names, moment)
    return found


def _choices(
    kind: ActionType, config: Any, action: FrozenAction, names: Names, moment: str
) -> Bound:
    """What is chosen on the events of a moment, each with the first event that does."""
    found: Bound = {}
    for event in _events(moment, action.event):
        values = kind.event_arguments(config, names, event) if action.event.holds(event) else None
        if values is not None:
            args = kind.arguments(config, names).model_validate(values)
            found.setdefault(tuple(kind.named(config, names, args)), event)
    return found


def _events(moment: str, condition: EventCondition) -> Iterator[Event]:
    """What can happen at this moment, as far as the condition asks for it."""
    if moment == Moment.NO_ANSWER:
        attempt = condition.n if condition.kind == "attempt" else 1
        yield from (Event(kind, attempt=attempt) for kind in UNANSWERED)
    else:
        hours = condition.n * (24 if condition.kind == "silent_days" else 1)
        yield Event("silent", silent_hours=hours)
