"""Who answers when a run asks: the real house and its vendors, or what Try it simulates."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol

from actions.facts import Booked
from actions.ports import FunctionAnswer, Owner, Slot
from agents.conversations.situation import Situation

Summarise = Callable[[str, str, str], Coroutine[Any, Any, str | None]]


class Answers(Protocol):
    """The answering side of one world. Called from the asking pool; never writes."""

    summarise: Summarise | None

    def deal_owner(self, conversation: Situation, pipeline: str) -> Owner:
        """Who owns the contact's newest open deal in the pipeline, else the contact."""

    def call_function(
        self, conversation: Situation, ref: str, values: dict[str, Any]
    ) -> FunctionAnswer:
        """What a custom function answers."""

    def free_slots(
        self, conversation: Situation, calendar: str, service: str, after: datetime, count: int
    ) -> list[Slot]:
        """The next free times."""

    def slot(
        self, conversation: Situation, calendar: str, service: str, start: datetime, moving: str
    ) -> Slot:
        """The free time that begins then; raises ActionError where there is none."""

    def bookings(self, conversation: Situation, calendar: str) -> list[Booked]:
        """The contact's appointments to come, the next one first."""

    def time_label(self, calendar: str, start: datetime) -> str:
        """A time as people read it, in the calendar's zone."""
