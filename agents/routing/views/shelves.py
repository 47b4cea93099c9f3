"""The shelves of the library: for each kind of row its form, its writes, and what a list shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, QuerySet

from actions.base import Settings
from agents.calendars.forms import CalendarForm
from agents.calendars.models import Calendar
from agents.calendars.reading import has_hours
from agents.calendars.services import delete_calendar, save_calendar
from agents.contacts import directory
from agents.contacts.forms import ContactForm, NameForm, PropertyForm
from agents.contacts.models import (
    Contact,
    ContactDisposition,
    ContactList,
    Disposition,
    Property,
    Tag,
)
from agents.core.picks import split
from agents.core.text import counted
from agents.functions.forms import FunctionForm
from agents.functions.models import Function
from agents.functions.services import delete_function, save_function
from agents.routing import services
from agents.routing.forms import (
    ExternalNumberForm,
    InboxForm,
    LineForm,
    PersonForm,
    RingGroupForm,
)
from agents.routing.models import ExternalNumber, Inbox, Line, Person, RingGroup
from agents.routing.numbers import shown
from agents.sequences.forms import SequenceForm
from agents.sequences.models import Sequence
from agents.sequences.services import delete_sequence, save_sequence


@dataclass(frozen=True)
class Shelf:
    """One kind of row in the library. `kind` is its pick kind, empty for contacts."""

    slug: str
    label: str
    one: str
    icon: str
    about: str
    group: str
    rows: Callable[[], QuerySet[Any]]
    form: type[Settings]
    save: Callable[..., Any]
    delete: Callable[..., None]
    stored: Callable[[Any], dict[str, Any]]
    note: Callable[[Any], str]
    kind: str = ""
    key: str = "pk"
    hint: str = ""
    tests: str = ""
    """The template of a panel in which a saved row is tried."""

    def ref(self, row: Model) -> str:
        """How others refer to a row."""
        return f"{self.kind}:{getattr(row, self.key)}"

    def locked(self, row: Model) -> bool:
        """Whether a row cannot be deleted."""
        return bool(getattr(row, "builtin", False))


def _columns(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda row: {name: getattr(row, name) for name in names}


def _group(row: RingGroup) -> dict[str, Any]:
    members = [
        {"id": str(place.pk), "person": f"person:{place.person_id}"} for place in row.places.all()
    ]
    return {"name": row.name, "order": row.order, "members": members}


def _inbox(row: Inbox) -> dict[str, Any]:
    return {"name": row.name, "members": [f"person:{pk.pk}" for pk in row.members.all()]}


def _property(row: Property) -> dict[str, Any]:
    values = [{"id": str(n), "value": value} for n, value in enumerate(row.choices)]
    return {"label": row.label, "kind": row.kind, "choices": values}


def _calendar(row: Calendar) -> dict[str, Any]:
    services = [
        {"id": str(service.pk), "name": service.name, "minutes": service.minutes}
        for service in row.services.all()
    ]
    rules = {name: getattr(row, name) for name in CalendarForm.model_fields if name != "services"}
    return {**rules, "services": services}


def _sequence(row: Sequence) -> dict[str, Any]:
    steps = [
        {
            "id": str(step.pk),
            "wait": step.wait_hours // 24 if step.wait_hours % 24 == 0 else step.wait_hours,
            "unit": "days" if step.wait_hours % 24 == 0 else "hours",
            "how": step.how,
            "text": step.text,
            "agent": f"agent:{step.agent_uuid}" if step.agent_uuid else "",
        }
        for step in row.steps.all()
    ]
    return {**_columns("name", "stop_on_reply", "stop_on_booking")(row), "steps": steps}


def _sequence_note(row: Sequence) -> str:
    return ", ".join(str(step) for step in row.steps.all())


def _function(row: Function) -> dict[str, Any]:
    return dict(row.settings)


def _function_note(row: Function) -> str:
    where = row.url or "no address: it cannot be called"
    return f"{row.settings.get('method', '')} {where}".strip()


def _contact(row: Contact) -> dict[str, Any]:
    known = {name: row.values.get(name, "") for name in ContactForm.model_fields}
    return {**known, "phone": row.phone, "email": row.email, "blocked": row.blocked}


def _person_note(row: Person) -> str:
    parts = (
        f"ext. {row.extension}" if row.extension else "",
        shown(row.phone) if row.phone else "",
        row.email,
        "" if row.available else "not available",
    )
    return " · ".join(part for part in parts if part)


def _group_note(row: RingGroup) -> str:
    names = ", ".join(place.person.name for place in row.places.all()) or "no members yet"
    return f"{names} · {row.get_order_display().lower()}"


def _inbox_note(row: Inbox) -> str:
    return ", ".join(person.name for person in row.members.all()) or "no members yet"


def _number_note(row: ExternalNumber) -> str:
    return shown(row.number)


def _line_note(row: Line) -> str:
    return " · ".join(p for p in (shown(row.number), "Try it only" if row.practice else "") if p)


def _calendar_note(row: Calendar) -> str:
    services = ", ".join(f"{one.name} {one.minutes} min" for one in row.services.all())
    hours = row.week.zone if has_hours(row) else "no working hours: nothing can be booked"
    return " · ".join(part for part in (services, hours) if part)


def _contact_note(row: Contact) -> str:
    parts = (shown(row.phone) if row.phone else "", row.email, "DNC" if row.blocked else "")
    return " · ".join(part for part in parts if part)


def _property_note(row: Property) -> str:
    values = f": {', '.join(row.choices)}" if row.choices else ""
    return f"{row.get_kind_display()}{values}" + (" · built in" if row.builtin else "")


PEOPLE, CONTACTS, AUTOMATION, TESTING = (
    "People and routing",
    "Contacts and outcomes",
    "Automation",
    "Testing",
)
SHELVES = {
    shelf.slug: shelf
    for shelf in (
        Shelf("people", "People", "person", "user",
              "Colleagues a call can reach and agents can notify.", PEOPLE,
              Person.objects.all, PersonForm, services.save_person, services.delete_entry,
              _columns("name", "phone", "email", "extension", "notify", "available"),
              _person_note, "person"),
        Shelf("ring-groups", "Ring groups", "ring group", "users",
              "Several people who are rung together or one after another.", PEOPLE,
              lambda: RingGroup.objects.prefetch_related("places__person"), RingGroupForm,
              services.save_ring_group, services.delete_entry, _group, _group_note, "ring_group"),
        Shelf("inboxes", "Inboxes", "inbox", "inbox",
              "Where conversations wait for your staff, and who looks after them.", PEOPLE,
              lambda: Inbox.objects.prefetch_related("members"), InboxForm, services.save_inbox,
              services.delete_entry, _inbox, _inbox_note, "inbox"),
        Shelf("external-numbers", "External numbers", "external number", "phone-forward",
              "Numbers outside your company that calls and texts can go to.", PEOPLE,
              ExternalNumber.objects.all, ExternalNumberForm, services.save_external_number,
              services.delete_entry, _columns("name", "number"), _number_note, "external",
              "number"),
        Shelf("lines", "Lines", "line", "phone",
              "Your own numbers: agents answer, call and write from them.", PEOPLE,
              Line.objects.all, LineForm, services.save_line, services.delete_entry,
              _columns("name", "number", "practice"), _line_note, "line"),
        Shelf("dispositions", "Call dispositions", "call disposition", "clipboard-check",
              "How a call ended, for reports.", CONTACTS, Disposition.objects.all, NameForm,
              directory.save_disposition, directory.delete_entry, _columns("name"),
              lambda row: "", "disposition"),
        Shelf("tags", "Tags", "tag", "tag",
              "Labels of conversations and contacts, to find and count them.", CONTACTS,
              Tag.objects.all, NameForm, directory.save_tag, directory.delete_entry,
              _columns("name"), lambda row: "", "tag"),
        Shelf("contact-dispositions", "Contact dispositions", "contact disposition", "user-check",
              "The status of a contact.", CONTACTS, ContactDisposition.objects.all,
              NameForm, directory.save_contact_disposition, directory.delete_entry,
              _columns("name"), lambda row: "", "contact_disposition"),
        Shelf("lists", "Lists", "list", "list-checks",
              "Groups of contacts that agents add to and remove from.", CONTACTS,
              lambda: ContactList.objects.annotate(size=Count("contacts")), NameForm,
              directory.save_list, directory.delete_entry, _columns("name"),
              lambda row: counted(row.size, "contact"), "list"),
        Shelf("properties", "Properties", "property", "list",
              "What is kept about a contact; agents fill it in from what is said.", CONTACTS,
              Property.objects.all, PropertyForm, directory.save_property, directory.delete_entry,
              _property, _property_note, "property", "key"),
        Shelf("calendars", "Calendars", "calendar", "calendar",
              "Services and working hours in which agents book appointments.", AUTOMATION,
              lambda: Calendar.objects.prefetch_related("services"), CalendarForm, save_calendar,
              delete_calendar, _calendar, _calendar_note, "calendar"),
        Shelf("sequences", "Sequences", "sequence", "list-ordered",
              "Follow-up messages and calls that go out by themselves, step by step.", AUTOMATION,
              lambda: Sequence.objects.prefetch_related("steps"), SequenceForm, save_sequence,
              delete_sequence, _sequence, _sequence_note, "sequence"),
        Shelf("functions", "Functions", "function", "function-square",
              "Requests to your other systems that agents may make.", AUTOMATION,
              Function.objects.all, FunctionForm, save_function, delete_function, _function,
              _function_note, "function", tests="functions/parts/test.html"),
        Shelf("contacts", "Sample contacts", "sample contact", "book-user",
              "Contacts for Try it. Nothing is ever sent to them.", TESTING,
              lambda: Contact.objects.filter(sample=True).order_by("created_at"), ContactForm,
              directory.save_sample, directory.delete_entry, _contact, _contact_note),
    )
}  # fmt: skip


def shelf_of(kind: str) -> Shelf | None:
    """The shelf on which the rows of a pick kind stand."""
    return next((shelf for shelf in SHELVES.values() if shelf.kind == kind), None)


def row_of(ref: str) -> tuple[Shelf, Any] | None:
    """The row behind a reference, with its shelf."""
    slug, key = split(ref)
    shelf = shelf_of(slug)
    try:
        row = shelf.rows().filter(**{shelf.key: key}).first() if shelf else None
    except ValueError:
        row = None
    return (shelf, row) if shelf and row else None
