"""The hands an action may use: writing ports collect effects, asking ports may wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from actions.base import Names
from actions.facts import Booked, Facts


class ContactPort(Protocol):
    """The contact of this conversation, and no other."""

    def value(self, key: str) -> str:
        """A property's value, empty where unknown; sees what this turn has set."""

    def set_property(self, ref: str, value: str) -> None:
        """Save a property (`property:first_name`)."""

    def set_dnc(self, words: str) -> None:
        """Block every future message and call."""

    def add_note(self, text: str, *, to_hubspot: bool = False) -> None:
        """Write on the timeline."""

    def set_disposition(self, ref: str) -> None:
        """Where the contact stands (`contact_disposition:3`)."""

    def change_tags(self, refs: list[str], *, remove: bool = False) -> None:
        """Label the contact, or take labels off."""

    def change_lists(self, refs: list[str], *, remove: bool = False) -> None:
        """Join lists (`list:3`), or leave them."""

    def disengage(self, *, everyone: bool, stop_sequences: bool, reason: str) -> None:
        """No outreach any more, by this agent or by all."""


class ConversationPort(Protocol):
    """The conversation itself."""

    def set_disposition(self, ref: str) -> None:
        """Record the outcome of the call."""

    def add_tags(self, refs: list[str]) -> None:
        """Label the conversation."""

    def transcript(self, last: int | None = None) -> str:
        """What was said, one line each, the `last` lines or all."""

    def assign(self, ref: str, *, note: str) -> None:
        """An item for the staff of an inbox."""


class MessagesPort(Protocol):
    """Messages that leave."""

    def send_sms(self, text: str, *, to: str = "", line: str = "", media: str = "") -> None:
        """To the contact, or to a fixed number of the settings."""

    def leave_voicemail(self, text: str, *, recording: str, after_beep: bool) -> None:
        """Speak on the answering machine that has picked up, or play a recording's address."""


@dataclass(frozen=True)
class Owner:
    """Whom the customer system names: our person, how it was found, or why there is none."""

    person: str = ""
    via: str = ""
    gap: str = ""


class CrmPort(Protocol):
    """The customer system."""

    def deal_owner(self, pipeline: str) -> Owner:
        """Asks: owner of the contact's newest open deal, else the contact's own owner."""

    def create_ticket(self, title: str, fields: dict[str, Any]) -> None:
        """Put a ticket into the outbox."""


class PeoplePort(Protocol):
    """Colleagues, groups and inboxes."""

    def exists(self, ref: str) -> bool:
        """Whether the reference still leads somewhere."""

    def at_extension(self, digits: str) -> str:
        """The person (`person:12`) who has this extension, empty where nobody has it."""

    def label(self, ref: str) -> str:
        """The name of a person found by extension; empty where it leads nowhere."""

    def notify(self, ref: str, text: str) -> None:
        """Tell a person, in the way that person chose."""


class SequencesPort(Protocol):
    """Follow-up workflows."""

    def enrol(self, ref: str, *, restart: bool) -> None:
        """Let the contact enter (`sequence:4`)."""


@dataclass(frozen=True)
class Slot:
    """A free time; the label is what people read, in the calendar's zone."""

    start: datetime
    end: datetime
    label: str


class CalendarPort(Protocol):
    """Appointments of this contact; looking asks, booking is an effect."""

    def free(
        self, calendar: str, service: str, *, after: datetime | None = None, count: int = 3
    ) -> list[Slot]:
        """The next free times from `after` on, in order."""

    def slot(self, calendar: str, service: str, start: datetime, *, moving: str = "") -> Slot:
        """The free time that begins then; raises ActionError with a sentence where there is none.

        `moving` is the id of an appointment that does not stand in its own way.
        """

    def current(self, calendar: str) -> Booked | None:
        """The contact's next appointment there."""

    def label(self, booked: Booked) -> str:
        """An appointment's time, as people read it."""

    def book(self, calendar: str, service: str, slot: Slot, *, replaces: str = "") -> None:
        """Take the time, or move an appointment to it."""

    def cancel(self, booked: Booked) -> None:
        """Give the time back."""


@dataclass(frozen=True)
class FunctionAnswer:
    """What a custom function came to. `values` are the named values of its response.

    `properties` are what its mapping saves; `line` is for the log, `sentence` for the contact.
    """

    ok: bool
    line: str
    sentence: str = ""
    values: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)


class FunctionsPort(Protocol):
    """Custom functions of the library; an asking port."""

    def call(self, ref: str, values: dict[str, Any]) -> FunctionAnswer:
        """Send the request and wait for the answer; raises ActionError where it cannot be sent."""


@dataclass(frozen=True)
class PropertyInfo:
    """What is known of a contact property."""

    key: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()


class DirectoryPort(Protocol):
    """Look-ups of the house."""

    def property(self, ref: str) -> PropertyInfo | None:
        """The property behind `property:email`."""

    def note_prompt(self) -> str:
        """The prompt of the panel's *Summarize conversation as note*, empty where there is none."""

    def analysis_on(self) -> bool:
        """Whether call analysis is switched on for this agent."""


class WritingPort(Protocol):
    """A model asked to write; an asking port."""

    def begin(self, prompt: str, *, transcript: str, language: str) -> None:
        """Ask now for the summary that `summarise` fetches later with the same values."""

    def summarise(
        self, prompt: str, *, transcript: str, language: str, seconds: float
    ) -> str | None:
        """A summary; None where no model is there or the time is over."""


class ClockPort(Protocol):
    """The time, which Try it can skip."""

    def now(self) -> datetime:
        """The conversation's now."""


@dataclass(frozen=True)
class Occasion:
    """Why a run is executed: the first time, or again after an answer of the contact."""

    confirmed: bool = False
    asked: int = 0
    moment: str = "during"


class Context(Protocol):
    """What `execute` gets."""

    facts: Facts
    names: Names
    confirmed: bool
    asked: int
    moment: str
    contact: ContactPort
    conversation: ConversationPort
    messages: MessagesPort
    crm: CrmPort
    people: PeoplePort
    sequences: SequencesPort
    calendar: CalendarPort
    functions: FunctionsPort
    directory: DirectoryPort
    writing: WritingPort
    clock: ClockPort

    def fill(self, template: str, slots: dict[str, str] | None = None) -> str:
        """A template with its variables; `slots` are values of this run.

        Raises ActionError where a variable has neither value nor fallback.
        """
