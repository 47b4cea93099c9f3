"""Why an action fired or not, in words: one sentence, and every step the engine looked at."""

from __future__ import annotations

from dataclasses import dataclass

from agents.conversations.reasons import FIRED, SENTENCES, Decision, Reason

MOMENTS = {
    "during": "during the conversation",
    "before_handoff": "before a hand-off",
    "after_end": "after the end",
    "no_answer": "when nobody answers",
    "idle": "after a silence",
}


@dataclass(frozen=True, slots=True)
class DecisionCheck:
    """The step at which an action was stopped."""

    title: str
    text: str


def reason_of(entry: Decision) -> Reason:
    """The code; one that this release does not know counts as not met."""
    try:
        return Reason(entry.get("code", ""))
    except ValueError:
        return Reason.CONDITION_NOT_MET


def number(value: float | None) -> str:
    """A probability as people read it here: .94"""
    if value is None:
        return ""
    text = f"{value:.2f}"
    return text[1:] if text.startswith("0") else text[:1]


def score(entry: Decision, code: Reason) -> str:
    """The figure at the right: the probability, or that a rule decided."""
    if code is Reason.FIRED_BY_RULE or entry.get("engine") == "rules":
        return "rule" if code in FIRED else ""
    return number(entry.get("p"))


def note_of(entry: Decision, code: Reason) -> str:
    """The engine's note, unless the sentence already says it."""
    if code in (Reason.WRONG_MOMENT, Reason.ONLY_IF_FAILED):
        return ""
    return (entry.get("note") or "").strip()


def sentence(entry: Decision, code: Reason) -> str:
    """Why, in one sentence, with what was needed and what was found."""
    note = (entry.get("note") or "").strip()
    if code is Reason.WRONG_MOMENT and note in MOMENTS:
        return f"It runs only {MOMENTS[note]}."
    if code is Reason.ONLY_IF_FAILED and note:
        return f"{note.rstrip('.')}: this did not hold."
    if code is Reason.FIRED and entry.get("engine") == "rules":
        return "It fired: the built-in rules found its condition met."
    if code is Reason.FIRED and note.endswith("the tool call alone decided"):
        return "It fired: proposed by the model."
    found, needs = number(entry.get("p")), number(entry.get("threshold"))
    if code in (Reason.CONDITION_NOT_MET, Reason.NOT_CONFIRMED) and found and needs:
        if entry.get("engine") == "rules":
            return SENTENCES[code]
        return f"{SENTENCES[code].rstrip('.')}: judged {found}, needs {needs}."
    return SENTENCES[code]


STEPS: tuple[tuple[str, frozenset[Reason]], ...] = (
    ("Switched on", frozenset({Reason.UNAVAILABLE_TYPE, Reason.DISABLED})),
    ("Channel", frozenset({Reason.WRONG_CHANNEL})),
    ("Moment", frozenset({Reason.WRONG_MOMENT})),
    (
        "Conversation",
        frozenset(
            {
                Reason.CONVERSATION_OVER,
                Reason.AGENT_PAUSED,
                Reason.STAFF_IN_CONTROL,
                Reason.OUTSIDE_HOURS,
            }
        ),
    ),
    ("Gate", frozenset({Reason.BLOCKED_BY_GATE})),
    ("Script", frozenset({Reason.SCRIPT_TURN})),
    ("Repeat", frozenset({Reason.ALREADY_DONE, Reason.COOLING_DOWN})),
    ("Only if", frozenset({Reason.ONLY_IF_FAILED})),
    (
        "Data and connection",
        frozenset({Reason.INTEGRATION_DOWN, Reason.MISSING_DATA, Reason.NEEDS_MODEL}),
    ),
    (
        "Condition",
        frozenset(
            {Reason.CONDITION_NOT_MET, Reason.MODEL_FAILED, Reason.TIME_LIMIT, Reason.TURN_FAILED}
        ),
    ),
    ("Confirmed", frozenset({Reason.NOT_CONFIRMED, Reason.CONFIRMING})),
    ("Values", frozenset({Reason.INVALID_ARGUMENTS})),
    (
        "Left",
        frozenset(
            {Reason.INTERRUPTED, Reason.APPROVAL_DENIED, Reason.AWAITING_APPROVAL, Reason.SHADOW}
        ),
    ),
)


def checks(entry: Decision, code: Reason) -> tuple[tuple[str, ...], DecisionCheck | None]:
    """The steps that held, in the order in which the engine looks, and what stopped it."""
    held: list[str] = []
    for title, reasons in STEPS:
        if code in reasons:
            return tuple(held), DecisionCheck(title, sentence(entry, code))
        held.append(title.lower())
    return tuple(held), None
