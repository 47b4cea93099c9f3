"""What to do in Try it so that an action fires."""

from __future__ import annotations

from actions.base import Event, Moment
from actions.guards import Guard
from agents.conversations.trail import lapse
from agents.conversations.wants import FALLBACK, Want
from agents.panels.schema import FrozenAction, VersionContent

BUTTONS = {
    "not_answered": "no answer",
    "busy": "busy",
    "failed": "failed",
    "machine": "voicemail",
}
HOUR = 3600


def hint_for(action: FrozenAction, want: Want, content: VersionContent) -> str:
    """One sentence, from the moment and the condition."""
    if want.problem:
        return want.problem
    if want.event:
        return _happens(want.event, call=content.kind == "voice")
    waits = next((guard for guard in action.only_if if guard.kind == "ended_with"), None)
    if waits and not want.condition:
        return _chained(waits, content)
    if action.moment == Moment.BEFORE_HANDOFF:
        return _and("Get to a hand-off", want.condition)
    if action.moment == Moment.AFTER_END:
        return _and(_ending(content), want.condition)
    said = f"Play: {want.condition}" if want.condition else "Give it a condition first"
    if want.after:
        return f"{said}; then press “declines” until it is rung."
    lost = want.route == FALLBACK
    return f"{said}; then press “declines” or “no answer”." if lost else f"{said}."


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
