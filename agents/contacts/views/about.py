"""What the page of a contact shows beside the timeline: values with their history, reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from agents.calendars.models import Booking
from agents.contacts.models import (
    Contact,
    ContactDisposition,
    ContactList,
    DncEntry,
    Property,
    Tag,
)
from agents.contacts.services import COLUMNS
from agents.contacts.views.timeline import Source, TimelineLine, line_of, sources
from agents.panels.models import Agent

DNC_SOURCES = {
    "words": "Said it",
    "keyword": "Wrote a reserved word",
    "staff": "Set by staff",
    "action": "Set by an action",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A property as it is, and how it came to be."""

    label: str
    value: str
    kind: str
    history: tuple[TimelineLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One entry of the DNC record."""

    how: str
    words: str
    set_at: datetime
    source: Source | None
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """One end of outreach."""

    whose: str
    reason: str
    set_at: datetime
    source: Source | None
    lifted_at: datetime | None
    lifted_by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A tag, a list or a disposition that may be picked."""

    ref: str
    name: str
    picked: bool


def values_of(contact: Contact) -> tuple[Value, ...]:
    """Every property of the house in its order, then what no property describes any more."""
    entries = list(contact.timeline.filter(kind="property"))
    known = sources(entry.conversation_id for entry in entries)
    history: dict[str, list[TimelineLine]] = {}
    for entry in entries:
        history.setdefault(str(entry.data.get("key", "")), []).append(line_of(entry, known))
    labels = {row.key: (row.label, row.kind) for row in Property.objects.all()}
    keys = [*labels, *(key for key in contact.values if key not in labels)]
    return tuple(_value(contact, key, labels, history) for key in keys)


def _value(
    contact: Contact,
    key: str,
    labels: dict[str, tuple[str, str]],
    history: dict[str, list[TimelineLine]],
) -> Value:
    value: Any = contact.values.get(key)
    if value in (None, "") and key in COLUMNS:
        value = getattr(contact, key)
    label, kind = labels.get(key, (key.replace("_", " ").capitalize(), ""))
    return Value(label, "" if value is None else str(value), kind, tuple(history.get(key, ())))


def blocks_of(contact: Contact) -> tuple[Block, ...]:
    """The whole DNC record, newest first."""
    rows = list(contact.dnc_entries.select_related("lifted_by"))
    known = sources(row.conversation_id for row in rows)
    return tuple(_block(row, known) for row in rows)


def _block(row: DncEntry, known: dict[UUID, Source]) -> Block:
    by_word = "" if row.lifted_by or not row.lifted_at else "the contact"
    return Block(
        how=DNC_SOURCES.get(row.source, row.source),
        words=row.words,
        set_at=row.set_at,
        source=known.get(row.conversation_id) if row.conversation_id else None,
        lifted_at=row.lifted_at,
        lifted_by=str(row.lifted_by or by_word),
        lift_reason=row.lift_reason,
    )


def ended_of(contact: Contact) -> tuple[Ended, ...]:
    """Every end of outreach, newest first, with the agent's name."""
    rows = list(contact.disengagements.all())
    uuids = [row.agent_uuid for row in rows if row.agent_uuid]
    names = dict(Agent.objects.filter(uuid__in=uuids).values_list("uuid", "name")) if uuids else {}
    known = sources(row.conversation_id for row in rows)
    return tuple(
        Ended(
            whose=names.get(row.agent_uuid, "a deleted agent") if row.agent_uuid else "any agent",
            reason=row.reason,
            set_at=row.set_at,
            source=known.get(row.conversation_id) if row.conversation_id else None,
            lifted_at=row.lifted_at,
            lifted_by=row.lifted_by,
        )
        for row in rows
    )


def upcoming(contact: Contact) -> list[Booking]:
    """Appointments that are still to come."""
    rows = contact.bookings.filter(state=Booking.State.BOOKED, end__gte=timezone.now())
    return list(rows.select_related("calendar", "service")[:10])


def labels_of(contact: Contact) -> dict[str, list[Choice]]:
    """What staff may file the contact under."""
    return {
        "dispositions": [
            Choice(f"contact_disposition:{row.pk}", row.name, row.pk == contact.disposition_id)
            for row in ContactDisposition.objects.all()
        ],
        "tags": _choices(Tag, set(contact.tags.values_list("pk", flat=True))),
        "lists": _choices(ContactList, set(contact.lists.values_list("pk", flat=True))),
    }


def _choices(model: type[Tag] | type[ContactList], picked: set[int]) -> list[Choice]:
    slug = "tag" if model is Tag else "list"
    rows = model._default_manager.values_list("pk", "name")
    return [Choice(f"{slug}:{pk}", name, pk in picked) for pk, name in rows]
