"""The live hands: effects become rows through the services of their rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from actions.effects import (
    AddNote,
    AddTags,
    AssignInbox,
    Book,
    CancelBooking,
    Disengage,
    Effect,
    Enrol,
    ListContact,
    Send,
    SetContactDisposition,
    SetDisposition,
    SetDnc,
    SetProperty,
    TagContact,
)
from actions.understood import opt_in_word
from agents.calendars import services as calendars
from agents.contacts import services as contacts
from agents.contacts import standing
from agents.conversations.models import Conversation
from agents.conversations.services import open_item
from agents.conversations.situation import Situation
from agents.outbox.services import enqueue
from agents.ports.absorbing import absorb
from agents.ports.collecting import CollectingHands
from agents.ports.context import CHANNELS, contact_of, reaches_contact
from agents.sequences import services as sequences


class LiveHands(CollectingHands):
    """Acts inside our own data, and hands what leaves to the outbox."""

    def apply(self, scene: Situation, run_id: UUID, effects: Sequence[Effect]) -> None:
        """Write each effect; all of them or none, with the run's end."""
        for number, effect in enumerate(effects):
            WRITE[type(effect)](scene, effect, f"run:{run_id}:{number}")

    def blocked(self, scene: Situation, words: str, source: str) -> None:
        """Opt-out wording or a keyword: block the contact."""
        absorb(scene.facts, scene.notes_written, [SetDnc(words, source)])
        if contact := contact_of(scene):
            contacts.set_dnc(
                contact=contact,
                source="keyword" if source == "keyword" else "words",
                words=words,
                conversation_id=scene.id,
            )

    def opted_in(self, scene: Situation) -> None:
        """START lifts what a keyword set."""
        if contact := contact_of(scene):
            word = opt_in_word(scene.facts.message) or "START"
            contacts.opt_in(contact=contact, word=word, conversation_id=scene.id)
            facts = scene.facts.contact
            facts.dnc, facts.sms_opted_out = contact.blocked, contact.sms_opted_out
            facts.dnc_source = contacts.block_source(contact=contact)


def _disposition(scene: Situation, effect: SetDisposition, key: str) -> None:
    Conversation.everything.filter(id=scene.id).update(disposition_id=_pk(effect.ref))


def _tags(scene: Situation, effect: AddTags, key: str) -> None:
    Conversation.everything.get(id=scene.id).tags.add(*(_pk(ref) for ref in effect.refs))


def _property(scene: Situation, effect: SetProperty, key: str) -> None:
    if contact := contact_of(scene):
        contacts.set_property(
            contact=contact,
            key=effect.key,
            value=effect.value,
            **_by(scene),
        )


def _contact_disposition(scene: Situation, effect: SetContactDisposition, key: str) -> None:
    if contact := contact_of(scene):
        standing.set_contact_disposition(contact=contact, ref=effect.ref, **_by(scene))


def _contact_tags(scene: Situation, effect: TagContact, key: str) -> None:
    if contact := contact_of(scene):
        standing.change_labels(
            contact=contact, kind="tag", refs=effect.refs, remove=effect.removed, **_by(scene)
        )


def _lists(scene: Situation, effect: ListContact, key: str) -> None:
    if contact := contact_of(scene):
        standing.change_labels(
            contact=contact, kind="list", refs=effect.refs, remove=effect.removed, **_by(scene)
        )


def _disengage(scene: Situation, effect: Disengage, key: str) -> None:
    if contact := contact_of(scene):
        contacts.disengage(
            contact=contact,
            agent_uuid=None if effect.everyone else scene.agent_uuid,
            reason=effect.reason,
            stop_sequences=effect.stop_sequences,
            **_by(scene),
        )


def _by(scene: Situation) -> dict[str, Any]:
    """Who writes, and from which conversation."""
    return {"conversation_id": scene.id, "actor": scene.content.agent_name}


def _dnc(scene: Situation, effect: SetDnc, key: str) -> None:
    if contact := contact_of(scene):
        contacts.set_dnc(
            contact=contact, source="action", words=effect.words, conversation_id=scene.id
        )


def _note(scene: Situation, effect: AddNote, key: str) -> None:
    if contact := contact_of(scene):
        contacts.add_note(
            contact=contact,
            text=effect.text,
            **_by(scene),
        )


def _enrol(scene: Situation, effect: Enrol, key: str) -> None:
    if contact := contact_of(scene):
        sequences.enrol(
            contact=contact,
            sequence=effect.ref,
            restart=effect.restart,
            agent_uuid=scene.agent_uuid,
            conversation_id=scene.id,
            key=key,
            now=scene.now(),
        )


def _assign(scene: Situation, effect: AssignInbox, key: str) -> None:
    open_item(conversation_id=scene.id, inbox_id=_pk(effect.ref), note=effect.note, now=scene.now())


def _book(scene: Situation, effect: Book, key: str) -> None:
    if effect.replaces:
        calendars.move(
            booking=effect.replaces,
            calendar=effect.calendar,
            service=effect.service,
            start=effect.start,
            key=key,
            now=scene.now(),
        )
        return
    contact = contact_of(scene)
    calendars.book(
        calendar=effect.calendar,
        service=effect.service,
        start=effect.start,
        contact=contact,
        conversation_id=scene.id,
        key=key,
        now=scene.now(),
    )
    if contact:
        sequences.booked(contact=contact, now=scene.now())


def _cancel_booking(scene: Situation, effect: CancelBooking, key: str) -> None:
    calendars.cancel(booking=effect.id, key=key)


def _send(scene: Situation, effect: Send, key: str) -> None:
    enqueue(
        now=scene.now(),
        key=key,
        kind=effect.kind,
        title=effect.title,
        purpose=effect.purpose,
        channel=CHANNELS.get(effect.kind, ""),
        contact=contact_of(scene) if reaches_contact(effect) else None,
        to=effect.to,
        payload=effect.payload,
        agent_uuid=scene.agent_uuid,
        conversation_id=scene.id,
        run_id=UUID(key.split(":")[1]),
    )


def _pk(ref: str) -> int:
    return int(ref.partition(":")[2])


WRITE: dict[type[Any], Callable[[Situation, Any, str], None]] = {
    SetDisposition: _disposition,
    AddTags: _tags,
    SetProperty: _property,
    SetDnc: _dnc,
    SetContactDisposition: _contact_disposition,
    TagContact: _contact_tags,
    ListContact: _lists,
    Disengage: _disengage,
    AddNote: _note,
    Enrol: _enrol,
    AssignInbox: _assign,
    Book: _book,
    CancelBooking: _cancel_booking,
    Send: _send,
}
