"""Where a contact stands and what it belongs to: disposition, tags, lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from django.db import transaction

from agents.contacts.models import Contact, ContactDisposition, ContactList, Tag
from agents.contacts.services import locked, record

LabelKind = Literal["tag", "list"]


class Label(NamedTuple):
    """What a contact may have several of, and how the timeline says so."""

    model: type[Tag | ContactList]
    field: str
    given: str
    taken: str


LABELS: dict[LabelKind, Label] = {
    "tag": Label(Tag, "tags", "Tags:", "Tags removed:"),
    "list": Label(ContactList, "lists", "Joined", "Left"),
}


@transaction.atomic
def set_contact_disposition(
    *, contact: Contact, ref: str, conversation_id: UUID | None = None, actor: str = ""
) -> None:
    """Say where the contact stands (`contact_disposition:3`, empty for nowhere)."""
    row = locked(contact)
    old, new = row.disposition_id, int(key) if (key := ref.partition(":")[2]) else None
    if old == new:
        return
    row.disposition_id = new
    row.save(update_fields=["disposition"])
    names: dict[int | None, str] = dict(ContactDisposition.objects.values_list("pk", "name"))
    record(
        contact_id=row.pk,
        kind="disposition",
        text=f"Disposition: {names.get(new, 'none')}",
        data={"old": names.get(old, ""), "new": names.get(new, "")},
        conversation_id=conversation_id,
        actor=actor,
    )


@transaction.atomic
def change_labels(
    *,
    contact: Contact,
    kind: LabelKind,
    refs: Sequence[str],
    remove: bool = False,
    conversation_id: UUID | None = None,
    actor: str = "",
) -> list[str]:
    """Give the contact tags or lists (`tag:12`), or take them away; the names that changed."""
    row, label = locked(contact), LABELS[kind]
    named = label.model._default_manager.filter(pk__in=[int(ref.partition(":")[2]) for ref in refs])
    changed = list(named.filter(contacts=row) if remove else named.exclude(contacts=row))
    names = [str(one) for one in changed]
    if changed:
        having = getattr(row, label.field)
        (having.remove if remove else having.add)(*changed)
        record(
            contact_id=row.pk,
            kind=label.field,
            text=f"{label.taken if remove else label.given} {', '.join(names)}",
            data={"refs": [f"{kind}:{one.pk}" for one in changed], "removed": remove},
            conversation_id=conversation_id,
            actor=actor,
        )
    return names


@transaction.atomic
def replace_labels(
    *,
    contact: Contact,
    kind: LabelKind,
    had: Sequence[str],
    wanted: Sequence[str],
    actor: str,
) -> None:
    """What a person left and what they added, seen from what was shown to them."""
    before, after = set(had), set(wanted)
    for refs, remove in ((after - before, False), (before - after, True)):
        change_labels(contact=contact, kind=kind, refs=sorted(refs), remove=remove, actor=actor)
