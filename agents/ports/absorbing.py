"""One recorder for both worlds: an effect applied to the facts in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from actions.effects import AddNote, AddTags, Effect, Send, SetDisposition, SetDnc, SetProperty
from actions.facts import Facts

Recorder = Callable[[Facts, list[str], Any], None]


def _disposition(facts: Facts, notes: list[str], effect: SetDisposition) -> None:
    facts.disposition = effect.ref


def _tags(facts: Facts, notes: list[str], effect: AddTags) -> None:
    facts.tags.update(effect.refs)


def _property(facts: Facts, notes: list[str], effect: SetProperty) -> None:
    facts.contact.values[effect.key] = effect.value


def _dnc(facts: Facts, notes: list[str], effect: SetDnc) -> None:
    facts.contact.dnc = True


def _note(facts: Facts, notes: list[str], effect: AddNote) -> None:
    notes.append(effect.text)


def _send(facts: Facts, notes: list[str], effect: Send) -> None:
    """What leaves changes no fact."""


APPLY: dict[type[Any], Recorder] = {
    SetDisposition: _disposition,
    AddTags: _tags,
    SetProperty: _property,
    SetDnc: _dnc,
    AddNote: _note,
    Send: _send,
}


def absorb(facts: Facts, notes: list[str], effects: Sequence[Effect]) -> None:
    """Apply effects to facts and to the list of notes."""
    for effect in effects:
        APPLY[type(effect)](facts, notes, effect)
