"""Every write to a contact, each with its line on the timeline; and the contact as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from actions.facts import ContactFacts
from agents.contacts import consent
from agents.contacts.hooks import outreach_ended
from agents.contacts.models import (
    Contact,
    Disengagement,
    DncEntry,
    Property,
    TimelineEntry,
)
from agents.core.models import User
from agents.core.services import audit

DncSource = Literal["words", "keyword", "staff", "action"]
KEYWORD: DncSource = "keyword"
COLUMNS = frozenset({"phone", "email"})  # properties that are searched for: they have a column too


@transaction.atomic
def record(
    *,
    contact_id: UUID,
    kind: str,
    text: str,
    data: dict[str, Any] | None = None,
    conversation_id: UUID | None = None,
    actor: str = "",
) -> TimelineEntry:
    """Put one entry on the contact's timeline."""
    return TimelineEntry.objects.create(
        contact_id=contact_id,
        kind=kind,
        text=text,
        data=data or {},
        conversation_id=conversation_id,
        actor=actor,
    )


def locked(contact: Contact) -> Contact:
    """The row as it is now, kept from others until the transaction ends."""
    return Contact.objects.select_for_update().get(pk=contact.pk)


def property_label(key: str) -> str:
    """How staff know a property."""
    label = Property.objects.filter(key=key).values_list("label", flat=True).first()
    return label or key.replace("_", " ").capitalize()


@transaction.atomic
def set_property(
    *,
    contact: Contact,
    key: str,
    value: str,
    conversation_id: UUID | None = None,
    actor: str = "",
) -> str:
    """Save one property and return the old value, which stays in the timeline."""
    row = locked(contact)
    old = _value(row, key)
    row.values[key] = value
    fields = ["values"]
    if key in COLUMNS:
        setattr(row, key, value)
        fields.append(key)
    row.save(update_fields=fields)
    for field in fields:
        setattr(contact, field, getattr(row, field))
    if old != value:
        label = property_label(key)
        record(
            contact_id=row.pk,
            kind="property",
            text=f"{label}: {value}",
            data={"key": key, "label": label, "old": old, "new": value},
            conversation_id=conversation_id,
            actor=actor,
        )
    return old


def _value(contact: Contact, key: str) -> str:
    """As text, empty where unknown; a column fills in where the values lack it."""
    value = contact.values.get(key)
    if value in (None, "") and key in COLUMNS:
        value = getattr(contact, key)
    return "" if value is None else str(value)


@transaction.atomic
def set_dnc(
    *,
    contact: Contact,
    source: DncSource,
    words: str,
    conversation_id: UUID | None = None,
    actor: str = "",
) -> bool:
    """Block every future message and call; False where that was on record already.

    The contact's row is written first: the claim of a delivery writes the same row, so no claim
    commits after the block.
    """
    rows = Contact.objects.filter(pk=contact.pk)
    stood = rows.filter(blocked=True).exists()
    rows.update(blocked=True, outbound_seq=F("outbound_seq") + 1)
    contact.blocked = True
    outreach_ended(contact.pk, None)
    consent.withdraw(contact=contact, how=words, actor=actor, conversation_id=conversation_id)
    # A block without a record is a person's to lift: a keyword does not take its place.
    unrecorded = stood and source == KEYWORD and not _open_entries(contact)
    if unrecorded or _on_record(contact, source):
        return False
    DncEntry.objects.create(
        contact=contact, source=source, words=words, conversation_id=conversation_id
    )
    record(
        contact_id=contact.pk,
        kind="dnc",
        text="Do not call, do not write",
        data={"source": source, "words": words},
        conversation_id=conversation_id,
        actor=actor,
    )
    _audit_block(contact, actor=actor or source, blocked=True, reason=words)
    return True


def _audit_block(contact: Contact, *, actor: str, blocked: bool, reason: str) -> None:
    audit(
        actor=actor,
        verb="set DNC" if blocked else "lifted DNC",
        kind="contact",
        object_id=contact.pk,
        label=str(contact),
        after={"blocked": blocked},
        reason=reason,
    )


def _open_entries(contact: Contact) -> set[str]:
    entries = DncEntry.objects.filter(contact=contact, lifted_at=None)
    return set(entries.values_list("source", flat=True))


def block_source(*, contact: Contact) -> str:
    """What set the block that holds now: what only a person lifts comes before a keyword."""
    if not contact.blocked:
        return ""
    entries = _open_entries(contact)
    return min(entries - {KEYWORD}, default=KEYWORD if entries else "")


def _on_record(contact: Contact, source: DncSource) -> bool:
    """A keyword's block may be lifted by a keyword, so anything stronger gets its own entry."""
    entries = _open_entries(contact)
    return bool(entries) if source == KEYWORD else bool(entries - {KEYWORD})


@transaction.atomic
def lift_dnc(*, contact: Contact, user: User, reason: str) -> bool:
    """A person lifts the block and says why; False where nothing was blocked."""
    reason = reason.strip()
    if not reason:
        raise ValueError("Say why the block is lifted.")
    row = locked(contact)
    entries = DncEntry.objects.filter(contact=row, lifted_at=None)
    lifted = entries.update(lifted_at=timezone.now(), lifted_by=user, lift_reason=reason)
    if not (lifted or row.blocked):
        return False
    Contact.objects.filter(pk=row.pk).update(blocked=False)
    contact.blocked = False
    record(
        contact_id=row.pk,
        kind="dnc_lifted",
        text="May be called and written to again",
        data={"reason": reason},
        actor=str(user),
    )
    _audit_block(row, actor=str(user), blocked=False, reason=reason)
    return True


@transaction.atomic
def opt_in(*, contact: Contact, word: str, conversation_id: UUID | None = None) -> bool:
    """START and its like lift what a keyword set, nothing else; whether messages may go again.

    Where a person or other words set a block as well, nothing of the record is lifted.
    """
    row = locked(contact)
    if not (row.blocked or row.sms_opted_out):
        return True
    blocked = row.blocked and block_source(contact=row) != KEYWORD
    if not blocked:
        entries = DncEntry.objects.filter(contact=row, lifted_at=None)
        entries.update(lifted_at=timezone.now(), lift_reason=word)
    Contact.objects.filter(pk=row.pk).update(blocked=blocked, sms_opted_out=False)
    contact.blocked, contact.sms_opted_out = blocked, False
    then = "the block stays until a person lifts it" if blocked else "may be written to again"
    record(
        contact_id=row.pk,
        kind="opt_in",
        text=f"Wrote {word}; {then}",
        data={"word": word, "still_blocked": blocked},
        conversation_id=conversation_id,
    )
    if not blocked:
        grant = consent.Grant("sms", "service", KEYWORD, word)
        consent.give(contact=row, grant=grant, conversation_id=conversation_id)
    if row.blocked and not blocked:
        _audit_block(row, actor=KEYWORD, blocked=False, reason=word)
    return not blocked


def add_note(
    *, contact: Contact, text: str, conversation_id: UUID | None = None, actor: str = ""
) -> TimelineEntry:
    """Write on the timeline."""
    return record(
        contact_id=contact.pk,
        kind="note",
        text=text,
        conversation_id=conversation_id,
        actor=actor,
    )


@transaction.atomic
def disengage(
    *,
    contact: Contact,
    agent_uuid: UUID | None,
    reason: str,
    stop_sequences: bool = True,
    conversation_id: UUID | None = None,
    actor: str = "",
) -> bool:
    """End outreach by an agent, or by all (None); False where that was on record already."""
    row = locked(contact)
    if stop_sequences:
        outreach_ended(row.pk, agent_uuid)
    if is_disengaged(contact=row, agent_uuid=agent_uuid):
        return False
    Disengagement.objects.create(
        contact=row, agent_uuid=agent_uuid, reason=reason, conversation_id=conversation_id
    )
    if agent_uuid is None:
        Contact.objects.filter(pk=row.pk).update(disengaged=True)
        contact.disengaged = True
    record(
        contact_id=row.pk,
        kind="disengaged",
        text=f"No outreach by {'this agent' if agent_uuid else 'any agent'}",
        data={"reason": reason, "agent": str(agent_uuid or "")},
        conversation_id=conversation_id,
        actor=actor,
    )
    audit(
        actor=actor, verb="disengaged", kind="contact", object_id=row.pk, label=str(row),
        after={"agent": str(agent_uuid or "")}, reason=reason,
    )  # fmt: skip
    return True


@transaction.atomic
def re_engage(*, contact: Contact, user: User, reason: str) -> bool:
    """A person allows outreach again and says why; False where nothing stood against it."""
    reason = reason.strip()
    if not reason:
        raise ValueError("Say why outreach may resume.")
    row = locked(contact)
    ended = Disengagement.objects.filter(contact=row, lifted_at=None)
    lifted = ended.update(lifted_at=timezone.now(), lifted_by=str(user))
    if not (lifted or row.disengaged):
        return False
    Contact.objects.filter(pk=row.pk).update(disengaged=False)
    contact.disengaged = False
    record(
        contact_id=row.pk,
        kind="re_engaged",
        text="Outreach resumed",
        data={"reason": reason},
        actor=str(user),
    )
    audit(
        actor=str(user), verb="re-engaged", kind="contact", object_id=row.pk, label=str(row),
        reason=reason,
    )  # fmt: skip
    return True


def is_disengaged(*, contact: Contact, agent_uuid: UUID | None) -> bool:
    """Whether this agent may no longer write or call of its own accord."""
    if contact.disengaged:
        return True
    by_all_or_it = Q(agent_uuid=None) | Q(agent_uuid=agent_uuid)
    ended = Disengagement.objects.filter(by_all_or_it, contact=contact, lifted_at=None)
    return ended.exists()


def snapshot(*, contact: Contact, agent_uuid: UUID | None = None) -> dict[str, Any]:
    """The contact as JSON, as this agent sees it: what a sandbox conversation carries."""
    values = {key: _value(contact, key) for key in {*contact.values, *COLUMNS}}
    tags = contact.tags.order_by("pk").values_list("pk", flat=True)
    lists = contact.lists.order_by("pk").values_list("pk", flat=True)
    status = contact.disposition_id
    facts = asdict(
        ContactFacts(
            id=str(contact.pk),
            values={key: value for key, value in sorted(values.items()) if value},
            dnc=contact.blocked,
            dnc_source=block_source(contact=contact),
            sms_opted_out=contact.sms_opted_out,
            disengaged=is_disengaged(contact=contact, agent_uuid=agent_uuid),
            status=f"contact_disposition:{status}" if status else "",
            time_zone=contact.time_zone,
        )
    )
    return facts | {
        "tags": [f"tag:{pk}" for pk in tags],
        "lists": [f"list:{pk}" for pk in lists],
        "sequences": [],
    }


def _chosen(zone: str) -> str:
    """A zone of a snapshot; UTC stood in earlier ones where none was known."""
    return "" if zone == "UTC" else zone


def facts_of(snapshot: Mapping[str, Any]) -> ContactFacts:
    """The facts that a snapshot holds."""
    return ContactFacts(
        id=snapshot["id"],
        values=dict(snapshot["values"]),
        tags=set(snapshot["tags"]),
        lists=set(snapshot["lists"]),
        sequences=set(snapshot.get("sequences", ())),
        status=snapshot.get("status", ""),
        dnc=snapshot["dnc"],
        dnc_source=snapshot.get("dnc_source", ""),
        sms_opted_out=snapshot["sms_opted_out"],
        disengaged=snapshot["disengaged"],
        time_zone=_chosen(snapshot["time_zone"]),
    )
