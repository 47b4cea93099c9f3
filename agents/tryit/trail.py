"""What the tester did to a test, beside the words: the lines that stay after a reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.conversations.models import Conversation
from agents.tryit.models import TestStep
from agents.tryit.simulations import SIMULATIONS, Choice, known


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """Something that happened after a turn and is no turn itself."""

    after: int
    words: str


def trail_of(test: Conversation) -> list[TrailEntry]:
    """Skipped time, releases and what was simulated otherwise, in order."""
    steps = TestStep.objects.filter(conversation=test)
    told = ((step.after, _words(step.frame)) for step in steps)
    return [TrailEntry(after, words) for after, words in told if words]


def _words(step: Mapping[str, Any]) -> str:
    if step["type"] == "release":
        return "Staff released it"
    if step["type"] == "simulate":
        what, how = str(step.get("what")), str(step.get("how"))
        return Choice(SIMULATIONS[what], how).words if known(what, how) else ""
    seconds = step.get("seconds") if step["type"] == "skip" else None
    return f"{lapse(seconds)} later" if isinstance(seconds, int | float) else ""


def lapse(seconds: float) -> str:
    """A time in its largest unit."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{round(seconds)} seconds"
