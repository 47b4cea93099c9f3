"""The sandbox's hands: everything is applied to the snapshot and listed, nothing leaves."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from uuid import UUID

from actions.effects import Effect, Send, SetDnc
from actions.facts import ContactFacts
from agents.conversations.services import set_world
from agents.conversations.situation import Situation, world_of
from agents.outbox.services import record_practice
from agents.ports.absorbing import absorb
from agents.ports.collecting import CollectingHands
from agents.ports.context import CHANNELS, contact_of, reaches_contact


class SandboxHands(CollectingHands):
    """Records instead of acting."""

    def apply(self, scene: Situation, run_id: UUID, effects: Sequence[Effect]) -> None:
        """The snapshot after the effects, and what would have left with the gate's answer."""
        facts, notes = deepcopy(scene.facts), list(scene.notes_written)
        contact = contact_of(scene)
        for number, effect in enumerate(effects):
            if isinstance(effect, Send):
                record_practice(
                    facts=facts.contact if reaches_contact(effect) else ContactFacts(),
                    now=scene.now(),
                    key=f"run:{run_id}:{number}",
                    kind=effect.kind,
                    title=effect.title,
                    purpose=effect.purpose,
                    channel=CHANNELS.get(effect.kind, ""),
                    contact=contact if reaches_contact(effect) else None,
                    to=effect.to,
                    payload=effect.payload,
                    agent_uuid=scene.agent_uuid,
                    conversation_id=scene.id,
                    run_id=run_id,
                )
            else:
                absorb(facts, notes, [effect])
        set_world(fence=scene.fence, world=world_of(facts, notes))

    def blocked(self, scene: Situation, words: str, source: str) -> None:
        """Opt-out wording: the snapshot is blocked."""
        absorb(scene.facts, scene.notes_written, [SetDnc(words, source)])
        set_world(fence=scene.fence, world=world_of(scene.facts, scene.notes_written))

    def opted_in(self, scene: Situation) -> None:
        """START lifts what a keyword set in the snapshot, nothing else."""
        contact = scene.facts.contact
        contact.sms_opted_out = False
        if contact.dnc_source == "keyword":
            contact.dnc, contact.dnc_source = False, ""
        set_world(fence=scene.fence, world=world_of(scene.facts, scene.notes_written))
