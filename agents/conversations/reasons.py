"""Why an action fired or did not: every code has a sentence for staff."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict


class Reason(StrEnum):
    """One of these stands in every decision."""

    FIRED = "fired"
    FIRED_UNCONFIRMED = "fired_unconfirmed"
    FIRED_BY_RULE = "fired_by_rule"
    FIRED_AFTER_RECHECK = "fired_after_recheck"
    CONFIRMING = "confirming"
    SHADOW = "shadow"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVAL_DENIED = "approval_denied"
    CONDITION_NOT_MET = "condition_not_met"
    NOT_CONFIRMED = "not_confirmed"
    ONLY_IF_FAILED = "only_if_failed"
    ALREADY_DONE = "already_done"
    COOLING_DOWN = "cooling_down"
    WRONG_MOMENT = "wrong_moment"
    WRONG_CHANNEL = "wrong_channel"
    DISABLED = "disabled"
    NEEDS_MODEL = "needs_model"
    SCRIPT_TURN = "script_turn"
    STAFF_IN_CONTROL = "staff_in_control"
    AGENT_PAUSED = "agent_paused"
    UNAVAILABLE_TYPE = "unavailable_type"
    INTEGRATION_DOWN = "integration_down"
    MISSING_DATA = "missing_data"
    INVALID_ARGUMENTS = "invalid_arguments"
    BLOCKED_BY_GATE = "blocked_by_gate"
    CONVERSATION_OVER = "conversation_over"
    INTERRUPTED = "interrupted"
    MODEL_FAILED = "model_failed"
    TIME_LIMIT = "time_limit"
    OUTSIDE_HOURS = "outside_hours"
    TURN_FAILED = "turn_failed"


OUTSIDE = "Outside business hours."  # the note of a turn that was not answered as always
FIRED = frozenset(
    {Reason.FIRED, Reason.FIRED_UNCONFIRMED, Reason.FIRED_BY_RULE, Reason.FIRED_AFTER_RECHECK}
)
WOULD_RUN = FIRED | {Reason.SHADOW}


class Decision(TypedDict, total=False):
    """One entry of `Turn.decisions`: what was decided about one action, and on what ground."""

    action: str
    type: str
    code: str
    evidence: str
    p: float | None
    threshold: float
    engine: str
    note: str


SENTENCES: dict[Reason, str] = {
    Reason.FIRED: "The model proposed it.",
    Reason.FIRED_UNCONFIRMED: "It fired without being confirmed.",
    Reason.FIRED_BY_RULE: "Decided by a fixed rule; no model was asked.",
    Reason.FIRED_AFTER_RECHECK: "The model proposed it when it was asked again.",
    Reason.CONFIRMING: "The contact is asked first.",
    Reason.SHADOW: "It is in shadow mode: it would have run, but nothing was changed.",
    Reason.AWAITING_APPROVAL: "It waits until a person approves it.",
    Reason.APPROVAL_DENIED: "Nobody approved it.",
    Reason.CONDITION_NOT_MET: "The model did not propose it.",
    Reason.NOT_CONFIRMED: "The model and the judge disagreed.",
    Reason.ONLY_IF_FAILED: "One of its “only if” conditions did not hold.",
    Reason.ALREADY_DONE: "It has already run as often as it may.",
    Reason.COOLING_DOWN: "It ran a short while ago and pauses.",
    Reason.WRONG_MOMENT: "It belongs to another moment of the conversation.",
    Reason.WRONG_CHANNEL: "It does not work on this channel.",
    Reason.DISABLED: "It is disabled.",
    Reason.NEEDS_MODEL: "Practice mode does not understand its condition; a model would.",
    Reason.SCRIPT_TURN: "The contact was answering a question of another action.",
    Reason.STAFF_IN_CONTROL: "Staff have taken over the conversation.",
    Reason.AGENT_PAUSED: "The agent is paused.",
    Reason.UNAVAILABLE_TYPE: "This type of action is not installed.",
    Reason.INTEGRATION_DOWN: "The connection it needs does not answer.",
    Reason.MISSING_DATA: "Its settings are incomplete.",
    Reason.INVALID_ARGUMENTS: "The model gave values that are not accepted.",
    Reason.BLOCKED_BY_GATE: "The contact must not be contacted.",
    Reason.CONVERSATION_OVER: "The conversation had already ended or been handed over.",
    Reason.INTERRUPTED: "The contact interrupted before it could run.",
    Reason.MODEL_FAILED: "The model gave no usable answer.",
    Reason.TIME_LIMIT: "The time limit was reached before it could run.",
    Reason.OUTSIDE_HOURS: "The agent does not answer outside its business hours.",
    Reason.TURN_FAILED: "The turn failed before it was decided.",
}
