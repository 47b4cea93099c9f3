"""The turn in which a sequence asks once more after silence."""

from __future__ import annotations

from typing import Any

from agents.conversations.models import Turn
from agents.engine import performing
from agents.engine.compiled import CompiledAction
from agents.engine.handler import Handler, TurnKind
from agents.engine.scripting import Moved
from agents.engine.scripts import Move
from agents.engine.turn import TurnState


class Reminder(TurnKind):
    """The question of the step once more."""

    name = Turn.Kind.SYSTEM

    def __init__(self, action: CompiledAction, script: dict[str, Any], move: Move) -> None:
        self._action, self._script, self._move = action, script, move

    async def admit(self, turn: TurnState) -> Handler:
        """No action belongs to it."""
        performing.nobody(turn)
        turn.notes.append("Reminder after silence.")
        return Moved(self._action, self._script, self._move)
