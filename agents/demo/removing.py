"""Removes the demo business in one step: all that it made and nobody else uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q

from agents.calendars.models import Booking, Calendar
from agents.contacts.models import (
    Consent,
    Contact,
    ContactDisposition,
    ContactList,
    Disengagement,
    Disposition,
    DncEntry,
    Property,
    Tag,
)
from agents.conversations.models import Conversation, InboxItem
from agents.core import picks
from agents.core.text import counted
from agents.demo.models import DemoRow
from agents.demo.reading import invented
from agents.functions.models import Function
from agents.outbox.models import Delivery, Hold
from agents.panels.models import Agent
from agents.routing.models import Inbox, Person, RingGroup
from agents.sequences.models import Enrolment, Sequence

Users = Callable[[Any], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that the demo business made and that stays, because others use it."""

    label: str
    kind: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of the library: its model, and who uses a row without a reference to it."""

    model: type[Model]
    noun: str
    users: Users = lambda row: ()
    key: str = "pk"


def _many(number: int, one: str) -> list[str]:
    return [counted(number, one)] if number else []


def _labelled(row: Tag) -> list[str]:
    talks = Conversation.everything.filter(tags=row).count()
    return _many(row.contacts.count(), "contact") + _many(talks, "conversation")


def _outcome_of(row: Disposition) -> list[str]:
    return _many(Conversation.everything.filter(disposition=row).count(), "conversation")


def _value_of(row: Property) -> list[str]:
    return _many(Contact.objects.filter(values__has_key=row.key).count(), "contact")


SHELVES: dict[str, Shelf] = {
    "sequence": Shelf(Sequence, "Sequence"),
    "function": Shelf(Function, "Function"),
    "calendar": Shelf(Calendar, "Calendar"),
    "ring_group": Shelf(RingGroup, "Ring group"),
    "inbox": Shelf(
        Inbox,
        "Inbox",
        lambda row: _many(InboxItem.objects.filter(inbox=row).count(), "conversation"),
    ),
    "person": Shelf(Person, "Person"),
    "tag": Shelf(Tag, "Tag", _labelled),
    "list": Shelf(ContactList, "List", lambda row: _many(row.contacts.count(), "contact")),
    "disposition": Shelf(Disposition, "Disposition", _outcome_of),
    "contact_disposition": Shelf(
        ContactDisposition,
        "Contact disposition",
        lambda row: _many(row.contacts.count(), "contact"),
    ),
    "property": Shelf(Property, "Property", _value_of, "key"),
}
"""In this order: what refers to others goes before them."""


@transaction.atomic
def clear() -> list[Kept]:
    """Delete all that the demo business made; what others use stays and is named."""
    found = invented()
    _agents(list(found.agents), list(found.contacts))
    _contacts(list(found.contacts))
    kept = [one for kind in SHELVES for one in _shelf(kind)]
    DemoRow.objects.all().delete()
    return kept


@transaction.atomic
def would_stay() -> list[Kept]:
    """What removing it now would leave, found by removing it and taking that back."""
    kept = clear()
    transaction.set_rollback(True)
    return kept


def _agents(agents: list[UUID], contacts: list[UUID]) -> None:
    """The agents, all that they said and did, tests included, and what would have left."""
    talks = Conversation.everything.filter(agent__uuid__in=agents)
    ids = list(talks.values_list("pk", flat=True))
    theirs = Q(agent_uuid__in=agents) | Q(contact_id__in=contacts)
    Delivery.objects.filter(theirs | Q(conversation_id__in=ids)).delete()
    Enrolment.objects.filter(theirs).delete()
    Booking.objects.filter(Q(contact_id__in=contacts) | Q(conversation_id__in=ids)).delete()
    Hold.objects.filter(agent_uuid__in=agents).delete()
    Disengagement.objects.filter(theirs).delete()
    talks.delete()
    Agent.objects.filter(uuid__in=agents).delete()


def _contacts(contacts: list[UUID]) -> None:
    """The contacts with what is on record about them."""
    DncEntry.objects.filter(contact_id__in=contacts).delete()
    Consent.objects.filter(contact_id__in=contacts).delete()
    Contact.objects.filter(pk__in=contacts).delete()


def _shelf(kind: str) -> Iterable[Kept]:
    """Delete what nobody uses, and name the rest."""
    shelf = SHELVES[kind]
    keys = list(DemoRow.objects.filter(kind=kind).values_list("key", flat=True))
    for row in shelf.model._default_manager.filter(**{f"{shelf.key}__in": keys}):
        uses = tuple(dict.fromkeys(_uses(kind, shelf, row)))
        if uses:
            yield Kept(str(row), shelf.noun, uses)
        else:
            row.delete()


def _uses(kind: str, shelf: Shelf, row: Any) -> Iterable[str]:
    refs = [f"{kind}:{getattr(row, shelf.key)}"]
    refs += [f"service:{one.pk}" for one in row.services.all()] if kind == "calendar" else []
    for ref in refs:
        yield from (use.label for use in picks.uses(ref))
    yield from shelf.users(row)
