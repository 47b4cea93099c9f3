"""A calendar with hours and two services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from agents.calendars.forms import CalendarForm
from agents.calendars.models import Calendar
from agents.calendars.services import save_calendar
from agents.contacts.models import Contact

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # Monday, 7:00 in New York
Make = Callable[..., Calendar]


@pytest.fixture
def make(db: None) -> Make:
    """A calendar by its settings."""

    def made(name: str = "Front desk", **values: Any) -> Calendar:
        services = [
            {"name": "Consultation", "minutes": 30},
            {"name": "Inspection", "minutes": 90},
        ]
        form = CalendarForm.model_validate({"name": name, "services": services, **values})
        return save_calendar(form=form)

    return made


@pytest.fixture
def desk(make: Make) -> Calendar:
    """Monday to Friday, 9 to 5 in New York."""
    return make()


@pytest.fixture
def maria(db: None) -> Contact:
    """A contact."""
    phone = "+14155550142"
    return Contact.objects.create(values={"first_name": "Maria", "phone": phone}, phone=phone)


def refs(calendar: Calendar, service: int = 0) -> dict[str, str]:
    """How a calendar and one of its services are referred to."""
    row = calendar.services.all()[service]
    return {"calendar": f"calendar:{calendar.pk}", "service": f"service:{row.pk}"}
