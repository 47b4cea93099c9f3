"""What people fill in about dispositions, tags, properties and sample contacts."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator, model_validator

from actions.base import Row, Settings
from actions.fields import choice, line, rows, switch, words
from actions.variables import is_name
from agents.contacts.models import Consent, Property
from agents.routing.forms import email_or_empty, named, phone_or_empty

KIND_LABELS = {str(value): str(label) for value, label in Property.Kind.choices}


class ConsentForm(Settings):
    """A permission that a contact gave."""

    channel: Literal["voice", "sms"] = choice(
        "To", "voice", labels={str(k): str(v) for k, v in Consent.Channel.choices}
    )
    purpose: Literal["service", "offers"] = choice(
        "For", "service", labels={str(k): str(v) for k, v in Consent.Purpose.choices},
        help="Offers need written permission",
    )  # fmt: skip
    source: Literal["written", "spoken"] = choice(
        "How", "written",
        labels={k: str(v) for k, v in Consent.Source.choices if k != Consent.Source.KEYWORD},
    )  # fmt: skip
    wording: str = words("Wording", placeholder="You may call me about my heating.")
    proof: str = line("Seen in", placeholder="Order form of March 3, page 2", max=300)

    @field_validator("wording")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("Write down what the contact agreed to.")
        return value.strip()

    @model_validator(mode="after")
    def _in_writing(self) -> ConsentForm:
        if self.purpose == "offers" and self.source != "written":
            raise ValueError("Offers need written permission.")
        return self


class NameForm(Settings):
    """A disposition or a tag."""

    name: str = line("Name", max=80)

    _name = field_validator("name")(named)


class PropertyChoice(Row):
    """One value that a choice property may take."""

    value: str = line("Value", max=80)


class PropertyForm(Settings):
    """A field of a contact."""

    label: str = line("Name", placeholder="Preferred day", max=80)
    kind: Literal["text", "email", "phone", "date", "number", "choice"] = choice(
        "What it holds", "text", labels=KIND_LABELS
    )
    choices: list[PropertyChoice] = rows("Values", add="value", show_if={"kind": "choice"})

    @field_validator("label")
    @classmethod
    def _label(cls, value: str) -> str:
        if value and not is_name(value):
            raise ValueError("Do not use brackets or |. Templates write the name in brackets.")
        return named(value)

    @model_validator(mode="after")
    def _choices_given(self) -> PropertyForm:
        if self.kind == "choice" and not [row for row in self.choices if row.value]:
            raise ValueError("List the choices.")
        return self


class ContactForm(Settings):
    """A sample contact."""

    first_name: str = line("First name", max=120)
    last_name: str = line("Last name", max=120)
    phone: str = line("Phone", placeholder="+1 415 555 0142", max=20)
    email: str = line("E-mail", max=254)
    address: str = line("Address", max=300)
    account_number: str = line("Account number", max=80)
    company: str = line("Company", max=120)
    blocked: bool = switch("DNC", help="Do not call, do not write")

    _phone = field_validator("phone")(phone_or_empty)
    _email = field_validator("email")(email_or_empty)
