"""One recorder for both worlds: an effect applied to the facts in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

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
from actions.facts import Booked, Facts

Recorder = Callable[[Facts, list[str], Any], None]


def _disposition(facts: Facts, notes: list[str], effect: SetDisposition) -> None:
    facts.disposition = effect.ref


def _tags(facts: Facts, notes: list[str], effect: AddTags) -> None:
    facts.tags.update(effect.refs)


def _property(facts: Facts, notes: list[str], effect: SetProperty) -> None:
    facts.contact.values[effect.key] = effect.value


def _dnc(facts: Facts, notes: list[str], effect: SetDnc) -> None:
    if not facts.contact.dnc or effect.source != "keyword":
        facts.contact.dnc_source = effect.source
    facts.contact.dnc = True


def _note(facts: Facts, notes: list[str], effect: AddNote) -> None:
    notes.append(effect.text)


def _contact_disposition(facts: Facts, notes: list[str], effect: SetContactDisposition) -> None:
    facts.contact.status = effect.ref


def _contact_tags(facts: Facts, notes: list[str], effect: TagContact) -> None:
    facts.contact.tags = _changed(facts.contact.tags, effect.refs, effect.removed)


def _lists(facts: Facts, notes: list[str], effect: ListContact) -> None:
    facts.contact.lists = _changed(facts.contact.lists, effect.refs, effect.removed)


def _changed(now: set[str], refs: Sequence[str], removed: bool) -> set[str]:
    return now - set(refs) if removed else now | set(refs)


def _disengage(facts: Facts, notes: list[str], effect: Disengage) -> None:
    facts.contact.disengaged = True
    if effect.stop_sequences:
        facts.contact.sequences = set()


def _enrol(facts: Facts, notes: list[str], effect: Enrol) -> None:
    facts.contact.sequences = facts.contact.sequences | {effect.ref}


def _assign(facts: Facts, notes: list[str], effect: AssignInbox) -> None:
    facts.inbox = effect.ref


def _book(facts: Facts, notes: list[str], effect: Book) -> None:
    kept = [one for one in facts.bookings if one.id != effect.replaces]
    made = Booked(
        effect.replaces or str(uuid4()), effect.calendar, effect.service, effect.start, effect.end
    )
    facts.bookings = [*kept, made]


def _cancel(facts: Facts, notes: list[str], effect: CancelBooking) -> None:
    facts.bookings = [one for one in facts.bookings if one.id != effect.id]


def _send(facts: Facts, notes: list[str], effect: Send) -> None:
    """What leaves changes no fact."""


APPLY: dict[type[Any], Recorder] = {
    SetDisposition: _disposition,
    AddTags: _tags,
    SetProperty: _property,
    SetDnc: _dnc,
    AddNote: _note,
    SetContactDisposition: _contact_disposition,
    TagContact: _contact_tags,
    ListContact: _lists,
    Disengage: _disengage,
    Enrol: _enrol,
    AssignInbox: _assign,
    Book: _book,
    CancelBooking: _cancel,
    Send: _send,
}


def apply_to_facts(facts: Facts, notes: list[str], effects: Sequence[Effect]) -> None:
    """Apply effects to facts and to the list of notes."""
    for effect in effects:
        APPLY[type(effect)](facts, notes, effect)
