"""What to do in Try it so that an action fires."""

from __future__ import annotations

from actions.base import Moment
from actions.guards import Guard
from agents.panels.schema import EventCondition, FrozenAction, VersionContent

BUTTONS = {
    "always": "no answer",
    "not_answered": "no answer",
    "busy": "busy",
    "failed": "failed",
    "machine": "voicemail",
    "attempt": "no answer",
}


def hint_for(
    action: FrozenAction, condition: str, content: VersionContent, *, lost: bool = False
) -> str:
    """One sentence, from the moment and the condition; `lost`: nobody shall answer."""
    waits = next((guard for guard in action.only_if if guard.kind == "ended_with"), None)
    if action.moment == Moment.NO_ANSWER:
        return _unanswered(action.event)
    if action.moment == Moment.IDLE:
        return _silent(action.event)
    if waits and not condition:
        return _chained(waits, content)
    if action.moment == Moment.BEFORE_HANDOFF:
        return _and("Get to a hand-off", condition)
    if action.moment == Moment.AFTER_END:
        return _and("End the conversation", condition)
    said = f"Play: {condition}" if condition else "Give it a condition first"
    return f"{said}; then press “declines” or “no answer”." if lost else f"{said}."


def _unanswered(event: EventCondition) -> str:
    which = f"attempt {event.n} of an outgoing call" if event.kind == "attempt" else ""
    return f"Start {which or 'an outgoing call'} and press “{BUTTONS.get(event.kind, 'failed')}”."


def _silent(event: EventCondition) -> str:
    if event.kind not in ("silent_hours", "silent_days"):
        return "Write something, then skip time."
    unit = event.kind.removeprefix("silent_")
    return f"Write something, then skip {event.n} {unit if event.n > 1 else unit[:-1]}."


def _chained(guard: Guard, content: VersionContent) -> str:
    label = content.labels().label(guard.ref)
    return f"Let “{label}” end with “{guard.value.replace('_', ' ')}”."


def _and(start: str, condition: str) -> str:
    return f"{start}, when {condition}." if condition else f"{start}."
