"""The live world: each class of effect has one writer, which calls the services of its room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from actions.effects import (
    AddNote,
    AddTags,
    AssignInbox,
    Book,
    Called,
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
    apply_to_facts,
)
from actions.understood import opt_in_word
from agents.calendars import services as calendars
from agents.contacts import services as contacts
from agents.contacts import status
from agents.conversations.services import add_tags, open_item, set_disposition
from agents.conversations.situation import Situation
from agents.outbox.services import Outgoing, enqueue, record_left
from agents.ports.collecting import CollectingAdapters
from agents.ports.context import CHANNELS, contact_of, language_of, reaches_contact
from agents.sequences import services as sequences


class LiveAdapters(CollectingAdapters):
    """Acts inside our own data, and hands what leaves to the outbox."""

    def apply(
        self, conversation: Situation, run_id: UUID, effects: Sequence[Effect], first: int = 0
    ) -> None:
        """Write each effect; all of them or none, with the run's end."""
        for number, effect in enumerate(effects, first):
            WRITE[type(effect)](conversation, effect, f"run:{run_id}:{number}")

    def blocked(self, conversation: Situation, words: str, source: str) -> None:
        """Opt-out wording or a keyword: block the contact."""
        apply_to_facts(conversation.facts, [SetDnc(words, source)])
        if contact := contact_of(conversation):
            contacts.set_dnc(
                contact=contact,
                source="keyword" if source == "keyword" else "words",
                words=words,
                conversation_id=conversation.id,
            )

    def opted_in(self, conversation: Situation) -> None:
        """START lifts what a keyword set."""
        if contact := contact_of(conversation):
            word = opt_in_word(conversation.facts.message, language_of(conversation)) or "START"
            contacts.opt_in(contact=contact, word=word, conversation_id=conversation.id)
            facts = conversation.facts.contact
            facts.dnc, facts.sms_opted_out = contact.blocked, contact.sms_opted_out
            facts.dnc_source = contacts.block_source(contact=contact)


def _disposition(conversation: Situation, effect: SetDisposition, key: str) -> None:
    set_disposition(fence=conversation.fence, disposition_id=_pk(effect.ref))


def _tags(conversation: Situation, effect: AddTags, key: str) -> None:
    add_tags(fence=conversation.fence, tag_ids=map(_pk, effect.refs))


def _property(conversation: Situation, effect: SetProperty, key: str) -> None:
    if contact := contact_of(conversation):
        contacts.set_property(
            contact=contact,
            key=effect.key,
            value=effect.value,
            **_by(conversation),
        )


def _contact_disposition(conversation: Situation, effect: SetContactDisposition, key: str) -> None:
    if contact := contact_of(conversation):
        status.set_contact_disposition(contact=contact, ref=effect.ref, **_by(conversation))


def _contact_tags(conversation: Situation, effect: TagContact, key: str) -> None:
    if contact := contact_of(conversation):
        status.change_labels(
            contact=contact,
            kind="tag",
            refs=effect.refs,
            remove=effect.removed,
            **_by(conversation),
        )


def _lists(conversation: Situation, effect: ListContact, key: str) -> None:
    if contact := contact_of(conversation):
        status.change_labels(
            contact=contact,
            kind="list",
            refs=effect.refs,
            remove=effect.removed,
            **_by(conversation),
        )


def _disengage(conversation: Situation, effect: Disengage, key: str) -> None:
    if contact := contact_of(conversation):
        contacts.disengage(
            contact=contact,
            agent_uuid=None if effect.everyone else conversation.agent_uuid,
            reason=effect.reason,
            stop_sequences=effect.stop_sequences,
            **_by(conversation),
        )


def _by(conversation: Situation) -> dict[str, Any]:
    """Who writes, and from which conversation."""
    return {"conversation_id": conversation.id, "actor": conversation.content.agent_name}


def _dnc(conversation: Situation, effect: SetDnc, key: str) -> None:
    if contact := contact_of(conversation):
        contacts.set_dnc(
            contact=contact, source="action", words=effect.words, conversation_id=conversation.id
        )


def _note(conversation: Situation, effect: AddNote, key: str) -> None:
    if contact := contact_of(conversation):
        contacts.add_note(
            contact=contact,
            text=effect.text,
            **_by(conversation),
        )


def _enrol(conversation: Situation, effect: Enrol, key: str) -> None:
    if contact := contact_of(conversation):
        sequences.enrol(
            contact=contact,
            sequence=effect.ref,
            restart=effect.restart,
            agent_uuid=conversation.agent_uuid,
            conversation_id=conversation.id,
            key=key,
            now=conversation.now(),
        )


def _assign(conversation: Situation, effect: AssignInbox, key: str) -> None:
    open_item(
        conversation_id=conversation.id,
        inbox_id=_pk(effect.ref),
        note=effect.note,
        now=conversation.now(),
    )


def _book(conversation: Situation, effect: Book, key: str) -> None:
    if effect.replaces:
        calendars.move(
            booking=effect.replaces,
            calendar=effect.calendar,
            service=effect.service,
            start=effect.start,
            key=key,
            now=conversation.now(),
        )
        return
    contact = contact_of(conversation)
    calendars.book(
        calendar=effect.calendar,
        service=effect.service,
        start=effect.start,
        contact=contact,
        conversation_id=conversation.id,
        key=key,
        now=conversation.now(),
    )
    if contact:
        sequences.booked(contact=contact, now=conversation.now())


def _cancel_booking(conversation: Situation, effect: CancelBooking, key: str) -> None:
    calendars.cancel(booking=effect.id, key=key)


def _called(conversation: Situation, effect: Called, key: str) -> None:
    record_left(now=conversation.now(), **_outgoing(conversation, effect, key))


def _send(conversation: Situation, effect: Send, key: str) -> None:
    enqueue(now=conversation.now(), **_outgoing(conversation, effect, key))


def _outgoing(conversation: Situation, effect: Send, key: str) -> Outgoing:
    return Outgoing(
        key=key,
        kind=effect.kind,
        title=effect.title,
        purpose=effect.purpose,
        channel=CHANNELS.get(effect.kind, ""),
        contact=contact_of(conversation) if reaches_contact(effect) else None,
        to=effect.to,
        payload=effect.payload,
        agent_uuid=conversation.agent_uuid,
        conversation_id=conversation.id,
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
    Called: _called,
}
