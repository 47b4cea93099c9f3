"""What the contact hears of what was done where no model says it."""

from __future__ import annotations

from collections.abc import Sequence

from actions.languages import ENGLISH
from agents.engine.ledger import Run
from agents.engine.turn import TurnState


def heard(turn: TurnState, run: Run) -> str:
    """One run: its own words, else in English what the model is told; empty: nothing to say."""
    if run.to_contact or turn.language is ENGLISH or not run.to_model:
        return run.to_contact or run.to_model
    if run.error:
        words: str = turn.conversation.version.settings.cannot_words
        return words
    return turn.language.say("practice_done")


def told(turn: TurnState, runs: Sequence[Run]) -> str:
    """Several at once; the lines of the log are English."""
    if turn.language is ENGLISH:
        lines = [run.outcome.line for run in runs if run.outcome]
        return turn.language.say("was_done", what="; ".join(lines))
    return turn.language.say("practice_done")
