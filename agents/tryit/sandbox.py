"""The sandbox's adapters: everything is applied to the snapshot and listed, nothing leaves."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from uuid import UUID

from actions.effects import AddNote, Effect, Send, SetDnc, apply_to_facts
from actions.facts import ContactFacts
from agents.conversations.services import set_world
from agents.conversations.situation import Situation, world_of
from agents.outbox.services import record_practice
from agents.ports.collecting import CollectingAdapters
from agents.ports.context import CHANNELS, contact_of, reaches_contact


class SandboxAdapters(CollectingAdapters):
    """Records instead of acting."""

    def apply(
        self, conversation: Situation, run_id: UUID, effects: Sequence[Effect], first: int = 0
    ) -> None:
        """The snapshot after the effects, and what would have left with the gate's answer."""
        facts = deepcopy(conversation.facts)
        contact = contact_of(conversation)
        for number, effect in enumerate(effects, first):
            effect.change(facts)
            leaves = _leaving(effect)
            if leaves:
                record_practice(
                    facts=facts.contact if reaches_contact(leaves) else ContactFacts(),
                    now=conversation.now(),
                    key=f"run:{run_id}:{number}",
                    kind=leaves.kind,
                    title=leaves.title,
                    purpose=leaves.purpose,
                    channel=CHANNELS.get(leaves.kind, ""),
                    contact=contact if reaches_contact(leaves) else None,
                    to=leaves.to,
                    payload=leaves.payload,
                    agent_uuid=conversation.agent_uuid,
                    conversation_id=conversation.id,
                    run_id=run_id,
                )
        set_world(fence=conversation.fence, world=world_of(facts))

    def blocked(self, conversation: Situation, words: str, source: str) -> None:
        """Opt-out wording: the snapshot is blocked."""
        apply_to_facts(conversation.facts, [SetDnc(words, source)])
        set_world(fence=conversation.fence, world=world_of(conversation.facts))

    def opted_in(self, conversation: Situation) -> None:
        """START lifts what a keyword set in the snapshot, nothing else."""
        contact = conversation.facts.contact
        contact.sms_opted_out = False
        if contact.dnc_source == "keyword":
            contact.dnc, contact.dnc_source = False, ""
        set_world(fence=conversation.fence, world=world_of(conversation.facts))


def _leaving(effect: Effect) -> Send | None:
    """What of an effect leaves the house."""
    if isinstance(effect, AddNote) and effect.to_hubspot:
        return Send("hubspot_note", "Note to HubSpot", "record", "", {"text": effect.text})
    return effect if isinstance(effect, Send) else None
