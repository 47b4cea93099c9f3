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
class KeyResult:
    """What both keys come to."""

    then: Then
    code: Reason
    note: str = ""


def decide(
    *, proposed: bool, judging: Judging, met: bool, weight: Weight, confirm: str = "ask"
) -> KeyResult:
    """Decide one action. `met`: the probability reached the threshold (only when answered)."""
    if judging is not Judging.ANSWERED:
        return _without_verdict(proposed, judging, weight)
    if proposed:
        return KeyResult(Then.FIRE, Reason.FIRED) if met else _unconfirmed(weight, confirm)
    if not met:
        return KeyResult(Then.NOTHING, Reason.CONDITION_NOT_MET)
    if weight is Weight.ONE_KEY:
        return KeyResult(Then.FIRE, Reason.FIRED_UNCONFIRMED, "the judge alone")
    return KeyResult(Then.RECHECK, Reason.NOT_CONFIRMED, "keys disagree")


def _unconfirmed(weight: Weight, confirm: str) -> KeyResult:
    if weight is not Weight.CONSEQUENTIAL:
        return KeyResult(Then.FIRE, Reason.FIRED_UNCONFIRMED, "the judge disagreed")
    if confirm == "ask":
        return KeyResult(Then.ASK, Reason.CONFIRMING, "the judge disagreed")
    return KeyResult(Then.NOTHING, Reason.NOT_CONFIRMED, "the judge disagreed")


def _without_verdict(proposed: bool, judging: Judging, weight: Weight) -> KeyResult:
    """No verdict: the proposal alone decides, but a consequential one waits for a late judge."""
    if not proposed:
        note = "" if judging is Judging.NO_JUDGE else judging.value
        return KeyResult(Then.NOTHING, Reason.CONDITION_NOT_MET, note)
    if weight is Weight.CONSEQUENTIAL and judging is not Judging.NO_JUDGE:
        return KeyResult(Then.NOTHING, Reason.NOT_CONFIRMED, judging.value)
    if judging is Judging.LATE:
        return KeyResult(Then.FIRE, Reason.FIRED_UNCONFIRMED, judging.value)
    return KeyResult(Then.FIRE, Reason.FIRED, f"{judging.value}: the tool call alone decided")
