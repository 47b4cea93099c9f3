"""What a ready-made start refers to: found where it exists, else made in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents.calendars.forms import CalendarForm, ServiceRow
from agents.calendars.models import Calendar
from agents.calendars.services import save_calendar
from agents.core import picks
from agents.routing.forms import InboxForm, PersonForm
from agents.routing.models import Inbox, Person
from agents.routing.services import save_inbox, save_person

Config = dict[str, Any]
EXAMPLE = PersonForm(name="Ana Ruiz (example)", phone="+14155550111", extension="204")


@dataclass(frozen=True)
class Rows:
    """The library as a start uses it, and who fills it."""

    user: object = None

    def named(self, slug: str, name: str) -> str:
        """A tag, list or disposition of this name."""
        return picks.create(slug, name, self.user)

    def inbox(self) -> str:
        """The first inbox, with somebody in it."""
        row = Inbox.objects.order_by("pk").first()
        if row is None or not row.members.exists():
            form = InboxForm(name=row.name if row else "Support", members=[self.colleague()])
            row = save_inbox(form=form, row=row, user=self.user)
        return f"inbox:{row.pk}"

    def colleague(self) -> str:
        """The first person who can be reached; an example where there is nobody."""
        row = Person.objects.filter(available=True).exclude(extension="").order_by("pk").first()
        return f"person:{(row or save_person(form=EXAMPLE, user=self.user)).pk}"

    def calendar(self) -> Config:
        """The first calendar that has a service, and the service."""
        row = Calendar.objects.filter(services__isnull=False).order_by("pk").first()
        if row is None:
            services = [ServiceRow(name="Consultation", minutes=30)]
            form = CalendarForm(name="Appointments", services=services)
            row = save_calendar(form=form, user=self.user)
        service = row.services.order_by("position", "pk")[0]
        return {"calendar": f"calendar:{row.pk}", "service": f"service:{service.pk}"}

    def choices(self, slug: str, field: str, pairs: dict[str, str]) -> Config:
        """Rows of names, each with its condition."""
        rows = [
            {"id": str(n), slug: self.named(slug, name), "when": when}
            for n, (name, when) in enumerate(pairs.items(), 1)
        ]
        return {field: rows}


def capture(*keys: str) -> Config:
    """Built-in properties to be kept."""
    return {"fields": [{"id": key, "property": f"property:{key}"} for key in keys]}


def changes(*refs: str) -> Config:
    """Where a contact is put."""
    return {"changes": [{"id": str(n), "ref": ref} for n, ref in enumerate(refs, 1)]}


def after(uid: object, outcome: str) -> list[Config]:
    """Only once an action has ended so in this turn."""
    guard = {"kind": "ended_with", "ref": f"action:{uid}", "value": outcome, "scope": "turn"}
    return [{"id": "1", **guard}]


def asked(number: int, text: str, expected: str = "", key: str = "") -> Config:
    """One step of a sequence: a question, the answer it waits for, where that is kept."""
    kept = f"property:{key}" if key else ""
    said = [{"id": "1", "text": text}]
    return {"id": str(number), "messages": said, "expected": expected, "capture": kept}
