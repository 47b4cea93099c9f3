"""What a run may ask, the same in both worlds: our own rows here, the rest by `Answers`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.base import ActionError, Names
from actions.facts import Booked
from actions.ports import FunctionAnswer, Owner, PropertyInfo, Slot
from actions.zones import elsewhere
from agents.contacts.models import Property
from agents.conversations.situation import Situation
from agents.core import picks
from agents.ports.answering import Answers
from agents.routing.services import person_at, way_to_tell
from agents.sequences.reading import first_step

NOTE = "summarize_note"


def existing(names: Names, ref: str) -> str:
    """The label of a reference that still leads somewhere."""
    label = names.get(ref)
    if not label or not picks.exists(ref):
        raise ActionError(
            f"“{label or ref}” was deleted.",
            to_model="That is not available any more.",
        )
    return label


@dataclass
class Asking:
    """What every port of a run knows."""

    conversation: Situation
    names: Names
    answers: Answers


class CrmAdapter(Asking):
    """The customer system."""

    def deal_owner(self, pipeline: str) -> Owner:
        """Ask the customer system."""
        return self.answers.deal_owner(self.conversation, pipeline)


class PeopleAdapter(Asking):
    """Colleagues, groups and inboxes."""

    def exists(self, ref: str) -> bool:
        """Whether the reference still leads somewhere."""
        return bool(self.names.get(ref)) and picks.exists(ref)

    def at_extension(self, digits: str) -> str:
        """The person who has this extension."""
        return person_at(extension=digits)

    def label(self, ref: str) -> str:
        """The name as it is now."""
        return picks.labels([ref]).get(ref, "")

    def way_to_tell(self, ref: str) -> tuple[str, str]:
        """As the person chose, where the address for it is known."""
        return way_to_tell(ref=ref)


class CalendarAdapter(Asking):
    """Appointments of this contact."""

    def free(
        self, calendar: str, service: str, *, after: datetime | None = None, count: int = 3
    ) -> list[Slot]:
        """The next free times."""
        conversation = self.conversation
        since = max(after or conversation.now(), conversation.now())
        return self.answers.free_slots(conversation, calendar, service, since, count)

    def slot(self, calendar: str, service: str, start: datetime, *, moving: str = "") -> Slot:
        """The free time that begins then."""
        return self.answers.slot(self.conversation, calendar, service, start, moving)

    def current(self, calendar: str) -> Booked | None:
        """The contact's next appointment there."""
        return next(iter(self.answers.bookings(self.conversation, calendar)), None)

    def label(self, booked: Booked) -> str:
        """An appointment's time, as people read it."""
        there = elsewhere(booked.start, self.conversation.facts.contact.time_zone)
        return f"{self.answers.time_label(booked.calendar, booked.start)}{there}"


class FunctionsAdapter(Asking):
    """Custom functions of the library."""

    def call(self, ref: str, values: dict[str, Any]) -> FunctionAnswer:
        """Send the request and wait for the answer."""
        existing(self.names, ref)
        return self.answers.call_function(self.conversation, ref, values)


class DirectoryAdapter(Asking):
    """Look-ups of the house."""

    def property(self, ref: str) -> PropertyInfo | None:
        """The property behind a reference."""
        row = Property.objects.filter(key=ref.partition(":")[2]).first()
        if row is None:
            return None
        return PropertyInfo(row.key, row.label, row.kind, tuple(row.choices))

    def note_prompt(self) -> str:
        """The prompt of the panel's note action."""
        for action in self.conversation.content.actions:
            if action.enabled and action.type == NOTE and (text := action.config.get("prompt")):
                return str(text)
        return ""

    def analysis_on(self) -> bool:
        """Whether call analysis is on for this agent."""
        return bool(self.conversation.content.settings.analysis)

    def first_step(self, ref: str) -> str:
        """What a sequence begins with and when."""
        return first_step(ref)


@dataclass
class WritingAdapter(Asking):
    """A model asked to write; called from the asking pool, never from the loop."""

    loop: asyncio.AbstractEventLoop | None

    def begin(self, prompt: str, *, transcript: str, language: str) -> None:
        """Ask at once; called from the loop."""
        ahead, ask = self.conversation.ahead, self.answers.summarise
        if ask is not None and (wanted := (prompt, transcript, language)) not in ahead:
            ahead[wanted] = asyncio.ensure_future(ask(*wanted))

    def summarise(
        self, prompt: str, *, transcript: str, language: str, seconds: float
    ) -> str | None:
        """A summary; None where no model is there or the time is over."""
        loop, ask = self.loop, self.answers.summarise
        if ask is None or loop is None:
            return None
        wanted = (prompt, transcript, language)
        begun = self.conversation.ahead.get(wanted)
        answer = _outcome_of(begun) if begun else ask(*wanted)
        future = asyncio.run_coroutine_threadsafe(answer, loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            return None


async def _outcome_of(begun: asyncio.Future[str | None]) -> str | None:
    return await asyncio.shield(begun)
