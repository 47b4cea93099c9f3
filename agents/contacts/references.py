"""The pick kinds of this room: dispositions, tags, properties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Model
from django.utils import formats, timezone

from agents.contacts import directory
from agents.contacts.forms import NameForm
from agents.contacts.models import ContactDisposition, ContactList, Disposition, Property, Tag
from agents.core.picks import CannotCreate, Option, PickKind, Within, register
from agents.core.text import counted, one_line
from agents.routing.references import named, row_labels


def _named(model: type[Model], slug: str) -> Callable[[Within], Iterable[Option]]:
    def options(within: Within) -> Iterable[Option]:
        for row in model._default_manager.all():
            yield Option(f"{slug}:{row.pk}", str(row))

    return options


def _creator(model: type[Model], save: Callable[..., Model]) -> Callable[[str, Any], str]:
    def create(text: str, user: Any) -> str:
        name = one_line(text, 80)
        if not name:
            raise CannotCreate("Enter a name.")
        return named(model, name) or str(save(form=NameForm(name=name), user=user).pk)

    return create


def _lists(within: Within) -> Iterable[Option]:
    for row in ContactList.objects.annotate(size=Count("contacts")):
        made = formats.date_format(timezone.localtime(row.created_at), "M j, Y")
        hint = f"{counted(row.size, 'contact')}, since {made}"
        yield Option(f"list:{row.pk}", row.name, hint)


def _properties(within: Within) -> Iterable[Option]:
    for row in Property.objects.all():
        yield Option(f"property:{row.key}", row.label, row.get_kind_display())


def _property_labels(keys: Sequence[str]) -> Mapping[str, str]:
    return dict(Property.objects.filter(key__in=list(keys)).values_list("key", "label"))


KINDS = (
    PickKind("disposition", "Disposition", "Dispositions", _named(Disposition, "disposition"),
             row_labels(Disposition), create=_creator(Disposition, directory.save_disposition),
             new="disposition"),
    PickKind("tag", "Tag", "Tags", _named(Tag, "tag"), row_labels(Tag),
             create=_creator(Tag, directory.save_tag), new="tag"),
    PickKind("contact_disposition", "Contact disposition", "Contact dispositions",
             _named(ContactDisposition, "contact_disposition"), row_labels(ContactDisposition),
             create=_creator(ContactDisposition, directory.save_contact_disposition),
             new="contact disposition"),
    PickKind("list", "List", "Lists", _lists, row_labels(ContactList),
             create=_creator(ContactList, directory.save_list), new="list"),
    PickKind("property", "Property", "Properties", _properties, _property_labels,
             by_form=True, new="property"),
)  # fmt: skip


def register_kinds() -> None:
    """Called at start-up."""
    for kind in KINDS:
        register(kind)
