"""Writes to dispositions, tags, properties and sample contacts."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from django.db import models, transaction
from django.utils.text import slugify

from actions.variables import VARIABLES
from agents.contacts import services
from agents.contacts.forms import ContactForm, NameForm, PropertyForm
from agents.contacts.models import (
    Contact,
    ContactDisposition,
    ContactList,
    Disposition,
    Property,
    Tag,
)
from agents.core import picks
from agents.core.services import audit
from agents.routing.services import InUse, NameTaken, Refused

BUILT_IN = (
    ("first_name", "First name", Property.Kind.TEXT),
    ("last_name", "Last name", Property.Kind.TEXT),
    ("email", "E-mail", Property.Kind.EMAIL),
    ("phone", "Phone", Property.Kind.PHONE),
    ("address", "Address", Property.Kind.TEXT),
    ("account_number", "Account number", Property.Kind.TEXT),
    ("company", "Company", Property.Kind.TEXT),
)
Named = TypeVar("Named", Disposition, Tag, ContactDisposition, ContactList)
DISPOSITIONS = ("Quote", "Appointment", "Information", "Complaint", "Not interested", "No answer")
CONTACT_DISPOSITIONS = ("Lead", "Qualified", "Customer", "Not interested")
LISTS = ("New leads", "Newsletter")
TAGS = ("Urgent", "New customer", "Existing customer")
SAMPLES = (
    {
        "first_name": "Maria",
        "last_name": "Lopez",
        "phone": "+14155550142",
        "email": "maria@lopez.com",
        "address": "12 Pine Street, Oakland",
        "account_number": "48211",
        "company": "Lopez Plumbing",
    },
    {"phone": "+16285550177"},
    {"first_name": "Sam", "last_name": "Okafor", "phone": "+15105550119", "blocked": True},
)


class BuiltIn(ValueError):
    """A built-in property cannot be deleted."""


def _log(row: models.Model, verb: str, user: object) -> None:
    audit(
        actor=str(user or ""), verb=verb, kind=row._meta.model_name or "", object_id=row.pk,
        label=str(row),
    )  # fmt: skip


def _free(model: type[models.Model], name: str, pk: int | None) -> None:
    taken = model._default_manager.filter(name__iexact=name)
    if (taken.exclude(pk=pk) if pk else taken).exists():
        raise NameTaken(name)


@transaction.atomic
def save_named(
    model: type[Named], *, form: NameForm, row: Named | None = None, user: object = None
) -> Named:
    """Make or rename a row that is nothing but a name; raises NameTaken."""
    verb = "changed" if row else "created"
    _free(model, form.name, row.pk if row else None)
    row = row or model()
    row.name = form.name
    row.save()
    _log(row, verb, user)
    return row


save_disposition = partial(save_named, Disposition)
save_tag = partial(save_named, Tag)
save_contact_disposition = partial(save_named, ContactDisposition)
save_list = partial(save_named, ContactList)


@transaction.atomic
def save_property(
    *, form: PropertyForm, row: Property | None = None, user: object = None
) -> Property:
    """Make or change a property; the key is made once, and a built-in one keeps its kind."""
    verb = "changed" if row else "created"
    row = row or Property(key=_key(form.label))
    if form.label != row.label:
        _free_label(form.label, row.key)
    row.label = form.label
    if not row.builtin:
        row.kind = form.kind
        row.choices = [item.value for item in form.choices if item.value]
    row.save()
    _log(row, verb, user)
    return row


def _free_label(label: str, key: str) -> None:
    """Templates name a property by its label, so it stands for one thing."""
    if label in VARIABLES:
        raise Refused(f"{label} is already a variable.", ("label",))
    if Property.objects.filter(label__iexact=label).exclude(key=key).exists():
        raise Refused(f"There is already one named “{label}”.", ("label",))


def _key(label: str) -> str:
    """A key that no property has yet."""
    stem = slugify(label).replace("-", "_")[:50] or "property"
    key, n = stem, 2
    while Property.objects.filter(key=key).exists():
        key, n = f"{stem}_{n}", n + 1
    return key


@transaction.atomic
def save_sample(*, form: ContactForm, row: Contact | None = None, user: object = None) -> Contact:
    """Make or change a sample contact; nothing ever reaches it."""
    verb = "changed" if row else "created"
    row = row or Contact(sample=True)
    given = form.model_dump(exclude={"blocked"})
    others = {key: value for key, value in row.values.items() if key not in given}
    row.values = others | {key: value for key, value in given.items() if value}
    row.phone, row.email = form.phone, form.email
    row.save()
    if form.blocked and not row.blocked:
        services.set_dnc(contact=row, source="staff", words="Sample of a blocked contact")
    elif row.blocked and not form.blocked:
        services.lift_dnc(contact=row, user=user, reason="Sample contact")  # type: ignore[arg-type]
    _log(row, verb, user)
    return row


@transaction.atomic
def delete_entry(
    *,
    row: Disposition | Tag | ContactDisposition | ContactList | Property | Contact,
    ref: str,
    user: object = None,
) -> None:
    """Delete a row that nobody refers to; raises InUse or BuiltIn."""
    if isinstance(row, Property) and row.builtin:
        raise BuiltIn("A built-in property cannot be deleted.")
    if uses := picks.uses(ref):
        raise InUse(uses)
    if isinstance(row, Contact):
        row.dnc_entries.all().delete()
        row.consents.all().delete()
    _log(row, "deleted", user)
    row.delete()


@transaction.atomic
def ensure_basics() -> None:
    """The built-in properties; names to pick and sample contacts where there are none."""
    for position, (key, label, kind) in enumerate(BUILT_IN):
        Property.objects.get_or_create(
            key=key,
            defaults={"label": label, "kind": kind, "builtin": True, "position": position},
        )
    for model, names in (
        (Disposition, DISPOSITIONS),
        (Tag, TAGS),
        (ContactDisposition, CONTACT_DISPOSITIONS),
        (ContactList, LISTS),
    ):
        if not model.objects.exists():
            for name in names:
                model.objects.create(name=name)
    if not Contact.objects.filter(sample=True).exists():
        for sample in SAMPLES:
            save_sample(form=ContactForm.model_validate(sample))
