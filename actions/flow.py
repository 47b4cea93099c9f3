"""What a run gives back: a line for people, text for the model, and control for the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter


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
    found: str = ""
    """How its destination was found, or why it is another one: for the log."""
    staff: bool = False
    """Nobody is rung: staff of the first target, an inbox, take the conversation over."""
    message: bool = False
    """Nobody is rung: the caller leaves a message for the first target, an inbox."""


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
class Collect:
    """Control for the engine: ask, put the answer into `argument`, execute the same run again.

    `kind` says how the answer is read: `extension` (digits, spoken or pressed) or `option` (one of
    `options`, each a value and the words for it). The next execution finds in `ctx.asked` how
    often was asked. `strict`: what is no answer is asked again by the type; else the turn goes on
    without it. `digits` and `seconds` say when pressed keys are complete.
    """

    question: str
    argument: str
    kind: Literal["extension", "option"] = "extension"
    options: tuple[tuple[str, str], ...] = ()
    strict: bool = True
    digits: int = 0
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class Script:
    """Control for the engine: the following turns are taken by these steps."""

    steps: tuple[ScriptStep, ...]
    completion: str = ""


@dataclass(frozen=True, slots=True)
class ScriptStep:
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


Flow = HandOff | End | Ask | Collect | Script
ASKS = (Ask, Collect)
"""The contact is asked first: nothing is done yet."""
_ADAPTERS = {kind.__name__: TypeAdapter[Any](kind) for kind in (HandOff, End, Ask, Collect, Script)}


def stored_flow(flow: Flow | None) -> dict[str, Any]:
    """As JSON; empty for none."""
    if flow is None:
        return {}
    name = type(flow).__name__
    return {"kind": name, "values": _ADAPTERS[name].dump_python(flow, mode="json")}


def read_flow(stored: Mapping[str, Any]) -> Flow | None:
    """From JSON."""
    if not stored:
        return None
    flow: Flow = _ADAPTERS[stored["kind"]].validate_python(stored["values"])
    return flow


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one run: a line for people, text for the model, control, facts for the log.

    `to_model` empty means that the model has nothing to say about it: no follow-up round is due.
    `to_contact` is what the contact hears of it where no model phrases it; empty: `to_model`.
    `outcome` is the typed result that other actions may wait for in their *only if*.
    """

    line: str
    to_model: str = ""
    to_contact: str = ""
    flow: Flow | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "done"
