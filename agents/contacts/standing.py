"""Where a contact stands and what it belongs to: disposition, tags, lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from agents.contacts.models import Contact, ContactDisposition, ContactList, Tag
from agents.contacts.services import locked, record

Labels = TypeVar("Labels", Tag, ContactList)


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
def change_contact_tags(
    *,
    contact: Contact,
    refs: Sequence[str],
    remove: bool = False,
    conversation_id: UUID | None = None,
    actor: str = "",
) -> list[str]:
    """Label the contact (`tag:12`), or take labels off; the names of those that changed."""
    row = locked(contact)
    changed = _others(Tag, row, refs, had=remove)
    if changed:
        (row.tags.remove if remove else row.tags.add)(*changed)
        record(
            contact_id=row.pk,
            kind="tags",
            text=f"{'Tags removed' if remove else 'Tags'}: {_names(changed)}",
            data={"refs": [f"tag:{one.pk}" for one in changed], "removed": remove},
            conversation_id=conversation_id,
            actor=actor,
        )
    return [str(one) for one in changed]


@transaction.atomic
def change_lists(
    *,
    contact: Contact,
    refs: Sequence[str],
    remove: bool = False,
    conversation_id: UUID | None = None,
    actor: str = "",
) -> list[str]:
    """Let the contact join lists (`list:3`), or leave them; the names of those that changed."""
    row = locked(contact)
    changed = _others(ContactList, row, refs, had=remove)
    if changed:
        (row.lists.remove if remove else row.lists.add)(*changed)
        record(
            contact_id=row.pk,
            kind="lists",
            text=f"{'Left' if remove else 'Joined'} {_names(changed)}",
            data={"refs": [f"list:{one.pk}" for one in changed], "removed": remove},
            conversation_id=conversation_id,
            actor=actor,
        )
    return [str(one) for one in changed]


def _others(model: type[Labels], row: Contact, refs: Sequence[str], *, had: bool) -> list[Labels]:
    """Of the rows that are named, those that the contact has, or those that it lacks."""
    named = model._default_manager.filter(pk__in=[int(ref.partition(":")[2]) for ref in refs])
    return list(named.filter(contacts=row) if had else named.exclude(contacts=row))


def _names(rows: Sequence[Model]) -> str:
    return ", ".join(str(row) for row in rows)


@transaction.atomic
def replace_labels(
    *,
    contact: Contact,
    kind: Literal["tag", "list"],
    had: Sequence[str],
    wanted: Sequence[str],
    actor: str,
) -> None:
    """What a person left and what they added, seen from what was shown to them."""
    change = change_contact_tags if kind == "tag" else change_lists
    before, after = set(had), set(wanted)
    change(contact=contact, refs=sorted(after - before), actor=actor)
    change(contact=contact, refs=sorted(before - after), remove=True, actor=actor)
