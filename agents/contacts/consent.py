"""Consent to calls and messages: given, and withdrawn by any word that stops them.

The record of a permission has its channel, purpose, wording and time, and how it ended
(47 CFR 64.1200(a)(9)–(10)); an opt-out ends it, writing START gives that for service again.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agents.contacts.models import Consent, Contact, TimelineEntry


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission as it was given."""

    channel: str
    purpose: str
    source: str
    words: str
    proof: str = ""


@transaction.atomic
def give(
    *, contact: Contact, grant: Grant, actor: str = "", conversation_id: UUID | None = None
) -> bool:
    """Put a permission on record; False where the same is in force already."""
    Contact.objects.select_for_update().get(pk=contact.pk)
    values = {"channel": grant.channel, "purpose": grant.purpose}
    if contact.consents.filter(withdrawn_at=None, **values).exists():
        return False
    row = contact.consents.create(
        **values,
        source=grant.source,
        words=grant.words,
        proof=grant.proof,
        actor=actor,
        conversation_id=conversation_id,
    )
    _record(contact, "consent", f"Consent: {row}", grant.words, actor, conversation_id)
    return True


@transaction.atomic
def withdraw(
    *, contact: Contact, how: str, actor: str = "", conversation_id: UUID | None = None
) -> bool:
    """End every permission; False where none was in force."""
    rows = list(contact.consents.select_for_update().filter(withdrawn_at=None))
    if not rows:
        return False
    Consent.objects.filter(pk__in=[row.pk for row in rows]).update(
        withdrawn_at=timezone.now(), withdrawn_how=how, withdrawn_by=actor
    )
    ended = "; ".join(str(row) for row in rows)
    _record(contact, "consent_ended", f"Consent withdrawn: {ended}", how, actor, conversation_id)
    return True


def _record(
    contact: Contact, kind: str, text: str, words: str, actor: str, conversation_id: UUID | None
) -> None:
    TimelineEntry.objects.create(
        contact=contact, kind=kind, text=text, data={"words": words}, actor=actor,
        conversation_id=conversation_id,
    )  # fmt: skip
