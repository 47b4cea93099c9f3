"""One line of time over everything that happened to a contact, and where each came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from agents.contacts.models import Contact, TimelineEntry
from agents.conversations.models import Conversation
from agents.conversations.pages import CHANNELS
from agents.conversations.sending import DeliveryView, delivery_views
from agents.demo.reading import invented
from agents.outbox.models import Delivery

LINES = 30
DELIVERY = "delivery"  # the entry of a delivery that left; its row in the outbox says more
CHANNEL_ICONS = {"voice": "phone", "sms": "smartphone", "chat": "message-square"}
ICONS = {
    "property": "pencil",
    "tags": "tag",
    "lists": "list",
    "disposition": "flag",
    "note": "notebook-pen",
    "dnc": "ban",
    "dnc_lifted": "shield-check",
    "opt_in": "shield-check",
    "consent": "check",
    "consent_ended": "circle-x",
    "disengaged": "pause",
    "re_engaged": "play",
    "booking": "calendar",
    "transfer": "phone-forward",
}
TONES = {"dnc": "bad", "disengaged": "warn", "dnc_lifted": "ok", "opt_in": "ok", "re_engaged": "ok"}
SHOWN = {
    "": "Everything",
    "talks": "Conversations",
    "deliveries": "Deliveries",
    "notes": "Notes",
    "reach": "DNC and outreach",
    "changes": "Changes",
    "bookings": "Appointments",
}
KINDS = {
    "notes": ("note",),
    "reach": (
        "dnc",
        "dnc_lifted",
        "opt_in",
        "disengaged",
        "re_engaged",
        "consent",
        "consent_ended",
    ),
    "changes": ("property", "tags", "lists", "disposition"),
    "bookings": ("booking",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The conversation that something came from."""

    id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened."""

    at: datetime
    icon: str
    text: str
    tone: str = ""
    old: str = ""
    new: str = ""
    label: str = ""
    why: str = ""
    by: str = ""
    source: Source | None = None
    talk: Conversation | None = None
    delivery: DeliveryView | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A stretch of it, newest first; `before` is where the next one begins."""

    lines: tuple[TimelineLine, ...]
    before: str = ""


def timeline(contact: Contact, shown: str = "", before: datetime | None = None) -> Timeline:
    """The newest lines of what is asked for, older than `before`."""
    parts: list[list[TimelineLine]] = []
    if shown in ("", *KINDS):
        parts.append(_entries(contact, shown, before))
    if shown in ("", "talks"):
        parts.append(_talks(contact, before))
    if shown in ("", "deliveries"):
        parts.append(_deliveries(contact, before))
    found = sorted((line for part in parts for line in part), key=lambda one: one.at, reverse=True)
    if len(found) <= LINES:
        return Timeline(tuple(found))
    # What happened at the same moment stays together: the next stretch begins before it.
    last = found[LINES - 1].at
    return Timeline(tuple(one for one in found if one.at >= last), last.isoformat())


def _entries(contact: Contact, shown: str, before: datetime | None) -> list[TimelineLine]:
    rows = contact.timeline.exclude(kind=DELIVERY)
    if shown:
        rows = rows.filter(kind__in=KINDS[shown])
    entries = list((rows.filter(at__lt=before) if before else rows)[: LINES + 1])
    known = sources(entry.conversation_id for entry in entries)
    return [line_of(entry, known) for entry in entries]


def _talks(contact: Contact, before: datetime | None) -> list[TimelineLine]:
    rows = talks_of(contact).select_related("agent", "version", "disposition")
    rows = rows.filter(started_at__lt=before) if before else rows
    return [
        TimelineLine(
            at=row.started_at,
            icon=CHANNEL_ICONS.get(row.channel, "message-circle"),
            text=f"{CHANNELS.get(row.channel, row.channel)} with {row.agent}",
            talk=row,
        )
        for row in rows.order_by("-started_at")[: LINES + 1]
    ]


def talks_of(contact: Contact) -> QuerySet[Conversation]:
    """A contact's conversations; a sample's are tests."""
    return Conversation.everything.filter(contact=contact, sandbox=_tests_only(contact))


def _tests_only(contact: Contact) -> bool:
    """A sample is there for tests, one of the demo business for its conversations."""
    return contact.sample and contact.pk not in invented().contacts


def _deliveries(contact: Contact, before: datetime | None) -> list[TimelineLine]:
    rows = Delivery.objects.filter(contact=contact, sandbox=_tests_only(contact))
    rows = rows.filter(created_at__lt=before) if before else rows
    views = delivery_views(rows.order_by("-created_at")[: LINES + 1])
    known = sources(view.conversation_id for view in views)
    return [
        TimelineLine(
            at=view.made_at,
            icon=view.icon,
            text=view.title,
            delivery=view,
            source=known.get(view.conversation_id) if view.conversation_id else None,
        )
        for view in views
    ]


def line_of(entry: TimelineEntry, known: Mapping[UUID, Source]) -> TimelineLine:
    """An entry in words, with who wrote it and why."""
    data = entry.data
    changed = entry.kind in ("property", "disposition")
    return TimelineLine(
        at=entry.at,
        icon=ICONS.get(entry.kind, "info"),
        text=entry.text,
        tone="" if data.get("still_blocked") else TONES.get(entry.kind, ""),
        label=str(data.get("label") or "Disposition") if changed else "",
        old=str(data.get("old") or "") if changed else "",
        new=str(data.get("new") or "") if changed else "",
        why=str(data.get("reason") or data.get("words") or ""),
        by=entry.actor,
        source=known.get(entry.conversation_id) if entry.conversation_id else None,
    )


def sources(ids: Iterable[UUID | None]) -> dict[UUID, Source]:
    """The conversations behind these ids, in one query."""
    wanted = set(_given(ids))
    if not wanted:
        return {}
    rows = Conversation.everything.filter(pk__in=wanted).select_related("agent")
    return {
        row.pk: Source(row.pk, f"{CHANNELS.get(row.channel, row.channel)} with {row.agent}")
        for row in rows
    }


def _given(ids: Iterable[UUID | None]) -> Iterator[UUID]:
    return (one for one in ids if one is not None)
