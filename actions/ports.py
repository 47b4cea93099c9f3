"""The hands an action may use: writing ports collect effects, asking ports may wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from actions.base import Names
from actions.facts import Facts


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


class ConversationPort(Protocol):
    """The conversation itself."""

    def set_disposition(self, ref: str) -> None:
        """Record the outcome of the call."""

    def add_tags(self, refs: list[str]) -> None:
        """Label the conversation."""

    def transcript(self, last: int | None = None) -> str:
        """What was said, one line each, the `last` lines or all."""


class MessagesPort(Protocol):
    """Messages that leave."""

    def send_sms(self, text: str, *, to: str = "", line: str = "", media: str = "") -> None:
        """To the contact, or to a fixed number of the settings."""


class CrmPort(Protocol):
    """The customer system."""

    def create_ticket(self, title: str, fields: dict[str, Any]) -> None:
        """Put a ticket into the outbox."""


class PeoplePort(Protocol):
    """Colleagues, groups and inboxes."""

    def exists(self, ref: str) -> bool:
        """Whether the reference still leads somewhere."""


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

    def summarise(
        self, prompt: str, *, transcript: str, language: str, seconds: float
    ) -> str | None:
        """A summary; None where no model is there or the time is over."""


class ClockPort(Protocol):
    """The time, which Try it can skip."""

    def now(self) -> datetime:
        """The conversation's now."""


class Context(Protocol):
    """What `execute` gets."""

    facts: Facts
    names: Names
    confirmed: bool
    contact: ContactPort
    conversation: ConversationPort
    messages: MessagesPort
    crm: CrmPort
    people: PeoplePort
    directory: DirectoryPort
    writing: WritingPort
    clock: ClockPort

    def fill(self, template: str, slots: dict[str, str] | None = None) -> str:
        """A template with its variables; `slots` are values of this run.

        Raises ActionError where a variable has neither value nor fallback.
        """
