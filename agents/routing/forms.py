"""What people fill in about whom a conversation can reach."""

from __future__ import annotations

import re
from typing import Literal

from django.conf import settings
from pydantic import field_validator, model_validator

from actions.base import Row, Settings
from actions.fields import choice, line, pick, picks, rows, switch
from agents.routing.models import Person
from agents.routing.numbers import phone_number

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
SIP = re.compile(r"sips?:[^\s@]+@[^\s@]+")


def named(value: str) -> str:
    """A name that is there."""
    if not value:
        raise ValueError("Enter a name.")
    return value


def email_or_empty(value: str) -> str:
    """An e-mail address or nothing."""
    if value and not EMAIL.fullmatch(value):
        raise ValueError(f"“{value}” is not an e-mail address.")
    return value


def phone_or_empty(value: str) -> str:
    """A telephone number as +14155550142, or nothing."""
    if value and not phone_number(value):
        raise ValueError(f"“{value}” is not a telephone number.")
    return phone_number(value) if value else ""


class PersonForm(Settings):
    """A reachable colleague."""

    name: str = line("Name", placeholder="Ana Ruiz", max=120)
    phone: str = line("Phone", placeholder="+1 415 555 0100 or sip:ana@example.com", max=80)
    email: str = line("E-mail", placeholder="ana@example.com", max=254)
    extension: str = line("Extension", placeholder="204", max=12)
    notify: Literal["app", "email", "sms"] = choice(
        "Notify by",
        "app",
        labels=dict(Person.Notify.choices),
        help="How notifications from agents arrive",
    )
    available: bool = switch("Available", True, help="Calls may be sent to this person")

    _name = field_validator("name")(named)
    _email = field_validator("email")(email_or_empty)

    @field_validator("phone")
    @classmethod
    def _phone_or_sip(cls, value: str) -> str:
        return value if SIP.fullmatch(value) else phone_or_empty(value)

    @field_validator("extension")
    @classmethod
    def _digits(cls, value: str) -> str:
        if value and not (value.isascii() and value.isdigit()):
            raise ValueError("An extension has digits only.")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> PersonForm:
        if not (self.phone or self.email):
            raise ValueError("Enter a phone number or an e-mail address.")
        if self.notify == "email" and not self.email:
            raise ValueError("Enter the e-mail address for notifications.")
        if self.notify == "sms" and not phone_number(self.phone):
            raise ValueError("Enter the phone number for notifications.")
        return self


class Member(Row):
    """A place in a ring group."""

    person: str = pick("Person", "person", placeholder="Pick a person")


class RingGroupForm(Settings):
    """An ordered set of persons."""

    name: str = line("Name", placeholder="Sales", max=120)
    order: Literal["at_once", "in_turn"] = choice(
        "Ring", "at_once", labels={"at_once": "At once", "in_turn": "In turn"}
    )
    members: list[Member] = rows(
        "Members", add="member", blank=1, help="In turn: rung in this order"
    )

    _name = field_validator("name")(named)


class InboxForm(Settings):
    """A queue of staff."""

    name: str = line("Name", placeholder="Support", max=120)
    members: list[str] = picks("Members", "person")

    _name = field_validator("name")(named)


class ExternalNumberForm(Settings):
    """A number outside the house."""

    name: str = line("Name", placeholder="Night service", max=120)
    number: str = line(
        "Number",
        placeholder="+1 415 555 0100",
        max=40,
        help=f"Without + it is a number of your country ({settings.COUNTRY})",
    )

    _name = field_validator("name")(named)

    @field_validator("number")
    @classmethod
    def _there(cls, value: str) -> str:
        if not value:
            raise ValueError("Enter the number.")
        return phone_or_empty(value)


class LineForm(Settings):
    """A number that agents speak or write from."""

    name: str = line("Name", placeholder="Main number", max=120)
    number: str = line("Number", placeholder="+1 415 555 0100", max=20)
    practice: bool = switch("Practice", help="For Try it only; nothing is sent from it")

    _name = field_validator("name")(named)
    _number = field_validator("number")(phone_or_empty)
