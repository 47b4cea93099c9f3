"""Makes what the demo business's agents refer to, out of the data files, and its contacts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from agents.calendars.forms import CalendarForm
from agents.calendars.models import Calendar
from agents.calendars.services import save_calendar
from agents.contacts import directory
from agents.contacts.consent import Grant, give
from agents.contacts.forms import NameForm, PropertyForm
from agents.contacts.models import (
    Contact,
    ContactDisposition,
    ContactList,
    Disposition,
    Property,
    Tag,
)
from agents.demo.models import DemoRow
from agents.demo.names import Names
from agents.functions.forms import FunctionForm
from agents.functions.models import Function
from agents.functions.services import save_function
from agents.routing.forms import InboxForm, PersonForm, RingGroupForm
from agents.routing.models import Inbox, Person, RingGroup
from agents.routing.services import save_inbox, save_person, save_ring_group
from agents.sequences.forms import SequenceForm
from agents.sequences.models import Sequence
from agents.sequences.services import save_sequence

DATA = Path(__file__).resolve().parent / "data"
BY = "Demo business"
PERMISSION = "Yes, Hartwell Heating may contact me about my heating."
Data = dict[str, Any]


def data_of(name: str) -> Data:
    """One of the data files."""
    read: Data = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return read


def own(kind: str, key: object) -> None:
    """Remember that the demo business made this row."""
    DemoRow.objects.get_or_create(kind=kind, key=str(key))


def _named(model: type[Any], save: Callable[..., Model]) -> Callable[[str, Data], Any]:
    """A row that is nothing but a name; one that is there already is used and stays."""

    def make(kind: str, data: Data) -> Any:
        name = data["name"]
        if row := model.objects.filter(name__iexact=name).first():
            return row
        made = save(form=NameForm(name=name), user=BY)
        own(kind, made.pk)
        return made

    return make


def _saved(form: type[Any], model: type[Any], save: Callable[..., Model]) -> Callable[..., Any]:
    """A row with a form of its own; where its name is taken it gets another one."""

    def make(kind: str, data: Data) -> Any:
        name, tries = data["name"], 1
        while model.objects.filter(name__iexact=name).exists():
            tries += 1
            name = f"{data['name']} {tries}"
        made = save(form=form.model_validate({**data, "name": name}))
        own(kind, made.pk)
        return made

    return make


def _person(kind: str, data: Data) -> Person:
    """Where the extension is taken the person has none."""
    extension = data.get("extension", "")
    if extension and Person.objects.filter(extension=extension).exists():
        data = {**data, "extension": ""}
    made = save_person(form=PersonForm.model_validate(data), user=BY)
    own(kind, made.pk)
    return made


def _property(kind: str, data: Data) -> Property:
    if row := Property.objects.filter(label__iexact=data["label"]).first():
        return row
    choices = [{"id": str(n), "value": each} for n, each in enumerate(data.get("choices", ()), 1)]
    form = PropertyForm.model_validate({**data, "choices": choices})
    made = directory.save_property(form=form, user=BY)
    own(kind, made.key)
    return made


MAKERS: dict[str, Callable[[str, Data], Any]] = {
    "person": _person,
    "ring_group": _saved(RingGroupForm, RingGroup, save_ring_group),
    "inbox": _saved(InboxForm, Inbox, save_inbox),
    "tag": _named(Tag, directory.save_tag),
    "list": _named(ContactList, directory.save_list),
    "disposition": _named(Disposition, directory.save_disposition),
    "contact_disposition": _named(ContactDisposition, directory.save_contact_disposition),
    "property": _property,
    "function": _saved(FunctionForm, Function, save_function),
    "calendar": _saved(CalendarForm, Calendar, save_calendar),
    "sequence": _saved(SequenceForm, Sequence, save_sequence),
}


@transaction.atomic
def make_library(names: Names) -> None:
    """Everything but the sequences, which name the agents."""
    data = data_of("library")
    for kind in MAKERS:
        if kind != "sequence":
            _shelf(kind, data[kind], names)


@transaction.atomic
def make_sequences(names: Names) -> None:
    """Follow-ups; their steps name the agents."""
    _shelf("sequence", data_of("library")["sequence"], names)


def _shelf(kind: str, entries: Data, names: Names) -> None:
    for name, entry in entries.items():
        data = _refer(kind, {"name": entry} if isinstance(entry, str) else entry)
        row = MAKERS[kind](kind, names.resolve(data))
        names.put(f"{kind}:{name}", f"{kind}:{row.key if kind == 'property' else row.pk}")
        for service in row.services.all() if isinstance(row, Calendar) else ():
            names.put(f"service:{service.name}", f"service:{service.pk}")


def _refer(kind: str, data: Data) -> Data:
    """Members and agents are named without their kind in the data files."""
    if kind == "ring_group":
        return data | {"members": [{"person": f"@person:{one}"} for one in data["members"]]}
    if kind == "inbox":
        return data | {"members": [f"@person:{one}" for one in data["members"]]}
    if kind == "sequence":
        steps = [
            one | {"agent": f"@agent:{one['agent']}"} if "agent" in one else one
            for one in data["steps"]
        ]
        return data | {"steps": steps}
    return data


@transaction.atomic
def make_contacts(names: Names) -> None:
    """All contacts; they are samples, so nothing ever reaches them."""
    made = {}
    for name, entry in data_of("contacts").items():
        values = {names.key(f"property:{key}") if f"@property:{key}" in names.refs else key: value
                  for key, value in entry["values"].items()}  # fmt: skip
        row = Contact(
            values=values, phone=values["phone"], email=values.get("email", ""), sample=True,
            disposition_id=int(names.key(f"contact_disposition:{entry['disposition']}")),
        )  # fmt: skip
        made[name] = row
        names.put(f"contact:{name}", f"contact:{row.pk}")
    Contact.objects.bulk_create(made.values())
    DemoRow.objects.bulk_create(DemoRow(kind="contact", key=str(row.pk)) for row in made.values())
    _label(Contact.tags.through, "tag", "tags", names)
    _label(Contact.lists.through, "list", "lists", names)
    for name, entry in data_of("contacts").items():
        for channel in entry.get("consent", ()):
            grant = Grant(channel, "service", "written", PERMISSION, "Service agreement")
            give(contact=made[name], grant=grant, actor=BY)


def _label(through: Any, kind: str, field: str, names: Names) -> None:
    column = {"tag": "tag_id", "list": "contactlist_id"}[kind]
    through.objects.bulk_create(_labels(through, column, kind, field, names))


def _labels(through: Any, column: str, kind: str, field: str, names: Names) -> Iterable[Any]:
    for name, entry in data_of("contacts").items():
        for label in entry[field]:
            key = int(names.key(f"{kind}:{label}"))
            yield through(contact_id=names.key(f"contact:{name}"), **{column: key})
