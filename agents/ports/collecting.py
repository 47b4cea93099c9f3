"""What the adapters of both worlds share: ports that collect, facts that follow, the first ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from actions.base import HandOff, Names
from actions.effects import Effect
from actions.ports import Context, Occasion
from agents.conversations.models import Conversation
from agents.conversations.situation import Situation
from agents.ports.answering import Answers
from agents.ports.applying import apply_to_facts
from agents.ports.context import RunContext
from agents.transfers.services import start_transfer


@dataclass
class CollectingAdapters:
    """Adapters that only collect; a world adds how effects are written."""

    answers: Answers

    def context(
        self, conversation: Situation, names: Names, occasion: Occasion
    ) -> tuple[Context, list[Effect]]:
        """Ports that collect."""
        context = RunContext(conversation, names, self.answers, occasion)
        return context, context.effects

    def apply_to_facts(self, conversation: Situation, effects: Sequence[Effect]) -> None:
        """The facts in hand follow."""
        apply_to_facts(conversation.facts, conversation.notes_written, effects)

    def start_transfer(self, conversation: Situation, run_id: UUID | None, plan: HandOff) -> str:
        """Rows of a transfer and its first leg, a scripted colleague in the sandbox; its label."""
        row = Conversation.everything.get(id=conversation.id)
        transfer = start_transfer(
            conversation=row, run_id=run_id, plan=plan, now=conversation.now()
        )
        leg = transfer.legs.order_by("position").last()
        return leg.label if leg else ""
