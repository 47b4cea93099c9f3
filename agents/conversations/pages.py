"""What the screens need besides the turns: what surrounds one conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agents.contacts.models import Disposition, Property, Tag
from agents.contacts.services import snapshot
from agents.conversations.models import Conversation

CHANNELS = {"voice": "Call", "sms": "SMS", "chat": "Chat"}


def as_uuid(text: str) -> str:
    """The text where it is a UUID, else nothing."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


# --- around one conversation -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the contact; `new`: this conversation wrote it."""

    label: str
    value: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class ContactView:
    """The contact as the conversation left it."""

    name: str
    facts: tuple[Fact, ...]
    tags: tuple[str, ...]
    blocked: bool
    disengaged: bool
    known: bool


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What came of the conversation."""

    words: str
    disposition: str
    tags: tuple[str, ...]
    notes: tuple[str, ...]


def get_conversation(pk: UUID) -> Conversation | None:
    """With its agent, version and contact in one query; tests included."""
    rows = Conversation.everything.select_related("agent", "version", "contact", "disposition")
    return rows.filter(pk=pk).first()


def contact_view(conversation: Conversation) -> ContactView:
    """Facts from the conversation's own snapshot in the sandbox, else from the contact."""
    contact = conversation.contact
    before = snapshot(contact=contact, agent_uuid=conversation.agent.uuid) if contact else {}
    world = conversation.world.get("contact") if conversation.sandbox else None
    now: dict[str, Any] = world or before
    return ContactView(
        name=_name(now) or (str(contact) if contact else "Unknown contact"),
        facts=_facts(now.get("values", {}), before.get("values", {})),
        tags=_labels(conversation, now.get("tags", ())),
        blocked=bool(now.get("dnc")),
        disengaged=bool(now.get("disengaged")),
        known=contact is not None,
    )


def _name(facts: dict[str, Any]) -> str:
    values = facts.get("values", {})
    return " ".join(str(values[k]) for k in ("first_name", "last_name") if values.get(k))


def _facts(values: dict[str, Any], before: dict[str, Any]) -> tuple[Fact, ...]:
    """Known properties in their own order, then what no property describes any more."""
    labels = dict(Property.objects.values_list("key", "label"))
    keys = [key for key in labels if key in values] + [key for key in values if key not in labels]
    return tuple(
        Fact(
            labels.get(key) or key.replace("_", " ").capitalize(),
            str(values[key]),
            before.get(key) != values[key],
        )
        for key in keys
        if values[key] not in (None, "")
    )


def outcome_view(conversation: Conversation) -> OutcomeView:
    """Disposition, tags and notes, from the snapshot or from the rows."""
    if not conversation.sandbox:
        disposition = str(conversation.disposition or "")
        tags = tuple(tag.name for tag in conversation.tags.all())
        return OutcomeView(conversation.outcome, disposition, tags, ())
    world = conversation.world
    found = _labels(conversation, filter(None, [world.get("disposition", "")]))
    return OutcomeView(
        words=conversation.outcome,
        disposition=found[0] if found else "",
        tags=_labels(conversation, world.get("tags", ())),
        notes=tuple(str(note) for note in world.get("notes", ())),
    )


def _labels(conversation: Conversation, refs: Iterable[str]) -> tuple[str, ...]:
    """References as people read them: the version's names, else the rows of today."""
    wanted = [str(ref) for ref in refs]
    names: dict[str, str] = dict(conversation.version.content.get("names", {}))
    for kind, model in (("tag", Tag), ("disposition", Disposition)):
        keys = [ref.partition(":")[2] for ref in wanted if ref.startswith(f"{kind}:")]
        missing = [key for key in keys if key.isdigit() and f"{kind}:{key}" not in names]
        if missing:
            rows = model._default_manager.filter(pk__in=missing)
            names |= {f"{kind}:{row.pk}": str(row) for row in rows}
    return tuple(names.get(ref, "missing") for ref in wanted)
