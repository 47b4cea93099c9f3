"""What a run changes, as data: collected by the ports, applied in one transaction afterwards.

The live world writes rows and applies the same effect to the facts in hand; the sandbox only
applies it to the facts and lists it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SetDisposition:
    """The outcome of the call; the last one wins."""

    ref: str
    label: str

    @property
    def line(self) -> str:
        """For the log."""
        return f"Disposition: {self.label}"


@dataclass(frozen=True, slots=True)
class AddTags:
    """Labels of the conversation."""

    refs: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def line(self) -> str:
        """For the log."""
        return f"Tags: {', '.join(self.labels)}"


@dataclass(frozen=True, slots=True)
class SetProperty:
    """A property of the contact; the old value stays in the timeline."""

    key: str
    label: str
    value: str
    old: str = ""

    @property
    def line(self) -> str:
        """For the log."""
        return f"{self.label}: {self.value}"


@dataclass(frozen=True, slots=True)
class SetDnc:
    """Every future message and call to the contact is blocked."""

    words: str
    source: str = "action"

    @property
    def line(self) -> str:
        """For the log."""
        return "Do not call"


@dataclass(frozen=True, slots=True)
class AddNote:
    """A note on the contact's timeline."""

    text: str
    to_hubspot: bool = False

    @property
    def line(self) -> str:
        """For the log."""
        return f"Note: {self.text[:80]}"


@dataclass(frozen=True, slots=True)
class SetContactDisposition:
    """Where the contact stands: qualified, closed."""

    ref: str
    label: str

    @property
    def line(self) -> str:
        """For the log."""
        return f"Contact disposition: {self.label}"


@dataclass(frozen=True, slots=True)
class TagContact:
    """Labels of the contact, added or taken off."""

    refs: tuple[str, ...]
    labels: tuple[str, ...]
    removed: bool = False

    @property
    def line(self) -> str:
        """For the log."""
        return f"Contact tags {'removed' if self.removed else 'added'}: {', '.join(self.labels)}"


@dataclass(frozen=True, slots=True)
class ListContact:
    """Lists that the contact joins or leaves."""

    refs: tuple[str, ...]
    labels: tuple[str, ...]
    removed: bool = False

    @property
    def line(self) -> str:
        """For the log."""
        return f"{'Removed from' if self.removed else 'Added to'} {', '.join(self.labels)}"


@dataclass(frozen=True, slots=True)
class Disengage:
    """No outreach any more, by this agent or by all; the contact may still write or call."""

    everyone: bool
    stop_sequences: bool
    reason: str = ""

    @property
    def line(self) -> str:
        """For the log."""
        return "Disengaged from all agents" if self.everyone else "Disengaged from this agent"


@dataclass(frozen=True, slots=True)
class Enrol:
    """The contact enters a follow-up workflow; `restart`: from its first step if it is in it.

    `first` says what it begins with and when.
    """

    ref: str
    label: str
    restart: bool = False
    first: str = ""

    @property
    def line(self) -> str:
        """For the log."""
        return f"Enrolled in {self.label}" + (f": {self.first}" if self.first else "")


@dataclass(frozen=True, slots=True)
class AssignInbox:
    """An item for the staff of an inbox."""

    ref: str
    label: str
    note: str = ""

    @property
    def line(self) -> str:
        """For the log."""
        return f"Assigned to {self.label}"


@dataclass(frozen=True, slots=True)
class Book:
    """An appointment; `replaces` is the id of the one that it takes the place of."""

    calendar: str
    service: str
    label: str
    start: datetime
    end: datetime
    replaces: str = ""

    @property
    def line(self) -> str:
        """For the log."""
        return f"{'Moved to' if self.replaces else 'Booked'} {self.label}"


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """An appointment is given back."""

    id: str
    label: str

    @property
    def line(self) -> str:
        """For the log."""
        return f"Cancelled {self.label}"


@dataclass(frozen=True, slots=True)
class Send:
    """One thing that will leave the house, as a Delivery.

    `kind` names the sender (`sms`, `hubspot_ticket` …), `purpose` is the gate's; `to` is a phone
    number for messages and empty for records.
    """

    kind: str
    title: str
    purpose: str
    to: str = ""
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """For the log."""
        return self.title


Effect = (
    SetDisposition
    | AddTags
    | SetProperty
    | SetDnc
    | AddNote
    | SetContactDisposition
    | TagContact
    | ListContact
    | Disengage
    | Enrol
    | AssignInbox
    | Book
    | CancelBooking
    | Send
)
