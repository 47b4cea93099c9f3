"""What leaves: messages to the contact, tickets, and notices to colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.context import Context
from actions.effects import Called, Send
from actions.errors import ActionError, Audience
from actions.facts import Facts
from actions.terms import Moment
from actions.text import one_line

SHOWN = 60
NOTICES = {"app": ("notice", ""), "email": ("email", " by e-mail"), "sms": ("sms", " by SMS")}


def sms_to_contact(
    facts: Facts, moment: str, text: str, *, line: str = "", media: str = ""
) -> Send:
    """A message to the contact; raises ActionError where no number is known."""
    number = facts.contact.values.get("phone", "")
    if not number:
        raise ActionError(
            "The contact has no phone number.",
            audience=Audience.CONTACT,
            to_model="Not sent: no phone number is known. Ask for it.",
        )
    # Nobody waits for an answer once the contact is silent.
    answers = facts.direction == "inbound" and moment != Moment.IDLE
    payload = {"text": text, "line": line, "media": media, "to_contact": True}
    return Send("sms", _sms(number, text), "reply" if answers else "outreach", number, payload)


def sms_to_number(number: str, text: str, *, line: str = "", media: str = "") -> Send:
    """A message to a fixed number of the settings."""
    payload = {"text": text, "line": line, "media": media, "to_contact": False}
    return Send("sms", _sms(number, text), "notification", number, payload)


def _sms(number: str, text: str) -> str:
    return f"SMS to {number}: {text[:SHOWN]}"


def voicemail(facts: Facts, text: str, *, recording: str, after_beep: bool) -> Send:
    """What the answering machine that has picked up hears: words, or a recording's address."""
    number = facts.contact.values.get("phone", "")
    payload = {"text": text, "recording": recording, "after_beep": after_beep}
    title = f"Voicemail: {text[:SHOWN] or 'a recording'}"
    return Send("voicemail", title, "outreach", number, payload)


def ticket(title: str, fields: dict[str, Any]) -> Send:
    """A ticket of the customer system."""
    payload = {"subject": title, **fields}
    return Send("hubspot_ticket", f"Ticket “{title}” to HubSpot", "record", "", payload)


def request_made(exchange: dict[str, Any]) -> Called:
    """The request of a function, with its answer."""
    return Called("function", f"{exchange['method']} {exchange['url']}", "record", "", exchange)


def notice(ref: str, label: str, way: tuple[str, str], text: str) -> Send:
    """A notice to a colleague, in the way that the colleague chose."""
    kind, by = NOTICES[way[0]]
    payload = {"to": ref, "text": text, "to_contact": False}
    if kind == "email":
        payload["subject"] = one_line(text, SHOWN)
    return Send(kind, f"Notice to {label}{by}: {text[:SHOWN]}", "notification", way[1], payload)


def tell(ctx: Context, refs: Iterable[str], text: str) -> None:
    """Notices to the colleagues who are still there."""
    for ref in refs:
        if ctx.people.exists(ref):
            ctx.emit(notice(ref, ctx.existing(ref), ctx.people.way_to_tell(ref), text))
