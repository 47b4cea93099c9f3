"""What `execute` gets: ports that collect effects, the same in both worlds.

The facts of a run are a view of the conversation: what this run collects is seen by itself at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from actions import variables
from actions.base import ActionError, Names
from actions.effects import Effect, Send
from actions.facts import Facts
from actions.ports import (
    CalendarPort,
    ClockPort,
    ContactPort,
    ConversationPort,
    CrmPort,
    DirectoryPort,
    FunctionsPort,
    MessagesPort,
    Occasion,
    PeoplePort,
    SequencesPort,
    WritingPort,
)
from actions.understood.slots import clock_words, day_words
from actions.zones import elsewhere, zone_words
from agents.contacts.models import Contact
from agents.conversations.situation import Situation
from agents.core import picks
from agents.ports import adapters
from agents.ports.answering import Answers

CHANNELS = {"sms": "sms", "voicemail": "voice"}
"""The way on which a kind of delivery leaves; records and notices have none."""


class RunContext:
    """One run's ports. Not shared between runs."""

    def __init__(
        self,
        conversation: Situation,
        names: Names,
        answers: Answers,
        occasion: Occasion,
    ) -> None:
        self.situation, self.answers = conversation, answers
        self.effects: list[Effect] = []
        self.facts: Facts = conversation.facts
        self.names: Names = names
        self.confirmed, self.asked = occasion.confirmed, occasion.asked
        self.moment = occasion.moment
        self.loop = _running_loop()
        self.contact: ContactPort = adapters.ContactAdapter(self)
        self.conversation: ConversationPort = adapters.ConversationAdapter(self)
        self.messages: MessagesPort = adapters.MessagesAdapter(self)
        self.crm: CrmPort = adapters.CrmAdapter(self)
        self.people: PeoplePort = adapters.PeopleAdapter(self)
        self.sequences: SequencesPort = adapters.SequencesAdapter(self)
        self.calendar: CalendarPort = adapters.CalendarAdapter(self)
        self.functions: FunctionsPort = adapters.FunctionsAdapter(self)
        self.directory: DirectoryPort = adapters.DirectoryAdapter(self)
        self.writing: WritingPort = adapters.WritingAdapter(self)
        self.clock: ClockPort = adapters.ClockAdapter(self)

    def fill(self, template: str, slots: dict[str, str] | None = None) -> str:
        """A template with its variables; `slots` are values the model may supply."""
        known = known_variables(self.situation)
        known |= {name: variables.Variable(name, name, "", "") for name in slots or {}}
        values = (
            template_values(self.situation, known) | self._appointment(template) | (slots or {})
        )
        filled = variables.render(template, values, known)
        if filled.missing:
            raise ActionError(
                f"There is no value for {', '.join(filled.missing)}.",
                to_model=f"Nothing was sent: {', '.join(filled.missing)} is not known.",
            )
        return filled.text

    def _appointment(self, template: str) -> dict[str, str]:
        """The contact's next appointment, looked up only where the template names it."""
        if "[Appointment" not in template:
            return {}
        found = next(iter(self.answers.bookings(self.situation, "")), None)
        if found is None:
            return {}
        there = elsewhere(found.start, self.facts.contact.time_zone)
        clock = f"{clock_words(found.start)}{there}"
        return {"AppointmentDate": day_words(found.start), "AppointmentTime": clock}

    def existing(self, ref: str) -> str:
        """The label of a reference that still leads somewhere."""
        label = self.names.get(ref)
        if not label or not picks.exists(ref):
            raise ActionError(
                f"“{label or ref}” was deleted.",
                to_model="That is not available any more.",
            )
        return label


def contact_of(conversation: Situation) -> Contact | None:
    """The contact's row, where there is one."""
    return (
        Contact.objects.filter(id=conversation.contact_id).first()
        if conversation.contact_id
        else None
    )


def reaches_contact(effect: Send) -> bool:
    """Whether it goes to the contact or is about them; a notice to staff is neither."""
    return bool(effect.payload.get("to_contact", True))


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def known_variables(conversation: Situation) -> dict[str, variables.Variable]:
    """Every variable a template of this version may use; properties by their label then."""
    known = dict(variables.VARIABLES)
    for ref, label in conversation.content.names.items():
        slug, key = picks.split(ref)
        if slug == "property":
            known.setdefault(label, variables.Variable(label, label, "", key=key))
    return known


def template_values(
    conversation: Situation, known: Mapping[str, variables.Variable] = variables.VARIABLES
) -> dict[str, str]:
    """The values of all variables now."""
    facts, content = conversation.facts, conversation.content
    values = facts.contact.values
    return {
        **{name: values.get(item.key, "") for name, item in known.items() if item.key},
        "FullName": facts.contact.name,
        "AgentName": content.agent_name,
        "BusinessName": content.settings.business,
        "Date": f"{facts.local:%Y-%m-%d}",
        "Time": f"{facts.local:%H:%M} {zone_words(facts.local)}",
    }
