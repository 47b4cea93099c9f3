"""What a run changes, as data: collected by the ports, applied in one transaction afterwards.

The live world writes rows and applies the same effect to the facts in hand; the sandbox only
applies it to the facts and lists it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


Effect = SetDisposition | AddTags | SetProperty | SetDnc | AddNote | Send
