"""The two keys: what the model's proposal and the judge's verdict make of an action. Pure.

The table stands in the concepts page; every cell of it is a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agents.conversations.reasons import Reason


class Weight(StrEnum):
    """How much it takes to fire."""

    ORDINARY = "ordinary"
    CONSEQUENTIAL = "consequential"
    ONE_KEY = "one_key"


class Judging(StrEnum):
    """What became of the question to the judge."""

    ANSWERED = "answered"
    NO_JUDGE = "no judge"
    NOT_ASKED = "judge not asked"
    LATE = "judge late"


class Then(StrEnum):
    """What follows."""

    FIRE = "fire"
    ASK = "ask"
    RECHECK = "recheck"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Turned:
    """The result of turning both keys."""

    then: Then
    code: Reason
    note: str = ""


def turn_keys(
    *, proposed: bool, judging: Judging, met: bool, weight: Weight, confirm: str = "ask"
) -> Turned:
    """Decide one action. `met`: the probability reached the threshold (only when answered)."""
    if judging is not Judging.ANSWERED:
        return _one_key(proposed, judging, weight)
    if proposed:
        return Turned(Then.FIRE, Reason.FIRED) if met else _unconfirmed(weight, confirm)
    if not met:
        return Turned(Then.NOTHING, Reason.CONDITION_NOT_MET)
    if weight is Weight.ONE_KEY:
        return Turned(Then.FIRE, Reason.FIRED_UNCONFIRMED, "the judge alone")
    return Turned(Then.RECHECK, Reason.NOT_CONFIRMED, "keys disagree")


def _unconfirmed(weight: Weight, confirm: str) -> Turned:
    if weight is not Weight.CONSEQUENTIAL:
        return Turned(Then.FIRE, Reason.FIRED_UNCONFIRMED, "the judge disagreed")
    if confirm == "ask":
        return Turned(Then.ASK, Reason.CONFIRMING, "the judge disagreed")
    return Turned(Then.NOTHING, Reason.NOT_CONFIRMED, "the judge disagreed")


def _one_key(proposed: bool, judging: Judging, weight: Weight) -> Turned:
    """No verdict: the proposal alone decides, but a consequential one waits for a late judge."""
    if not proposed:
        note = "" if judging is Judging.NO_JUDGE else judging.value
        return Turned(Then.NOTHING, Reason.CONDITION_NOT_MET, note)
    if weight is Weight.CONSEQUENTIAL and judging is not Judging.NO_JUDGE:
        return Turned(Then.NOTHING, Reason.NOT_CONFIRMED, judging.value)
    if judging is Judging.LATE:
        return Turned(Then.FIRE, Reason.FIRED_UNCONFIRMED, judging.value)
    return Turned(Then.FIRE, Reason.FIRED, f"{judging.value}: the tool call alone decided")
