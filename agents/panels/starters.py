"""Ready-made starts for a new agent: instructions, settings, actions and what they refer to.

Every condition is one that practice mode understands, so that a start works without a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from agents.panels.starting import Rows, after, asked, capture, changes

Actions = Iterable[tuple[str, dict[str, Any]]]
NO_MORE = ("set_dnc", {"when": "the contact asks not to be contacted any more"})
NOTE = ("summarize_note", {"moment": "after_end"})
GOODBYE = ("end_call", {"when": "the caller says goodbye"})
PRACTICE_HUBSPOT = {
    "pipeline": "hubspot_pipeline:practice-support",
    "status": "hubspot_status:practice-support-new",
}


@dataclass(frozen=True)
class Starter:
    """One ready-made start; `inside` says what it does, `makes` what it puts into the library."""

    slug: str
    kind: str
    label: str
    icon: str
    about: str
    inside: tuple[str, ...]
    makes: str
    instructions: str
    greeting: str
    actions: Callable[[Rows], Actions]

    def settings_for(self, rows: Rows) -> dict[str, Any]:
        """Its settings; the first inbox is the fallback."""
        return {"greeting": self.greeting, "fallback_ref": rows.inbox()}


def _front_desk(rows: Rows) -> Actions:
    yield (
        "update_contact_property",
        {
            "when": "the caller gives a name, an e-mail address or an account number",
            "config": capture("first_name", "last_name", "email", "account_number"),
        },
    )
    outcomes = {
        "Quote": "the caller asks about a price or a quote",
        "Complaint": "the caller makes a complaint",
    }
    yield "call_disposition", {"config": rows.choices("disposition", "dispositions", outcomes)}
    yield NO_MORE
    yield "route_extension", {"when": "the caller gives or asks for an extension"}
    colleague = {"id": "1", "ref": rows.colleague()}
    yield (
        "transfer_call",
        {
            "when": "the caller wants to speak to a person or asks for a quote",
            "config": {
                "destinations": [colleague],
                "fallback": "inbox",
                "fallback_ref": rows.inbox(),
            },
        },
    )
    yield GOODBYE
    yield NOTE


def _appointments(rows: Rows) -> Actions:
    yield (
        "update_contact_property",
        {
            "when": "the contact gives a name, an e-mail address or a phone number",
            "config": capture("first_name", "last_name", "email", "phone"),
        },
    )
    booking = uuid4()
    yield (
        "manage_appointment",
        {
            "uid": booking,
            "config": {
                **rows.calendar(),
                "book_when": "the contact wants an appointment",
                "reschedule_when": "the contact wants to reschedule or move the appointment",
                "cancel_when": "the contact wants to cancel the appointment",
            },
        },
    )
    yield (
        "contact_disposition",
        {
            "only_if": after(booking, "booked"),
            "config": changes(
                rows.named("contact_disposition", "Customer"), rows.named("tag", "Appointment")
            ),
        },
    )
    yield NO_MORE
    yield _to_people(rows)
    yield NOTE


def _leads(rows: Rows) -> Actions:
    questions = uuid4()
    yield (
        "sms_sequence",
        {
            "uid": questions,
            "when": "the contact asks about the price, a quote or an offer",
            "config": {
                "steps": [
                    asked(1, "Gladly. What is your name?", "A name", "first_name"),
                    asked(2, "And your e-mail address, for the offer?", "A valid email", "email"),
                    asked(3, "When should a colleague call you?", "A date or time preference"),
                ],
                "completion": "Thank you, [FirstName|there]. A colleague will be in touch.",
            },
        },
    )
    yield (
        "contact_disposition",
        {
            "only_if": after(questions, "completed"),
            "config": changes(
                rows.named("contact_disposition", "Qualified"), rows.named("list", "New leads")
            ),
        },
    )
    urgent = {
        "Urgent": "the contact says it is urgent",
        "New customer": "the contact is a new customer",
    }
    yield "communication_tag", {"config": rows.choices("tag", "tags", urgent)}
    yield NO_MORE
    yield _to_people(rows)
    yield NOTE


def _support(rows: Rows) -> Actions:
    yield (
        "update_contact_property",
        {
            "when": "the caller gives a name, an account number or an address",
            "config": capture("first_name", "last_name", "account_number", "address"),
        },
    )
    solved = {"Information": "the caller says it is solved or works again"}
    yield "call_disposition", {"config": rows.choices("disposition", "dispositions", solved)}
    yield NOTE
    yield "create_ticket", {"moment": "before_handoff", "config": PRACTICE_HUBSPOT}
    colleague = {"id": "1", "ref": rows.colleague()}
    yield (
        "transfer_call",
        {
            "when": "the caller asks for a person or a technician, or says it is still not working",
            "config": {
                "destinations": [colleague],
                "warm": True,
                "fallback": "inbox",
                "fallback_ref": rows.inbox(),
            },
        },
    )
    yield GOODBYE


def _to_people(rows: Rows) -> tuple[str, dict[str, Any]]:
    return (
        "assign_inbox",
        {
            "when": "the contact wants to speak to a person",
            "config": {"inbox": rows.inbox(), "note": "Asked for a person"},
        },
    )


STARTERS = {
    starter.slug: starter
    for starter in (
        Starter(
            "front-desk",
            "voice",
            "Front desk",
            "phone",
            "Answers calls, takes the name, sorts the call and passes it on.",
            ("Keeps name, e-mail and account number", "Extension or a colleague, else an inbox",
             "Outcome of the call and a note"),
            "an example colleague, where you have none",
            "You are the front desk. Be brief and friendly. Ask for the name first, then what the "
            "call is about. Answer what you know; pass on what you do not.",
            "Hello, this is the front desk. How can I help you?",
            _front_desk,
        ),
        Starter(
            "appointments",
            "text",
            "Appointment booking",
            "calendar-check",
            "Offers free times, books, moves and cancels by SMS and chat.",
            ("Books only times that are free", "Tags who has an appointment",
             "Hands over when a person is asked for"),
            "a calendar with one service, where you have none",
            "You book appointments for the office. Be brief and friendly, one question at a time. "
            "Ask for the name if you do not know it. Offer only times that are free.",
            "Hello, would you like an appointment?",
            _appointments,
        ),
        Starter(
            "leads",
            "text",
            "Lead qualification",
            "filter",
            "Asks who is interested three questions and puts them on a list.",
            ("Asks for name, e-mail and a time, step by step",
             "Marks the contact as qualified, list New leads", "Tags what is urgent"),
            "the list and the disposition, where they are missing",
            "You answer people who are interested in our offers. Be brief and friendly. Find out "
            "what they need. Do not promise prices.",
            "Hello, what are you interested in?",
            _leads,
        ),
        Starter(
            "support",
            "voice",
            "Support with ticket",
            "ticket",
            "Helps with the first steps, then opens a ticket and passes the call on.",
            ("Asks who is calling before it passes on", "HubSpot ticket with the steps tried",
             "Warm transfer, else an inbox"),
            "an example colleague, where you have none",
            "You are first-level support. Ask what does not work and since when. Suggest to switch "
            "the device off and on again, and ask whether that has helped. If it has not, offer a "
            "technician.",
            "Hello, this is support. What is not working?",
            _support,
        ),
    )
}  # fmt: skip
