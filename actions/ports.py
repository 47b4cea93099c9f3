"""What an action may ask of the outside; an answer may take its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from actions.facts import Booked


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


class PeoplePort(Protocol):
    """Colleagues, groups and inboxes."""

    def exists(self, ref: str) -> bool:
        """Whether the reference still leads somewhere."""

    def at_extension(self, digits: str) -> str:
        """The person (`person:12`) who has this extension, empty where nobody has it."""

    def label(self, ref: str) -> str:
        """The name of a person found by extension; empty where it leads nowhere."""

    def way_to_tell(self, ref: str) -> tuple[str, str]:
        """How a person chose to be told (`app`, `email` or `sms`), and the address for it."""


@dataclass(frozen=True)
class Slot:
    """A free time; the label is what people read, in the calendar's zone."""

    start: datetime
    end: datetime
    label: str


class CalendarPort(Protocol):
    """Appointments of this contact."""

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


@dataclass(frozen=True)
class FunctionAnswer:
    """What a custom function came to. `values` are the named values of its response.

    `properties` are what its mapping saves; `line` is for the log, `sentence` for the contact.
    `exchange` is the request and the answer as people may read them, without secrets.
    """

    ok: bool
    line: str
    sentence: str = ""
    values: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    exchange: dict[str, Any] = field(default_factory=dict)


class FunctionsPort(Protocol):
    """Custom functions of the library."""

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

    def first_step(self, ref: str) -> str:
        """What a sequence begins with and when, empty where it has no step."""


class WritingPort(Protocol):
    """A model asked to write."""

    def begin(self, prompt: str, *, transcript: str, language: str) -> None:
        """Ask now for the summary that `summarise` fetches later with the same values."""

    def summarise(
        self, prompt: str, *, transcript: str, language: str, seconds: float
    ) -> str | None:
        """A summary; None where no model is there or the time is over."""
