"""The phases of a turn: admit → decide → act → speak → end, and who supplies what to them.

A kind of turn says who may act and returns a handler; a handler decides, acts and speaks, and
returns the next one, or None where the turn is complete. The end is the runner's.
"""

from __future__ import annotations

from typing import ClassVar

from actions.base import Moment
from agents.conversations.models import Turn
from agents.engine import performing
from agents.engine.ledger import Run
from agents.engine.plan import Plan
from agents.engine.turn import TurnState


class Handler:
    """How an admitted turn is taken."""

    async def decide(self, turn: TurnState) -> Plan:
        """What fires, and on what ground."""
        return Plan()

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """Run it, in list order."""
        return await performing.perform_all(turn, plan.others)

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> Handler | None:
        """Say what follows; None: the turn is complete."""
        return None


class TurnKind:
    """What one kind of turn supplies."""

    name: ClassVar[str]
    moment: ClassVar[str] = Moment.DURING

    async def admit(self, turn: TurnState) -> Handler | None:
        """Sort out who may act; None: nothing is to be decided."""
        return None

    async def settle(self, turn: TurnState) -> None:
        """What still comes after the words, before the end is written."""


class FixedWords(Handler):
    """FixedWords of ours, that no model made."""

    def __init__(self, words: str) -> None:
        self._words = words

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> None:
        """Say them."""
        await turn.say_sentence(self._words)


class OwnWords(TurnKind):
    """A turn in which the agent says something by itself."""

    name = Turn.Kind.SYSTEM

    def __init__(self, words: str) -> None:
        self._words = words

    async def admit(self, turn: TurnState) -> Handler:
        """No action belongs to it."""
        performing.nobody(turn)
        return FixedWords(self._words)


async def take(turn: TurnState, kind: TurnKind) -> None:
    """Admit, then decide, act and speak until the turn is complete."""
    handler = await kind.admit(turn)
    while handler is not None:
        plan = await handler.decide(turn)
        runs = await handler.act(turn, plan)
        handler = await handler.speak(turn, plan, runs)
