"""What a run changes, as data: emitted while it runs, applied in one transaction afterwards.

The live world writes rows (one writer per class, in `agents/ports/live.py`) and changes the facts
in hand; the sandbox only changes the facts. The names of the classes are stored with the runs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from actions.facts import Booked, Facts


class Effect(ABC):
    """One change that a run makes: its fields, what people read, and the facts after it."""

    @property
    @abstractmethod
    def line(self) -> str:
        """What people read in the log."""

    @abstractmethod
    def change(self, facts: Facts) -> None:
        """Change the facts in hand."""


def apply_to_facts(facts: Facts, effects: Iterable[Effect]) -> None:
    """Let the facts in hand follow effects, in order."""
    for effect in effects:
        effect.change(facts)


@dataclass(frozen=True)
class SetDisposition(Effect):
    """The outcome of the call; the last one wins."""

    ref: str
    label: str

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Disposition: {self.label}"

    def change(self, facts: Facts) -> None:
        """This one counts from now on."""
        facts.disposition = self.ref


@dataclass(frozen=True)
class AddTags(Effect):
    """Labels of the conversation."""

    refs: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Tags: {', '.join(self.labels)}"

    def change(self, facts: Facts) -> None:
        """Those that are there stay."""
        facts.tags.update(self.refs)


@dataclass(frozen=True)
class SetProperty(Effect):
    """A property of the contact; the old value stays in the timeline."""

    key: str
    label: str
    value: str
    old: str = ""

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"{self.label}: {self.value}"

    def change(self, facts: Facts) -> None:
        """The new value."""
        facts.contact.values[self.key] = self.value


@dataclass(frozen=True)
class SetDnc(Effect):
    """Every future message and call to the contact is blocked."""

    words: str
    source: str = "action"

    @property
    def line(self) -> str:
        """What people read in the log."""
        return "Do not call"

    def change(self, facts: Facts) -> None:
        """The contact is blocked, and leaves its sequences.

        What a keyword sets does not take the place of a block that only a person lifts.
        """
        contact = facts.contact
        if not contact.dnc or contact.dnc_source in ("", "keyword"):
            contact.dnc_source = self.source
        contact.dnc, contact.sequences = True, set()


@dataclass(frozen=True)
class AddNote(Effect):
    """A note on the contact's timeline."""

    text: str
    to_hubspot: bool = False

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Note: {self.text[:80]}"

    def change(self, facts: Facts) -> None:
        """One note more."""
        facts.notes.append(self.text)


@dataclass(frozen=True)
class SetContactDisposition(Effect):
    """Where the contact stands: qualified, closed."""

    ref: str
    label: str

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Contact disposition: {self.label}"

    def change(self, facts: Facts) -> None:
        """This one counts from now on."""
        facts.contact.status = self.ref


@dataclass(frozen=True)
class TagContact(Effect):
    """Labels of the contact, added or taken off."""

    refs: tuple[str, ...]
    labels: tuple[str, ...]
    removed: bool = False

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Contact tags {'removed' if self.removed else 'added'}: {', '.join(self.labels)}"

    def change(self, facts: Facts) -> None:
        """More labels or fewer."""
        facts.contact.tags = _changed(facts.contact.tags, self.refs, self.removed)


@dataclass(frozen=True)
class ListContact(Effect):
    """Lists that the contact joins or leaves."""

    refs: tuple[str, ...]
    labels: tuple[str, ...]
    removed: bool = False

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"{'Removed from' if self.removed else 'Added to'} {', '.join(self.labels)}"

    def change(self, facts: Facts) -> None:
        """More lists or fewer."""
        facts.contact.lists = _changed(facts.contact.lists, self.refs, self.removed)


@dataclass(frozen=True)
class Disengage(Effect):
    """No outreach any more, by this agent or by all; the contact may still write or call."""

    everyone: bool
    stop_sequences: bool
    reason: str = ""

    @property
    def line(self) -> str:
        """What people read in the log."""
        return "Disengaged from all agents" if self.everyone else "Disengaged from this agent"

    def change(self, facts: Facts) -> None:
        """No outreach; sequences end if they are stopped."""
        facts.contact.disengaged = True
        if self.stop_sequences:
            facts.contact.sequences = set()


@dataclass(frozen=True)
class Enrol(Effect):
    """The contact enters a follow-up workflow; `restart`: from its first step if it is in it.

    `first` says what it begins with and when.
    """

    ref: str
    label: str
    restart: bool = False
    first: str = ""

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Enrolled in {self.label}" + (f": {self.first}" if self.first else "")

    def change(self, facts: Facts) -> None:
        """One sequence more."""
        facts.contact.sequences = facts.contact.sequences | {self.ref}


@dataclass(frozen=True)
class AssignInbox(Effect):
    """An item for the staff of an inbox."""

    ref: str
    label: str
    note: str = ""

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Assigned to {self.label}"

    def change(self, facts: Facts) -> None:
        """The inbox that has it."""
        facts.inbox = self.ref


@dataclass(frozen=True)
class Book(Effect):
    """An appointment; `replaces` is the id of the one that it takes the place of."""

    calendar: str
    service: str
    label: str
    start: datetime
    end: datetime
    replaces: str = ""
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"{'Moved to' if self.replaces else 'Booked'} {self.label}"

    def change(self, facts: Facts) -> None:
        """A new appointment, or a known one at another time."""
        made = Booked(self.replaces or self.id, self.calendar, self.service, self.start, self.end)
        facts.bookings = [*(one for one in facts.bookings if one.id != self.replaces), made]


@dataclass(frozen=True)
class CancelBooking(Effect):
    """An appointment is given back."""

    id: str
    label: str

    @property
    def line(self) -> str:
        """What people read in the log."""
        return f"Cancelled {self.label}"

    def change(self, facts: Facts) -> None:
        """One appointment less."""
        facts.bookings = [one for one in facts.bookings if one.id != self.id]


@dataclass(frozen=True)
class Send(Effect):
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
        """What people read in the log."""
        return self.title

    def change(self, facts: Facts) -> None:
        """What leaves changes no fact."""


@dataclass(frozen=True)
class Called(Send):
    """A request that has left while the run waited, with what came back: it is only listed."""


def _changed(now: set[str], refs: Sequence[str], removed: bool) -> set[str]:
    return now - set(refs) if removed else now | set(refs)
