"""What the conversations of the demo week are made of: who, when, and what is said and answered.

A story is data. The engine decides: a story only says what the contact says, and what a language
model would answer and propose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Use:
    """A tool that the model calls: the action's key in the agent's file, and the values."""

    action: str
    values: Mapping[str, Any] = field(default_factory=dict)


def use(action: str, /, **values: Any) -> Use:
    """The model calls this action."""
    return Use(action, values)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the model: words, or calls; `fails`: the model is not there."""

    text: str = ""
    calls: tuple[Use, ...] = ()
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens, some seconds after what was before."""

    answers: tuple[Answer, ...] = ()
    after: int = 0
    doubts: Mapping[str, float] = field(default_factory=dict)
    cut: str = ""

    @property
    def frame(self) -> dict[str, str]:
        """As a tester would have done it in Try it; empty for what is no step of a tester."""
        return {}


@dataclass(frozen=True, slots=True)
class Says(Step):
    """The contact says something."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Rings(Step):
    """What became of the colleague who is rung."""

    outcome: str = ""

    @property
    def frame(self) -> dict[str, str]:
        """See `Step`."""
        return {"type": "leg", "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class HangsUp(Step):
    """The contact hangs up; a thread is closed."""

    how: str = "the contact hung up"

    @property
    def frame(self) -> dict[str, str]:
        """See `Step`."""
        return {"type": "hangup"}


@dataclass(frozen=True, slots=True)
class NotAnswered(Step):
    """What became of an outgoing call that nobody took."""

    kind: str = "not_answered"

    @property
    def frame(self) -> dict[str, str]:
        """See `Step`."""
        return {"type": "outcome", "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Released(Step):
    """Staff give the conversation back."""

    by: str = "Nora Whitfield"


@dataclass(frozen=True, slots=True)
class Waits(Step):
    """Time passes, and the silence counts."""


Event = Says | Rings | HangsUp | NotAnswered | Released | Waits


def says(
    text: str,
    *uses: Use,
    reply: str = "",
    handoff: tuple[Use, ...] | None = None,
    fails: bool = False,
    **more: Any,
) -> Says:
    """The contact says something; the model calls the tools, then answers.

    `handoff`: what it calls when it is asked at a hand-off that this leads to. `doubts`: the
    judge's probability for an action, where it is not of the model's opinion. `cut`: the contact
    interrupts after these words of the reply.
    """
    answers = [Answer(fails=True)] * 2 if fails else []
    if uses:
        answers.append(Answer(calls=uses))
    if reply:
        answers.append(Answer(reply))
    if handoff is not None:
        answers.append(Answer(calls=handoff))
    return Says(answers=tuple(answers), text=text, **more)


def waits(hours: int) -> Waits:
    """Nobody says anything for so long."""
    return Waits(after=hours * 3600)


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation of the week: `day` 0 is six working days ago, `time` is the local one."""

    slug: str
    contact: str
    day: int
    time: str
    events: tuple[Event, ...]
    agent: str = "front_desk"
    channel: str = "voice"
    outgoing: bool = False
    attempt: int = 1
    summary: str = ""
    simulated: Mapping[str, str] = field(default_factory=dict)


def call(slug: str, contact: str, when: tuple[int, str], *events: Event, **more: Any) -> Story:
    """Somebody calls the front desk, or is called by it."""
    return Story(slug, contact, *when, events, **more)


def thread(slug: str, contact: str, when: tuple[int, str], *events: Event, **more: Any) -> Story:
    """Somebody writes to the text agent, by SMS unless the channel is told."""
    more = {"channel": "sms", "agent": "messages", **more}
    return Story(slug, contact, *when, events, **more)
