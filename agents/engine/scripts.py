"""What waits for the contact's answer: a sequence of steps, a value, or a yes or no. Pure.

A script is a small JSON value in the conversation's memory; these functions read it and say what
follows. The turn speaks, writes and asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from actions import understood
from actions.base import Collect, Script
from actions.languages import ENGLISH, Language
from actions.understood.extension import find_extension

NAMES = {"first_name": "first", "last_name": "last", "full_name": "value"}
ScriptValue = dict[str, Any]


def confirming(*, uid: str, run: str, question: str, asked: int = 1) -> ScriptValue:
    """Wait for a yes or no about one run."""
    return {"kind": "confirm", "uid": uid, "run": run, "question": question, "asked": asked}


def collecting(*, uid: str, run: str, flow: Collect, asked: int) -> ScriptValue:
    """Wait for the value of one argument of a run."""
    return {
        "kind": "collect",
        "uid": uid,
        "run": run,
        "argument": flow.argument,
        "reads": flow.kind,
        "options": [list(option) for option in flow.options],
        "strict": flow.strict,
        "digits": flow.digits,
        "seconds": flow.seconds,
        "question": flow.question,
        "asked": asked,
        "again": False,
    }


def collected(
    script: ScriptValue, message: str, now: datetime, language: Language = ENGLISH
) -> str:
    """The value that an answer holds, empty where it holds none."""
    return READERS[script["reads"]](script, message, now, language)


def _extension(script: ScriptValue, message: str, now: datetime, language: Language) -> str:
    found = find_extension(message, language)
    return found.value if found else ""


def _option(script: ScriptValue, message: str, now: datetime, language: Language) -> str:
    options = [(value, label) for value, label in script["options"]]
    return understood.find_option(message, options, language, now=now) or ""


READERS: dict[str, Callable[[ScriptValue, str, datetime, Language], str]] = {
    "extension": _extension,
    "option": _option,
}


def steps(*, uid: str, run: str, script: Script, now: datetime) -> ScriptValue:
    """Begin a sequence at its first step."""
    return {
        "kind": "steps",
        "uid": uid,
        "run": run,
        "steps": [asdict(step) for step in script.steps],
        "completion": script.completion,
        "step": 0,
        "reasks": 0,
        "reminded": False,
        "since": now.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Move:
    """What a script makes of an answer. `say` are templates: filled once the capture is kept."""

    say: tuple[str, ...] = ()
    script: ScriptValue = field(default_factory=dict)
    capture: tuple[str, str] | None = None
    ended: str = ""
    refer: str = ""


def current(script: ScriptValue) -> dict[str, Any]:
    """The step that waits for an answer."""
    step: dict[str, Any] = script["steps"][script["step"]]
    return step


def met(script: ScriptValue, message: str, now: datetime, language: Language = ENGLISH) -> Move:
    """The answer is the expected one: keep what is to be kept, go on to the next step.

    Raises ValueError with a sentence where a value to be kept is not in it.
    """
    step = current(script)
    capture = None
    if step["capture"]:
        capture = (step["capture"], captured(step, message, now, language))
    return _next(script, now, capture)


def captured(
    step: Mapping[str, Any], message: str, now: datetime, language: Language = ENGLISH
) -> str:
    """The value an answer holds; raises ValueError with a sentence where it holds none."""
    kind, key = step["capture_kind"], step["capture"].partition(":")[2]
    name = understood.find_name(message, language, asked=True) if key in NAMES else None
    if kind == "text" and name:
        return str(getattr(name, NAMES[key]) or name.value)
    choices, today = step.get("capture_choices", ()), now.date()
    found = understood.find_value(kind, message, language, choices=choices, today=today)
    raw = found.value if found else message
    return understood.parse_value(kind, raw, language, choices=choices, today=today)


def _next(script: ScriptValue, now: datetime, capture: tuple[str, str] | None = None) -> Move:
    number = script["step"] + 1
    if number >= len(script["steps"]):
        words = (script["completion"],) if script["completion"] else ()
        return Move(say=words, capture=capture, ended="completed")
    following = {
        **script,
        "step": number,
        "reasks": 0,
        "reminded": False,
        "since": now.isoformat(),
    }
    said = tuple(script["steps"][number]["messages"])
    return Move(say=said, script=following, capture=capture)


def not_met(script: ScriptValue, now: datetime) -> Move:
    """Another answer: ask again, at most as often as the step allows, then what was chosen."""
    step = current(script)
    if script["reasks"] < step["max_reasks"]:
        again = step["reask"] or step["messages"][-1]
        return Move(say=(again,), script={**script, "reasks": script["reasks"] + 1})
    if step["never"] == "continue":
        return _next(script, now)
    if step["never"] == "inbox":
        return Move(ended="never matched", refer=step["never_ref"])
    return Move(ended="never matched")


def reminder(script: ScriptValue, now: datetime) -> Move | None:
    """Silence for as long as the step allows: the question once more."""
    if script.get("kind") != "steps" or script["reminded"]:
        return None
    step = current(script)
    silent = (now - datetime.fromisoformat(script["since"])).total_seconds() / 3600
    if not step["reminder_hours"] or silent < step["reminder_hours"]:
        return None
    again = step["reask"] or step["messages"][-1]
    return Move(say=(again,), script={**script, "reminded": True})
