"""What to do in Try it so that an action fires."""

from __future__ import annotations

from actions import registry
from actions.base import Event, Moment
from actions.guards import Guard
from agents.panels.schema import FrozenAction, VersionContent
from agents.tryit.test_goals import FALLBACK, TestGoal
from agents.tryit.trail import lapse

BUTTONS = {
    "not_answered": "no answer",
    "busy": "busy",
    "failed": "failed",
    "machine": "voicemail",
}
HOUR = 3600


def hint_for(action: FrozenAction, goal: TestGoal, content: VersionContent) -> str:
    """One sentence, from the moment and the condition."""
    if goal.problem:
        return goal.problem
    if goal.event:
        return _happens(goal.event, call=content.kind == "voice")
    waits = next((guard for guard in action.only_if if guard.kind == "ended_with"), None)
    if waits and not goal.condition:
        return _chained(waits, content)
    if action.moment == Moment.BEFORE_HANDOFF:
        return _and("Get to a hand-off", goal.condition)
    if action.moment == Moment.AFTER_END:
        return _and(_ending(content), goal.condition)
    said = f"Act out: {goal.condition}" if goal.condition else "Add a condition first"
    if goal.after:
        return f"{said}; then press “declines” until it rings."
    if answer := _answer(action):
        return f"{said}; then {answer}."
    lost = goal.route == FALLBACK
    return f"{said}; then press “declines” until nobody is left." if lost else f"{said}."


def _answer(action: FrozenAction) -> str:
    """What to do where the action asks first."""
    kind = registry.get(action.type)
    return kind.answer_hint(action.config) if kind else ""


def _ending(content: VersionContent) -> str:
    """How the tester comes to the end."""
    if content.kind == "voice":
        return "End the call"
    return f"Write something, then skip {lapse(content.settings.closes_after_hours * HOUR)}"


def _happens(event: Event, *, call: bool) -> str:
    if event.kind in BUTTONS:
        which = f"attempt {event.attempt} of an" if event.attempt > 1 else "an"
        return f"Start {which} outgoing call and press “{BUTTONS[event.kind]}”."
    start = "End the call" if call else "Write something"
    return f"{start}, then skip {lapse(event.silent_hours * HOUR)}."


def _chained(guard: Guard, content: VersionContent) -> str:
    label = content.labels().label(guard.ref)
    return f"Let “{label}” end with “{guard.value.replace('_', ' ')}”."


def _and(start: str, condition: str) -> str:
    return f"{start}, when {condition}." if condition else f"{start}."
