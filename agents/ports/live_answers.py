"""The real side of what answers: our own calendars and functions, and the vendors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.base import ActionError
from actions.facts import Booked
from actions.ports import FunctionAnswer, Owner, Slot
from agents.conversations.situation import Situation
from agents.ports.answering import Summarise


@dataclass
class LiveAnswers:
    """Answers from our own rows; what is not connected says so."""

    summarise: Summarise | None = None

    def deal_owner(self, scene: Situation, pipeline: str) -> Owner:
        """HubSpot."""
        return Owner(gap="HubSpot is not connected")

    def call_function(self, scene: Situation, ref: str, values: dict[str, Any]) -> FunctionAnswer:
        """A request to the function's address."""
        raise ActionError("Custom functions are not connected.")

    def free_slots(
        self, scene: Situation, calendar: str, service: str, after: datetime, count: int
    ) -> list[Slot]:
        """The calendar's free times."""
        raise ActionError("Calendars are not connected.")

    def slot(
        self, scene: Situation, calendar: str, service: str, start: datetime, moving: str
    ) -> Slot:
        """The free time that begins then."""
        raise ActionError("Calendars are not connected.")

    def bookings(self, scene: Situation, calendar: str) -> list[Booked]:
        """The contact's appointments to come."""
        return []

    def time_label(self, calendar: str, start: datetime) -> str:
        """A time in the calendar's zone."""
        return f"{start:%a %d %b, %H:%M}"
