"""What the adapters of both worlds share: what a run gets, and the first ring."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from actions.base import HandOff, Names
from actions.context import Context, Occasion
from actions.effects import Effect
from agents.conversations.models import Conversation
from agents.conversations.situation import Situation
from agents.ports.answering import Answers
from agents.ports.context import RunContext
from agents.transfers.services import start_transfer


@dataclass
class CollectingAdapters:
    """Effects gather; a world adds how they are written."""

    answers: Answers

    def context(
        self, conversation: Situation, names: Names, occasion: Occasion
    ) -> tuple[Context, list[Effect]]:
        """What `execute` gets, and the list in which its effects gather."""
        context = RunContext(conversation, names, self.answers, occasion)
        return context, context.effects

    def start_transfer(self, conversation: Situation, run_id: UUID | None, plan: HandOff) -> str:
        """Rows of a transfer and its first leg, a scripted colleague in the sandbox; its label."""
        row = Conversation.everything.get(id=conversation.id)
        transfer = start_transfer(
            conversation=row, run_id=run_id, plan=plan, now=conversation.now()
        )
        leg = transfer.legs.order_by("position").last()
        return leg.label if leg else ""
