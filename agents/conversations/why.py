"""Why an action fired or not, in words: one sentence, and every step the engine looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agents.conversations.reasons import FIRED, SENTENCES, Decision, Reason

MOMENTS = {
    "during": "during the conversation",
    "before_handoff": "before a hand-off",
    "after_end": "after the end",
    "no_answer": "when nobody answers",
    "idle": "after a silence",
}
EVENTS = {
    "not_answered": "the call was not answered",
    "busy": "the line was busy",
    "failed": "the call failed",
    "machine": "an answering machine answered",
    "silent": "the contact was silent",
}
HEARD = 120  # characters of what was said that a sentence repeats


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence is made of: the engine's note, the figures, and what was said."""

    note: str
    figures: str
    by_rules: bool
    heard: str


def reason_of(entry: Decision) -> Reason:
    """The code; one that this release does not know counts as not met."""
    try:
        return Reason(entry.get("code", ""))
    except ValueError:
        return Reason.CONDITION_NOT_MET


# --- figures ---------------------------------------------------------------------------------


def number(value: float | None, digits: int = 2) -> str:
    """A probability as people read it here: .94"""
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("0") else text[:1]


def figures(entry: Decision) -> tuple[str, str]:
    """What was judged and what was needed, with as many digits as tell them apart."""
    found, needs = entry.get("p"), entry.get("threshold")
    if found is None or needs is None or found == needs:
        return number(found), number(needs)
    apart = (n for n in range(2, 7) if f"{found:.{n}f}" != f"{needs:.{n}f}")
    digits = next(apart, 6)
    return number(found, digits), number(needs, digits)


def score(entry: Decision, code: Reason) -> str:
    """The figure at the right: the probability, or that a rule decided."""
    if code is Reason.FIRED_BY_RULE or entry.get("engine") == "rules":
        return "rule" if code in FIRED else ""
    return figures(entry)[0]


# --- the sentence ----------------------------------------------------------------------------


def sentence(entry: Decision, code: Reason, heard: str = "") -> str:
    """Why, in one sentence, with what was looked for and what was found."""
    note = (entry.get("note") or "").strip()
    by_rules = entry.get("engine") == "rules"
    found, needs = figures(entry)
    judged = f"judged {found}, needs {needs}" if found and needs and not by_rules else ""
    ground = Ground(note, judged, by_rules, heard)
    said = _KEYS.get(code, {}).get(key := _key(code, note))
    if said := (_IN_PRACTICE.get((code, key)) if by_rules else None) or said:
        return said.format(figures=f" ({judged})" if judged else "")
    if code in _MADE and (made := _MADE[code](ground)):
        return made
    return f"{note.rstrip('.')}." if code in _TOLD and note else SENTENCES[code]


def note_of(entry: Decision, code: Reason) -> str:
    """What the engine noted beyond what the sentence says."""
    note = (entry.get("note") or "").strip()
    key = _key(code, note)
    return note.removeprefix(key).strip() if key else ""


def _key(code: Reason, note: str) -> str:
    """The note that the engine wrote, without what it may have added to it."""
    known = sorted(_KEYS.get(code, {}), key=len, reverse=True)
    return next((key for key in known if note.startswith(key)), "")


_KEYS: Mapping[Reason, Mapping[str, str]] = {
    Reason.FIRED: {
        "no judge: the tool call alone decided": "The model proposed it; no judge is connected.",
        "judge not asked: the tool call alone decided": (
            "The model proposed it; the judge was not asked."
        ),
    },
    Reason.FIRED_UNCONFIRMED: {
        "the judge alone": "The judge alone decided{figures}.",
        "the judge disagreed": "The model proposed it, although the judge disagreed{figures}.",
        "judge late": "The model proposed it; the judge did not answer in time.",
    },
    Reason.FIRED_AFTER_RECHECK: {
        "keys disagreed at first": (
            "The model proposed it when it was asked again; the judge had agreed{figures}."
        ),
    },
    Reason.CONFIRMING: {
        "the judge disagreed": (
            "The model proposed it, the judge disagreed{figures}, so the contact is asked."
        ),
        "the contact was asked first": "The contact is asked for what it needs first.",
    },
    Reason.CONDITION_NOT_MET: {
        "judge late": "The model did not propose it, and the judge did not answer in time.",
        "judge not asked": "The model did not propose it.",
        "nothing to do": "There was nothing for it to do.",
    },
    Reason.NOT_CONFIRMED: {
        "the judge disagreed": "The model proposed it, but the judge disagreed{figures}.",
        "keys disagree": "The judge agreed{figures}, but the model did not propose it.",
        "judge late": "The model proposed it, but the judge did not answer in time.",
        "judge not asked": "The model proposed it, but the judge was not asked.",
        "": "The model and the judge disagreed{figures}.",
        "another question came first": "Another question to the contact came first.",
    },
    Reason.CONVERSATION_OVER: {
        "another ending came first": "Another action that ends the conversation came first.",
    },
}
# The same where practice mode stands in for both model and judge.
_IN_PRACTICE: Mapping[tuple[Reason, str], str] = {
    (Reason.FIRED_UNCONFIRMED, "the judge alone"): "Practice mode found its condition met.",
    (Reason.NOT_CONFIRMED, "keys disagree"): (
        "Its condition was met, but what it needs was not said."
    ),
}
# The engine's note is the whole sentence.
_TOLD = frozenset(
    {
        Reason.ALREADY_DONE,
        Reason.COOLING_DOWN,
        Reason.WRONG_CHANNEL,
        Reason.MISSING_DATA,
        Reason.INTEGRATION_DOWN,
        Reason.BLOCKED_BY_GATE,
        Reason.CONVERSATION_OVER,
        Reason.MODEL_FAILED,
        Reason.TIME_LIMIT,
        Reason.APPROVAL_DENIED,
    }
)


def _by_rules(ground: Ground) -> str:
    return "Practice mode found its condition met." if ground.by_rules else _agreed(ground)


def _agreed(ground: Ground) -> str:
    return (
        f"The model proposed it and the judge agreed ({ground.figures})." if ground.figures else ""
    )


def _by_rule(ground: Ground) -> str:
    note = EVENTS.get(ground.note.replace(" ", "_"), ground.note)
    return f"Decided by a fixed rule: {note.rstrip('.')}." if note else ""


def _not_met(ground: Ground) -> str:
    if ground.note.startswith(_EVENT):
        event = ground.note.removeprefix(_EVENT)
        return f"It waits for another event; this time {EVENTS.get(event, event)}."
    if ground.by_rules:
        return _not_heard(ground)
    return f"{ground.figures.capitalize()}." if ground.figures else ""


def _not_heard(ground: Ground) -> str:
    words = " ".join(ground.heard.split())
    short = f"{words[:HEARD].rstrip()}…" if len(words) > HEARD else words
    looked = ground.note or "Practice mode did not find its condition met"
    return f"{looked}; heard “{short}”." if short else f"{looked}; it was not said."


def _only_if(ground: Ground) -> str:
    wanted = ground.note.removeprefix("Only if ").rstrip(".")
    return f"It runs only if this holds: {wanted}." if wanted else ""


def _moment(ground: Ground) -> str:
    return f"It runs only {MOMENTS[ground.note]}." if ground.note in MOMENTS else ""


def _script(ground: Ground) -> str:
    return f"The contact was answering a question: {ground.note}." if ground.note else ""


def _values(ground: Ground) -> str:
    why = ground.note.rstrip(".")
    return f"The model gave values that are not accepted: {why}." if why else ""


def _failed(ground: Ground) -> str:
    return f"The turn failed before it was decided ({ground.note})." if ground.note else ""


_EVENT = "the event was: "
_MADE: Mapping[Reason, Callable[[Ground], str]] = {
    Reason.FIRED: _by_rules,
    Reason.FIRED_BY_RULE: _by_rule,
    Reason.CONDITION_NOT_MET: _not_met,
    Reason.ONLY_IF_FAILED: _only_if,
    Reason.WRONG_MOMENT: _moment,
    Reason.SCRIPT_TURN: _script,
    Reason.INVALID_ARGUMENTS: _values,
    Reason.TURN_FAILED: _failed,
}


# --- the steps -------------------------------------------------------------------------------

STEPS: tuple[tuple[str, frozenset[Reason]], ...] = (
    ("Enabled", frozenset({Reason.UNAVAILABLE_TYPE, Reason.DISABLED})),
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


def checks(code: Reason) -> tuple[tuple[str, ...], str]:
    """The steps that held, in the order in which the engine looks, and the one that stopped it."""
    held: list[str] = []
    for title, reasons in STEPS:
        if code in reasons:
            return tuple(held), title
        held.append(title.lower())
    return tuple(held), ""
