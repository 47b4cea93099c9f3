"""What a run gives back: a line for people, text for the model, and control for the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody or something a conversation can be handed to, as the panel names it."""

    ref: str
    label: str
    ring_seconds: int = 20
    condition: str = ""


@dataclass(frozen=True, slots=True)
class HandOff:
    """Control for the engine: leave the conversation to the first target that answers."""

    targets: tuple[Target, ...]
    closing_words: str = ""
    warm: bool = False
    whisper: str = ""
    fallback: Literal["agent", "inbox", "end"] = "agent"
    fallback_ref: str = ""
    fallback_words: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """Control for the engine: say the closing words, then end the conversation."""

    closing_words: str = ""
    how: str = "ended by the agent"


@dataclass(frozen=True, slots=True)
class Ask:
    """Control for the engine: put a yes / no question; on yes the same run is executed again.

    The second execution finds `ctx.confirmed` set.
    """

    question: str


@dataclass(frozen=True, slots=True)
class Script:
    """Control for the engine: the following turns are taken by these steps."""

    steps: tuple[Step, ...]
    completion: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a script: what is said, what answer moves it on, what is kept of the answer."""

    messages: tuple[str, ...]
    expected: str = ""
    capture: str = ""
    capture_kind: str = "text"
    capture_choices: tuple[str, ...] = ()
    reask: str = ""
    max_reasks: int = 2
    reminder_hours: int = 0
    never: Literal["continue", "stop", "inbox"] = "stop"
    never_ref: str = ""


Flow = HandOff | End | Ask | Script


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one run: a line for people, text for the model, control, facts for the log.

    `to_model` empty means that the model has nothing to say about it: no follow-up round is due.
    `outcome` is the typed result that other actions may wait for in their *only if*.
    """

    line: str
    to_model: str = ""
    flow: Flow | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "done"
