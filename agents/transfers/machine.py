"""A transfer as a pure machine: the plan and what happened to a leg give the next step.

A ring group or an inbox is one leg. In a warm transfer who picks up first hears who calls and why,
and accepts or declines. An inbox that nobody picked up, with no destination after it,
takes a message: its leg goes from ringing to recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Next = Literal[
    "ring", "hear", "answered", "fallback_agent", "fallback_inbox", "end", "gone", "unchanged"
]
PICKED_UP = "picked_up"  # what ends no leg: a warm one goes on with who calls and why


class Outcome(StrEnum):
    """How a leg ended, and with the last leg the transfer."""

    ANSWERED = "answered"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    MACHINE = "machine"
    CALLER_GONE = "caller_gone"
    MESSAGE_TAKEN = "message_taken"


class Stage(StrEnum):
    """What the open leg is doing."""

    RINGING = "ringing"
    HEARING = "hearing"
    RECORDING = "recording"
    OVER = "over"


ACCEPTS = {
    Stage.RINGING: frozenset(Outcome) - {Outcome.MESSAGE_TAKEN},
    Stage.HEARING: frozenset(
        {
            Outcome.ANSWERED,
            Outcome.DECLINED,
            Outcome.NO_ANSWER,
            Outcome.FAILED,
            Outcome.CALLER_GONE,
        }
    ),
    Stage.RECORDING: frozenset({Outcome.MESSAGE_TAKEN, Outcome.CALLER_GONE, Outcome.FAILED}),
    Stage.OVER: frozenset[Outcome](),
}
ENDS: Mapping[Outcome, Next] = {
    Outcome.ANSWERED: "answered",
    Outcome.CALLER_GONE: "gone",
    Outcome.MESSAGE_TAKEN: "end",
}


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom a leg rings; `members`: the people behind it, rung `in_turn` or at once.

    `gap` says why nobody can be rung there; `ends_as` is how its leg ends then, at once.
    """

    ref: str
    label: str
    ring_seconds: int = 20
    members: tuple[str, ...] = ()
    in_turn: bool = False
    gap: str = ""
    ends_as: str = ""

    @property
    def seconds(self) -> int:
        """How long it rings altogether: in turn each member has the whole time."""
        if self.gap:
            return 0
        return self.ring_seconds * max(1, len(self.members) if self.in_turn else 1)

    @property
    def takes_messages(self) -> bool:
        """Whether it is an inbox."""
        return self.ref.startswith("inbox:")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a transfer stands: the leg and what it is doing."""

    position: int = 0
    stage: Stage = Stage.RINGING


@dataclass(frozen=True, slots=True)
class TransferStep:
    """What to do next, about whom, what the caller hears first, and how the last leg ended.

    `fallback_inbox`: record a message for the inbox `label`, then report `message_taken` (or
    `caller_gone`, `failed`). `unchanged`: the event was late or came twice and changed nothing.
    """

    next: Next
    label: str = ""
    words: str = ""
    outcome: str = ""
    position: int = 0
    stage: Stage = Stage.OVER
    ref: str = ""
    ring_seconds: int = 0
    why: str = ""
    """Why the destination before could not be rung."""

    @property
    def final(self) -> bool:
        """Whether the transfer is over with it."""
        return self.stage == Stage.OVER and self.next != "unchanged"


def destinations(plan: Mapping[str, Any]) -> list[Destination]:
    """Whom the plan rings in order: its targets, then the inbox it falls back to."""
    found = [
        Destination(
            one["ref"],
            one["label"],
            one.get("ring_seconds", 20),
            tuple(one.get("members", ())),
            one.get("in_turn", False),
            one.get("gap", ""),
            one.get("ends_as", ""),
        )
        for one in plan["targets"]
    ]
    behind = plan.get("fallback_behind", {})
    inbox = Destination(
        plan.get("fallback_ref", ""),
        plan.get("fallback_label", ""),
        gap=behind.get("gap", ""),
        ends_as=behind.get("ends_as", ""),
    )
    wanted = plan.get("fallback") == "inbox" and inbox.takes_messages
    if wanted and not (found and found[-1].takes_messages):
        found.append(inbox)
    return found


def first_step(plan: Mapping[str, Any]) -> TransferStep:
    """Ring the first destination, or record a message for it."""
    all_of_them = destinations(plan)
    if plan.get("message") and all_of_them[0].takes_messages:
        to = all_of_them[0]
        return TransferStep("fallback_inbox", to.label, stage=Stage.RECORDING, ref=to.ref)
    return _ring(all_of_them, 0)


def advance(plan: Mapping[str, Any], standing: Standing, outcome: Outcome) -> TransferStep:
    """What follows when this happens to the open leg; what it cannot take changes nothing."""
    if outcome not in ACCEPTS[standing.stage]:
        return TransferStep("unchanged", position=standing.position, stage=standing.stage)
    all_of_them = destinations(plan)
    here = all_of_them[standing.position]
    if outcome in ENDS:
        return TransferStep(ENDS[outcome], here.label, "", outcome, standing.position, ref=here.ref)
    if standing.stage in (Stage.RINGING, Stage.HEARING):
        if standing.position + 1 < len(all_of_them):
            return _ring(all_of_them, standing.position + 1, outcome)
        if here.takes_messages:
            return _record(plan, here, standing.position, outcome)
    return _fall_back(plan, standing.position, outcome)


def pick_up(plan: Mapping[str, Any], standing: Standing) -> TransferStep:
    """Somebody picks up: in a warm transfer they hear the words first."""
    if standing.stage != Stage.RINGING or not plan.get("warm"):
        return TransferStep("unchanged", position=standing.position, stage=standing.stage)
    here = destinations(plan)[standing.position]
    return TransferStep(
        "hear", here.label, position=standing.position, stage=Stage.HEARING, ref=here.ref
    )


def _ring(all_of_them: list[Destination], position: int, outcome: str = "") -> TransferStep:
    to = all_of_them[position]
    return TransferStep(
        "ring",
        to.label,
        outcome=outcome,
        position=position,
        stage=Stage.RINGING,
        ref=to.ref,
        ring_seconds=to.seconds,
    )


def _record(
    plan: Mapping[str, Any], inbox: Destination, position: int, outcome: Outcome
) -> TransferStep:
    words = plan.get("fallback_words", "")
    return TransferStep(
        "fallback_inbox", inbox.label, words, outcome, position, Stage.RECORDING, inbox.ref
    )


def _fall_back(plan: Mapping[str, Any], position: int, outcome: Outcome) -> TransferStep:
    """Nobody is left: the agent goes on, unless the plan wants the call to end.

    A fallback to an inbox only comes here when its recording failed, or when no inbox was named:
    then nothing is left but the end, or the agent.
    """
    ends = plan.get("fallback") == "end"
    words = plan.get("fallback_words", "")
    return TransferStep("end" if ends else "fallback_agent", "", words, outcome, position)
