"""The first ring of a hand-off, for both worlds."""

from __future__ import annotations

from uuid import UUID

from actions.base import HandOff
from agents.conversations.models import Conversation
from agents.conversations.situation import Situation
from agents.transfers.services import start_transfer


def ring(scene: Situation, run_id: UUID | None, plan: HandOff) -> str:
    """Rows of a transfer and its first leg; the leg's label."""
    conversation = Conversation.everything.get(id=scene.id)
    transfer = start_transfer(conversation=conversation, run_id=run_id, plan=plan, now=scene.now())
    leg = transfer.legs.order_by("position").last()
    return leg.label if leg else ""
