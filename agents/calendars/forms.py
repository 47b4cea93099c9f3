"""What people fill in about a calendar."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from actions.base import Row, Settings
from actions.fields import line, number, rows
from actions.hours import Hours
from agents.routing.forms import named

OFFICE = Hours(
    zone="America/New_York",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "9:00-17:00"),
)


class ServiceRow(Row):
    """Something that can be booked."""

    name: str = line("Service", placeholder="Consultation", max=120)
    minutes: int = number("Takes", 30, ge=5, le=720, unit="min")


class CalendarForm(Settings):
    """Opening hours, rules and services of one calendar."""

    name: str = line("Name", placeholder="Front desk", max=120)
    services: list[ServiceRow] = rows("Services", min=1, max=50, add="service")
    hours: Hours = Field(default=OFFICE, title="Working hours")
    step_minutes: int = number("Appointments start every", 30, ge=5, le=720, unit="min")
    buffer_minutes: int = number("Buffer between appointments", 0, ge=0, le=720, unit="min")
    notice_hours: int = number("Minimum notice", 2, ge=0, le=720, unit="hours")
    days_ahead: int = number("Book at most ahead", 30, ge=1, le=365, unit="days")

    _name = field_validator("name")(named)

    @model_validator(mode="after")
    def _services_are_told_apart(self) -> Self:
        names = [row.name.casefold() for row in self.services]
        if not all(names):
            raise ValueError("Give every service a name.")
        if len(set(names)) < len(names):
            raise ValueError("Two services have the same name.")
        return self
