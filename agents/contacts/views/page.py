"""The page of a contact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from agents.contacts.models import Contact
from agents.contacts.views.about import blocks_of, ended_of, labels_of, upcoming, values_of
from agents.contacts.views.listing import READERS
from agents.contacts.views.timeline import SHOWN, talks_of, tests_only, timeline
from agents.core.roles import allowed

TABS = ("timeline", "properties", "reach")


def find_contact(pk: UUID) -> Contact:
    """With its disposition; 404 where there is none."""
    contact = Contact.objects.select_related("disposition").filter(pk=pk).first()
    if contact is None:
        raise Http404("There is no such contact.")
    return contact


@allowed(*READERS)
@require_GET
def detail(request: HttpRequest, who: UUID) -> HttpResponse:
    """Who it is, what happened, and what may be sent."""
    contact = find_contact(who)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    blocks, ended = blocks_of(contact), ended_of(contact)
    consents = list(contact.consents.all())
    context: dict[str, Any] = {
        "contact": contact,
        "tab": tab,
        "values": values_of(contact),
        "blocks": blocks,
        "open_block": next((one for one in blocks if not one.lifted_at), None),
        "ended": ended,
        "open_ends": [one for one in ended if not one.lifted_at],
        "labels": labels_of(contact),
        "consents": consents,
        "agreed": [one for one in consents if not one.withdrawn_at],
        "upcoming": upcoming(contact),
        "talk_count": talks_of(contact).count(),
        "for_tests": tests_only(contact),
    }
    if tab == "timeline":
        context |= _timeline(request, contact)
    return render(request, "contacts/detail.html", context)


@allowed(*READERS)
@require_GET
def timeline_part(request: HttpRequest, who: UUID) -> HttpResponse:
    """The timeline alone, or its next stretch."""
    contact = find_contact(who)
    context = {"contact": contact, **_timeline(request, contact)}
    name = "timeline_lines" if request.GET.get("before") else "timeline"
    return render(request, f"contacts/parts/{name}.html", context)


def _timeline(request: HttpRequest, contact: Contact) -> dict[str, Any]:
    shown = request.GET.get("kind", "")
    shown = shown if shown in SHOWN else ""
    try:
        before = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        before = None
    aware = before if before and before.tzinfo else None
    return {"timeline": timeline(contact, shown, aware), "shown": shown, "kinds": SHOWN.items()}
