"""The hands of one run: writing ports that collect effects, asking ports that may wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from actions.base import ActionError, Audience, Moment
from actions.effects import (
    AddNote,
    AddTags,
    AssignInbox,
    Book,
    CancelBooking,
    Disengage,
    Enrol,
    ListContact,
    Send,
    SetContactDisposition,
    SetDisposition,
    SetDnc,
    SetProperty,
    TagContact,
)
from actions.facts import Booked
from actions.ports import FunctionAnswer, Owner, PropertyInfo, Slot
from actions.zones import elsewhere
from agents.contacts.models import Property
from agents.core import picks
from agents.routing.services import person_at, way_to_tell
from agents.sequences.reading import first_step

if TYPE_CHECKING:
    from agents.ports.context import RunContext

NOTE = "summarize_note"
NOTICES = {"app": ("notice", ""), "email": ("email", " by e-mail"), "sms": ("sms", " by SMS")}


@dataclass
class Adapter:
    """A port bound to one run."""

    run: RunContext


class ContactAdapter(Adapter):
    """The contact of this conversation, and no other."""

    def value(self, key: str) -> str:
        """A property's value; sees what this run has set."""
        for effect in reversed(self.run.effects):
            if isinstance(effect, SetProperty) and effect.key == key:
                return effect.value
        return self.run.facts.contact.values.get(key, "")

    def set_property(self, ref: str, value: str) -> None:
        """Collect a property's new value."""
        label = self.run.existing(ref)
        key = ref.partition(":")[2]
        self.run.effects.append(SetProperty(key, label, value, old=self.value(key)))

    def set_dnc(self, words: str) -> None:
        """Collect the block."""
        self.run.effects.append(SetDnc(words))

    def add_note(self, text: str, *, to_hubspot: bool = False) -> None:
        """Collect a note."""
        self.run.effects.append(AddNote(text, to_hubspot))

    def set_disposition(self, ref: str) -> None:
        """Collect where the contact stands."""
        self.run.effects.append(SetContactDisposition(ref, self.run.existing(ref)))

    def change_tags(self, refs: list[str], *, remove: bool = False) -> None:
        """Collect labels of the contact."""
        labels = tuple(self.run.existing(ref) for ref in refs)
        self.run.effects.append(TagContact(tuple(refs), labels, remove))

    def change_lists(self, refs: list[str], *, remove: bool = False) -> None:
        """Collect lists to join or to leave."""
        labels = tuple(self.run.existing(ref) for ref in refs)
        self.run.effects.append(ListContact(tuple(refs), labels, remove))

    def disengage(self, *, everyone: bool, stop_sequences: bool, reason: str) -> None:
        """Collect the end of outreach."""
        self.run.effects.append(Disengage(everyone, stop_sequences, reason))


class ConversationAdapter(Adapter):
    """The conversation itself."""

    def set_disposition(self, ref: str) -> None:
        """Collect the outcome."""
        self.run.effects.append(SetDisposition(ref, self.run.existing(ref)))

    def add_tags(self, refs: list[str]) -> None:
        """Collect labels."""
        labels = tuple(self.run.existing(ref) for ref in refs)
        self.run.effects.append(AddTags(tuple(refs), labels))

    def transcript(self, last: int | None = None) -> str:
        """What was said, with this turn's words."""
        said = self.run.situation.transcript(last)
        now = self.run.facts.message
        return f"{said}\nContact: {now}".strip() if now else said

    def assign(self, ref: str, *, note: str) -> None:
        """Collect an item for staff."""
        self.run.effects.append(AssignInbox(ref, self.run.existing(ref), note))


class MessagesAdapter(Adapter):
    """Messages that leave."""

    def send_sms(self, text: str, *, to: str = "", line: str = "", media: str = "") -> None:
        """Collect a message to the contact, or to a fixed number of the settings."""
        contact = self.run.facts.contact
        number = to or contact.values.get("phone", "")
        if not number:
            raise ActionError(
                "The contact has no phone number.",
                audience=Audience.CONTACT,
                to_model="Not sent: no phone number is known. Ask for it.",
            )
        purpose = "notification" if to else "outreach"
        if not to and self.run.facts.direction == "inbound" and self.run.moment != Moment.IDLE:
            purpose = "reply"  # nobody waits for an answer once the contact is silent
        title = f"SMS to {number}: {text[:60]}"
        payload = {"text": text, "line": line, "media": media, "to_contact": not to}
        self.run.effects.append(Send("sms", title, purpose, number, payload))

    def leave_voicemail(self, text: str, *, recording: str, after_beep: bool) -> None:
        """Collect what is said to the machine that has picked up."""
        number = self.run.facts.contact.values.get("phone", "")
        payload = {"text": text, "recording": recording, "after_beep": after_beep}
        title = f"Voicemail: {text[:60] or 'a recording'}"
        self.run.effects.append(Send("voicemail", title, "outreach", number, payload))


class CrmAdapter(Adapter):
    """The customer system."""

    def create_ticket(self, title: str, fields: dict[str, Any]) -> None:
        """Collect a ticket."""
        line = f"Ticket “{title}” to HubSpot"
        self.run.effects.append(
            Send("hubspot_ticket", line, "record", "", {"subject": title, **fields})
        )

    def deal_owner(self, pipeline: str) -> Owner:
        """Ask the customer system."""
        return self.run.answers.deal_owner(self.run.situation, pipeline)


class PeopleAdapter(Adapter):
    """Colleagues, groups and inboxes."""

    def exists(self, ref: str) -> bool:
        """Whether the reference still leads somewhere."""
        return bool(self.run.names.get(ref)) and picks.exists(ref)

    def at_extension(self, digits: str) -> str:
        """The person who has this extension."""
        return person_at(extension=digits)

    def label(self, ref: str) -> str:
        """The name as it is now."""
        return picks.labels([ref]).get(ref, "")

    def notify(self, ref: str, text: str) -> None:
        """Collect a notice to a colleague, in the way that person chose."""
        label = self.run.existing(ref)
        way, to = way_to_tell(ref=ref)
        title = f"Notice to {label}{NOTICES[way][1]}: {text[:60]}"
        payload = {"to": ref, "text": text, "to_contact": False}
        self.run.effects.append(Send(NOTICES[way][0], title, "notification", to, payload))


class SequencesAdapter(Adapter):
    """Follow-up workflows."""

    def enrol(self, ref: str, *, restart: bool) -> None:
        """Collect an enrolment."""
        self.run.effects.append(Enrol(ref, self.run.existing(ref), restart, first_step(ref)))


class CalendarAdapter(Adapter):
    """Appointments of this contact."""

    def free(
        self, calendar: str, service: str, *, after: datetime | None = None, count: int = 3
    ) -> list[Slot]:
        """The next free times."""
        conversation = self.run.situation
        since = max(after or conversation.now(), conversation.now())
        return self.run.answers.free_slots(conversation, calendar, service, since, count)

    def slot(self, calendar: str, service: str, start: datetime, *, moving: str = "") -> Slot:
        """The free time that begins then."""
        return self.run.answers.slot(self.run.situation, calendar, service, start, moving)

    def current(self, calendar: str) -> Booked | None:
        """The contact's next appointment there."""
        return next(iter(self.run.answers.bookings(self.run.situation, calendar)), None)

    def label(self, booked: Booked) -> str:
        """An appointment's time, as people read it."""
        there = elsewhere(booked.start, self.run.facts.contact.time_zone)
        return f"{self.run.answers.time_label(booked.calendar, booked.start)}{there}"

    def book(self, calendar: str, service: str, slot: Slot, *, replaces: str = "") -> None:
        """Collect an appointment."""
        effect = Book(calendar, service, slot.label, slot.start, slot.end, replaces)
        self.run.effects.append(effect)

    def cancel(self, booked: Booked) -> None:
        """Collect that the time is given back."""
        self.run.effects.append(CancelBooking(booked.id, self.label(booked)))


class FunctionsAdapter(Adapter):
    """Custom functions of the library."""

    def call(self, ref: str, values: dict[str, Any]) -> FunctionAnswer:
        """Send the request and wait for the answer."""
        self.run.existing(ref)
        return self.run.answers.call_function(self.run.situation, ref, values)


class DirectoryAdapter(Adapter):
    """Look-ups of the house."""

    def property(self, ref: str) -> PropertyInfo | None:
        """The property behind a reference."""
        row = Property.objects.filter(key=ref.partition(":")[2]).first()
        if row is None:
            return None
        return PropertyInfo(row.key, row.label, row.kind, tuple(row.choices))

    def note_prompt(self) -> str:
        """The prompt of the panel's note action."""
        for action in self.run.situation.content.actions:
            if action.enabled and action.type == NOTE and (text := action.config.get("prompt")):
                return str(text)
        return ""

    def analysis_on(self) -> bool:
        """Whether call analysis is on for this agent."""
        return bool(self.run.situation.content.settings.analysis)


class WritingAdapter(Adapter):
    """A model asked to write; called from the asking pool, never from the loop."""

    def begin(self, prompt: str, *, transcript: str, language: str) -> None:
        """Ask at once; called from the loop."""
        ahead, ask = self.run.situation.ahead, self.run.answers.summarise
        if ask is not None and (wanted := (prompt, transcript, language)) not in ahead:
            ahead[wanted] = asyncio.ensure_future(ask(*wanted))

    def summarise(
        self, prompt: str, *, transcript: str, language: str, seconds: float
    ) -> str | None:
        """A summary; None where no model is there or the time is over."""
        loop, ask = self.run.loop, self.run.answers.summarise
        if ask is None or loop is None:
            return None
        wanted = (prompt, transcript, language)
        begun = self.run.situation.ahead.get(wanted)
        answer = _outcome_of(begun) if begun else ask(*wanted)
        future = asyncio.run_coroutine_threadsafe(answer, loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            return None


async def _outcome_of(begun: asyncio.Future[str | None]) -> str | None:
    return await asyncio.shield(begun)


class ClockAdapter(Adapter):
    """The time, which Try it can skip."""

    def now(self) -> datetime:
        """The conversation's now."""
        return self.run.situation.now()
