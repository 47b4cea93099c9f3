"""Ready-made starts for a new agent: instructions, settings and a few actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from agents.contacts.models import Disposition, Property, Tag
from agents.routing.models import Inbox

Actions = Iterable[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Starter:
    """One ready-made start."""

    slug: str
    kind: str
    label: str
    about: str
    instructions: str
    settings: dict[str, Any] = field(default_factory=dict)
    actions: Callable[[], Actions] = lambda: ()


def _capture(*keys: str) -> dict[str, Any]:
    known = set(Property.objects.filter(key__in=keys).values_list("key", flat=True))
    rows = [{"id": key, "property": f"property:{key}"} for key in keys if key in known]
    return {"fields": rows}


def _named(
    model: type[Disposition | Tag], slug: str, pairs: dict[str, str]
) -> list[dict[str, Any]]:
    rows = model._default_manager.filter(name__in=pairs)
    return [{"id": str(row.pk), slug: f"{slug}:{row.pk}", "when": pairs[row.name]} for row in rows]


def _front_desk() -> Actions:
    yield (
        "update_contact_property",
        {
            "when": "the caller gives a name, an e-mail address or an account number",
            "config": _capture("first_name", "last_name", "email", "account_number"),
        },
    )
    yield (
        "call_disposition",
        {
            "config": {
                "dispositions": _named(
                    Disposition,
                    "disposition",
                    {
                        "Quote": "the caller asks about a “price” or a “quote”",
                        "Complaint": "the caller makes a “complaint”",
                    },
                )
            },
        },
    )
    inbox = Inbox.objects.first()
    if inbox:
        yield (
            "transfer_call",
            {
                "when": "the caller asks for a “person” or a “quote”",
                "config": {"destinations": [{"id": "inbox", "ref": f"inbox:{inbox.pk}"}]},
            },
        )
    yield "end_call", {"when": "the caller says “goodbye” or “that is all”"}


def _text_desk() -> Actions:
    yield (
        "update_contact_property",
        {
            "when": "the contact gives a name or an e-mail address",
            "config": _capture("first_name", "last_name", "email"),
        },
    )
    yield (
        "communication_tag",
        {
            "config": {
                "tags": _named(
                    Tag,
                    "tag",
                    {
                        "Urgent": "the contact says it is “urgent”",
                        "New customer": "the contact is a “new customer”",
                    },
                )
            },
        },
    )
    yield "set_dnc", {"when": "the contact asks not to be contacted any more"}


STARTERS = {
    starter.slug: starter
    for starter in (
        Starter(
            "front-desk",
            "voice",
            "Front desk",
            "Answers calls, takes the name, sorts the call and passes it on.",
            "You are the front desk. Be brief and friendly. Ask for the name first, then what the "
            "call is about. Answer what you know; pass on what you do not.",
            {"greeting": "Hello, this is the front desk. How can I help you?"},
            _front_desk,
        ),
        Starter(
            "text-desk",
            "text",
            "Text helper",
            "Answers messages, keeps contact data and marks what is urgent.",
            "You answer messages for the office. Be brief and friendly, one question at a time. "
            "Ask for the name if you do not know it.",
            {"greeting": "Hello, how can I help you?"},
            _text_desk,
        ),
    )
}
