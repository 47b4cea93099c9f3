"""What `execute` gets: ports that collect effects, the same in both worlds.

The facts of a run are a view of the scene: what this run collects is seen by itself at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions import variables
from actions.base import ActionError, Audience, Names
from actions.effects import AddNote, AddTags, Effect, Send, SetDisposition, SetDnc, SetProperty
from actions.facts import Facts
from actions.ports import (
    ClockPort,
    ContactPort,
    ConversationPort,
    CrmPort,
    DirectoryPort,
    MessagesPort,
    PeoplePort,
    PropertyInfo,
    WritingPort,
)
from agents.contacts.models import Contact, Property
from agents.conversations.situation import Situation
from agents.core import picks

NOTE = "summarize_note"
Summarise = Callable[[str, str, str], Coroutine[Any, Any, str | None]]


class RunContext:
    """One run's ports. Not shared between runs."""

    def __init__(
        self,
        scene: Situation,
        names: Names,
        *,
        confirmed: bool = False,
        summarise: Summarise | None = None,
    ) -> None:
        self.scene = scene
        self.effects: list[Effect] = []
        self.facts: Facts = scene.facts
        self.names: Names = names
        self.confirmed = confirmed
        self._summarise = summarise
        self._loop = _running_loop()
        self.contact: ContactPort = ContactHand(self)
        self.conversation: ConversationPort = ConversationHand(self)
        self.messages: MessagesPort = MessagesHand(self)
        self.crm: CrmPort = CrmHand(self)
        self.people: PeoplePort = PeopleHand(self)
        self.directory: DirectoryPort = DirectoryHand(self)
        self.writing: WritingPort = WritingHand(self)
        self.clock: ClockPort = ClockHand(self)

    def fill(self, template: str, slots: dict[str, str] | None = None) -> str:
        """A template with its variables; `slots` are values the model may supply."""
        known = known_variables(self.scene)
        known |= {name: variables.Variable(name, name, "", "") for name in slots or {}}
        filled = variables.render(template, template_values(self.scene) | (slots or {}), known)
        if filled.missing:
            raise ActionError(
                f"There is no value for {', '.join(filled.missing)}.",
                to_model=f"Nothing was sent: {', '.join(filled.missing)} is not known.",
            )
        return filled.text

    def existing(self, ref: str) -> str:
        """The label of a reference that still leads somewhere."""
        label = self.names.get(ref)
        if not label or not picks.exists(ref):
            raise ActionError(
                f"“{label or ref}” was deleted.",
                to_model="That is not available any more.",
            )
        return label


def contact_of(scene: Situation) -> Contact | None:
    """The contact's row, where there is one."""
    return Contact.objects.filter(id=scene.contact_id).first() if scene.contact_id else None


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def known_variables(scene: Situation) -> dict[str, variables.Variable]:
    """Every variable a template of this version may use."""
    known = dict(variables.VARIABLES)
    for key in scene.facts.contact.values:
        known.setdefault(key, variables.Variable(key, key, "", "contact"))
    return known


def template_values(scene: Situation) -> dict[str, str]:
    """The values of all variables now."""
    facts, content = scene.facts, scene.content
    values = facts.contact.values
    return {
        **values,
        "FirstName": values.get("first_name", ""),
        "LastName": values.get("last_name", ""),
        "FullName": facts.contact.name,
        "Email": values.get("email", ""),
        "Phone": values.get("phone", ""),
        "Company": values.get("company", ""),
        "AgentName": content.agent_name,
        "BusinessName": content.settings.business,
        "Date": f"{facts.now:%Y-%m-%d}",
        "Time": f"{facts.now:%H:%M}",
    }


@dataclass
class Hand:
    """A port bound to one run."""

    run: RunContext


class ContactHand(Hand):
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


class ConversationHand(Hand):
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
        said = self.run.scene.transcript(last)
        now = self.run.facts.message
        return f"{said}\nContact: {now}".strip() if now else said


class MessagesHand(Hand):
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
        if not to and self.run.facts.direction == "inbound":
            purpose = "reply"
        title = f"SMS to {number}: {text[:60]}"
        payload = {"text": text, "line": line, "media": media, "to_contact": not to}
        self.run.effects.append(Send("sms", title, purpose, number, payload))


class CrmHand(Hand):
    """The customer system."""

    def create_ticket(self, title: str, fields: dict[str, Any]) -> None:
        """Collect a ticket."""
        line = f"Ticket “{title}” to HubSpot"
        self.run.effects.append(
            Send("hubspot_ticket", line, "record", "", {"subject": title, **fields})
        )


class PeopleHand(Hand):
    """Colleagues, groups and inboxes."""

    def exists(self, ref: str) -> bool:
        """Whether the reference still leads somewhere."""
        return bool(self.run.names.get(ref)) and picks.exists(ref)


class DirectoryHand(Hand):
    """Look-ups of the house."""

    def property(self, ref: str) -> PropertyInfo | None:
        """The property behind a reference."""
        row = Property.objects.filter(key=ref.partition(":")[2]).first()
        if row is None:
            return None
        return PropertyInfo(row.key, row.label, row.kind, tuple(row.choices))

    def note_prompt(self) -> str:
        """The prompt of the panel's note action."""
        for action in self.run.scene.content.actions:
            if action.enabled and action.type == NOTE and (text := action.config.get("prompt")):
                return str(text)
        return ""

    def analysis_on(self) -> bool:
        """Whether call analysis is on for this agent."""
        return bool(self.run.scene.content.settings.analysis)


class WritingHand(Hand):
    """A model asked to write; called from the asking pool, never from the loop."""

    def summarise(
        self, prompt: str, *, transcript: str, language: str, seconds: float
    ) -> str | None:
        """A summary; None where no model is there or the time is over."""
        loop, ask = self.run._loop, self.run._summarise
        if ask is None or loop is None:
            return None
        future = asyncio.run_coroutine_threadsafe(ask(prompt, transcript, language), loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            return None


class ClockHand(Hand):
    """The time, which Try it can skip."""

    def now(self) -> datetime:
        """The conversation's now."""
        return self.run.scene.now()
