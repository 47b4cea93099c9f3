"""Writes to people, ring groups, inboxes, external numbers and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import models, transaction

from agents.core import picks
from agents.core.services import audit
from agents.routing.forms import (
    ExternalNumberForm,
    InboxForm,
    LineForm,
    PersonForm,
    RingGroupForm,
)
from agents.routing.models import (
    ExternalNumber,
    GroupMember,
    Inbox,
    Line,
    Person,
    RingGroup,
)

Entry = TypeVar("Entry", Person, RingGroup, Inbox, ExternalNumber, Line)


class InUse(Exception):
    """Something is still referred to; `uses` says by whom."""

    def __init__(self, uses: list[picks.Use]) -> None:
        super().__init__("It is in use.")
        self.uses = uses


class Refused(ValueError):
    """A row that cannot be saved like this: a sentence, and the field that it is about."""

    def __init__(self, sentence: str, loc: tuple[str | int, ...] = ()) -> None:
        super().__init__(sentence)
        self.loc = loc


class NameTaken(Refused):
    """Another row of the same kind has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already one named “{name}”.", ("name",))


def _free(model: type[RingGroup | Inbox], name: str, pk: int | None) -> None:
    taken = model._default_manager.filter(name__iexact=name)
    if (taken.exclude(pk=pk) if pk else taken).exists():
        raise NameTaken(name)


def _free_extension(extension: str, pk: int | None) -> None:
    taken = Person.objects.filter(extension=extension).exclude(extension="")
    if other := (taken.exclude(pk=pk) if pk else taken).first():
        raise Refused(f"Extension {extension} belongs to {other}.", ("extension",))


def _save(row: models.Model, verb: str, user: object) -> None:
    row.save()
    audit(
        actor=str(user or ""), verb=verb, kind=row._meta.model_name or "", object_id=row.pk,
        label=str(row),
    )  # fmt: skip


@transaction.atomic
def save_person(*, form: PersonForm, row: Person | None = None, user: object = None) -> Person:
    """Make or change a person."""
    verb = "changed" if row else "created"
    _free_extension(form.extension, row.pk if row else None)
    row = row or Person()
    for name, value in form.model_dump().items():
        setattr(row, name, value)
    _save(row, verb, user)
    return row


@transaction.atomic
def save_ring_group(
    *, form: RingGroupForm, row: RingGroup | None = None, user: object = None
) -> RingGroup:
    """Make or change a ring group; its members in the given order."""
    verb = "changed" if row else "created"
    _free(RingGroup, form.name, row.pk if row else None)
    row = row or RingGroup()
    row.name, row.order = form.name, form.order
    _save(row, verb, user)
    row.places.all().delete()
    keys = [picks.split(member.person)[1] for member in form.members]
    GroupMember.objects.bulk_create(
        GroupMember(group=row, person_id=pk, position=position)
        for position, pk in enumerate(_persons(keys))
    )
    return row


@transaction.atomic
def save_inbox(*, form: InboxForm, row: Inbox | None = None, user: object = None) -> Inbox:
    """Make or change an inbox."""
    verb = "changed" if row else "created"
    _free(Inbox, form.name, row.pk if row else None)
    row = row or Inbox()
    row.name = form.name
    _save(row, verb, user)
    row.members.set(_persons([picks.split(ref)[1] for ref in form.members]))
    return row


@transaction.atomic
def save_external_number(
    *, form: ExternalNumberForm, row: ExternalNumber | None = None, user: object = None
) -> ExternalNumber:
    """Make or change an external number; one that is in use keeps its digits."""
    verb = "changed" if row else "created"
    taken = ExternalNumber.objects.filter(number=form.number)
    if other := (taken.exclude(pk=row.pk) if row else taken).first():
        raise Refused(f"This is the number of “{other}”.", ("number",))
    if row and row.number != form.number and (uses := picks.uses(f"external:{row.number}")):
        where = ", ".join(dict.fromkeys(use.label for use in uses))
        raise Refused(f"{where} uses this number. Add the new one beside it.", ("number",))
    row = row or ExternalNumber()
    row.name, row.number = form.name, form.number
    _save(row, verb, user)
    return row


@transaction.atomic
def save_line(*, form: LineForm, row: Line | None = None, user: object = None) -> Line:
    """Make or change a line."""
    verb = "changed" if row else "created"
    row = row or Line()
    for name, value in form.model_dump().items():
        setattr(row, name, value)
    _save(row, verb, user)
    return row


@transaction.atomic
def delete_entry(*, row: Entry, ref: str, user: object = None) -> None:
    """Delete a row that nobody refers to; raises InUse."""
    if uses := picks.uses(ref):
        raise InUse(uses)
    audit(
        actor=str(user or ""), verb="deleted", kind=row._meta.model_name or "", object_id=row.pk,
        label=str(row),
    )  # fmt: skip
    row.delete()


@transaction.atomic
def ensure_basics() -> None:
    """A practice line, and an inbox where there is none."""
    if not Line.objects.filter(practice=True).exists():
        Line.objects.create(name="Practice line", number="+14155550100", practice=True)
    if not Inbox.objects.exists():
        Inbox.objects.create(name="Support")


def person_at(*, extension: str) -> str:
    """The reference of the person with this extension, empty where nobody has it."""
    pk = Person.objects.filter(extension=extension).values_list("pk", flat=True).first()
    return f"person:{pk}" if extension and pk else ""


def way_to_tell(*, ref: str) -> tuple[str, str]:
    """How a person is told, and the number or address for it; in AloAi where that is gone."""
    row = Person.objects.filter(pk__in=picks.by_pk([picks.split(ref)[1]])).first()
    known = {"email": row.email, "sms": row.phone} if row else {}
    to = known.get(row.notify, "") if row else ""
    return (row.notify, to) if row and to else ("app", "")


def _persons(keys: Sequence[str]) -> list[int]:
    """Primary keys of persons that exist, in the given order, each once."""
    wanted = list(dict.fromkeys(picks.by_pk(keys)))
    known = set(Person.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    return [pk for pk in wanted if pk in known]
