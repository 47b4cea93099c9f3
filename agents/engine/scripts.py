"""Script turns: a running SMS sequence or a confirmation takes the turn before the model.

A script is a small JSON value on the conversation; these functions read it and say what follows.
They are pure; the turn speaks, writes and asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from actions import understood
from actions.base import Collect, Script

NAMES = {"first_name": "first", "last_name": "last", "full_name": "value"}
Script_ = dict[str, Any]


def confirming(
    *, uid: str, arguments: Mapping[str, Any], question: str, values: bool = False
) -> Script_:
    """Wait for a yes or no about one action; `values`: the run itself asked to read back."""
    return {
        "kind": "confirm",
        "uid": uid,
        "arguments": dict(arguments),
        "question": question,
        "values": values,
        "asked": 1,
    }


def collecting(uid: str, arguments: Mapping[str, Any], flow: Collect, asked: int) -> Script_:
    """Wait for the value of one argument."""
    return {
        "kind": "collect",
        "uid": uid,
        "arguments": dict(arguments),
        "argument": flow.argument,
        "reads": flow.kind,
        "options": [list(option) for option in flow.options],
        "strict": flow.strict,
        "digits": flow.digits,
        "seconds": flow.seconds,
        "question": flow.question,
        "asked": asked,
    }


def collected(script: Script_, message: str, now: datetime) -> str:
    """The value that an answer holds, empty where it holds none."""
    return READERS[script["reads"]](script, message, now)


def _extension(script: Script_, message: str, now: datetime) -> str:
    found = understood.find_digits(message)
    return found.value if found else ""


def _option(script: Script_, message: str, now: datetime) -> str:
    options = [(value, label) for value, label in script["options"]]
    return understood.find_option(message, options, now=now) or ""


READERS: dict[str, Callable[[Script_, str, datetime], str]] = {
    "extension": _extension,
    "option": _option,
}


def steps(*, uid: str, script: Script, now: datetime) -> Script_:
    """Begin a sequence at its first step."""
    return {
        "kind": "steps",
        "uid": uid,
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
    script: Script_ = field(default_factory=dict)
    capture: tuple[str, str] | None = None
    confirmed: bool | None = None
    ended: str = ""
    refer: str = ""


def answer_confirmation(script: Script_, message: str) -> Move | None:
    """Yes or no, understood without a model; None: neither, one try only, the turn goes on."""
    said = understood.yes_no(message)
    return None if said is None else Move(confirmed=said)


def current(script: Script_) -> dict[str, Any]:
    """The step that waits for an answer."""
    step: dict[str, Any] = script["steps"][script["step"]]
    return step


Expected = Callable[[str, str], bool]


def met(script: Script_, message: str, now: datetime) -> Move:
    """The answer is the expected one: keep what is to be kept, go on to the next step."""
    step = current(script)
    capture = None
    if step["capture"]:
        capture = (step["capture"], captured(step, message, now))
    return _next(script, now, capture)


def captured(step: Mapping[str, Any], message: str, now: datetime) -> str:
    """The value an answer holds; raises ValueError with a sentence where it holds none."""
    kind, key = step["capture_kind"], step["capture"].partition(":")[2]
    if kind == "text" and key in NAMES and (name := understood.find_name(message, asked=True)):
        return str(getattr(name, NAMES[key]) or name.value)
    choices, today = step.get("capture_choices", ()), now.date()
    found = understood.find_value(kind, message, choices=choices, today=today)
    raw = found.value if found else message
    return understood.parse_value(kind, raw, choices=choices, today=today)


def _next(script: Script_, now: datetime, capture: tuple[str, str] | None = None) -> Move:
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


def not_met(script: Script_, now: datetime) -> Move:
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


def reminder(script: Script_, now: datetime) -> Move | None:
    """Silence for as long as the step allows: the question once more."""
    if script.get("kind") != "steps" or script["reminded"]:
        return None
    step = current(script)
    silent = (now - datetime.fromisoformat(script["since"])).total_seconds() / 3600
    if not step["reminder_hours"] or silent < step["reminder_hours"]:
        return None
    again = step["reask"] or step["messages"][-1]
    return Move(say=(again,), script={**script, "reminded": True})
