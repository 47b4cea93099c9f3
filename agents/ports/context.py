"""What `execute` gets, the same in both worlds.

The facts of a run are a view of the conversation; a property that the run sets is seen at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from actions import variables
from actions.base import ActionError, Names
from actions.context import Occasion
from actions.effects import Effect, Send, SetProperty
from actions.facts import Facts
from actions.languages import Language, language
from actions.ports import (
    CalendarPort,
    CrmPort,
    DirectoryPort,
    FunctionsPort,
    PeoplePort,
    WritingPort,
)
from actions.zones import elsewhere, zone_words
from agents.contacts.models import Contact
from agents.conversations.situation import Situation
from agents.core import picks
from agents.ports import adapters
from agents.ports.answering import Answers

CHANNELS = {"sms": "sms", "voicemail": "voice"}
"""The way on which a kind of delivery leaves; records and notices have none."""


class RunContext:
    """One run: its effects gather here. Not shared between runs."""

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
        self.language = language_of(conversation)
        asking = (conversation, names, answers)
        self.crm: CrmPort = adapters.CrmAdapter(*asking)
        self.people: PeoplePort = adapters.PeopleAdapter(*asking)
        self.calendar: CalendarPort = adapters.CalendarAdapter(*asking)
        self.functions: FunctionsPort = adapters.FunctionsAdapter(*asking)
        self.directory: DirectoryPort = adapters.DirectoryAdapter(*asking)
        self.writing: WritingPort = adapters.WritingAdapter(*asking, _running_loop())

    def emit(self, effect: Effect) -> None:
        """Change something once the run has ended."""
        self.effects.append(effect)

    def value(self, key: str) -> str:
        """A property's value; sees what this run has set."""
        for effect in reversed(self.effects):
            if isinstance(effect, SetProperty) and effect.key == key:
                return effect.value
        return self.facts.contact.values.get(key, "")

    def existing(self, ref: str) -> str:
        """The label of a reference that still leads somewhere."""
        return adapters.existing(self.names, ref)

    def transcript(self, last: int | None = None) -> str:
        """What was said, with this turn's words."""
        said = self.situation.transcript(last)
        now = self.facts.message
        return f"{said}\nContact: {now}".strip() if now else said

    def now(self) -> datetime:
        """The conversation's clock."""
        return self.situation.now()

    def fill(self, template: str, slots: dict[str, str] | None = None) -> str:
        """A template with its variables; `slots` are values the model may supply."""
        filled = self._rendered(template, slots)
        if filled.missing:
            raise ActionError(
                f"There is no value for {', '.join(filled.missing)}.",
                to_model=f"Nothing was sent: {', '.join(filled.missing)} is not known.",
            )
        return filled.text

    def fill_known(self, template: str) -> tuple[str, tuple[str, ...]]:
        """A template with what is known, and the names of what is not: that is left out."""
        filled = self._rendered(template, leave_out=True)
        return filled.text, filled.missing

    def _rendered(
        self, template: str, slots: dict[str, str] | None = None, *, leave_out: bool = False
    ) -> variables.Rendered:
        known = known_variables(self.situation)
        known |= {name: variables.Variable(name, name, "", "") for name in slots or {}}
        values = (
            template_values(self.situation, known) | self._appointment(template) | (slots or {})
        )
        return variables.render(template, values, known, leave_out=leave_out)

    def _appointment(self, template: str) -> dict[str, str]:
        """The contact's next appointment, looked up only where the template names it."""
        if "[Appointment" not in template:
            return {}
        found = next(iter(self.answers.bookings(self.situation, "")), None)
        if found is None:
            return {}
        there = elsewhere(found.start, self.facts.contact.time_zone)
        speaking = self.language.speaking
        clock = f"{speaking.clock(found.start)}{there}"
        return {"AppointmentDate": speaking.day(found.start), "AppointmentTime": clock}


def language_of(conversation: Situation) -> Language:
    """The language of the agent's own words."""
    return language(conversation.content.settings.language)


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
