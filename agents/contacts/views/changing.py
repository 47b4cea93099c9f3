"""What staff change about a contact: labels, notes, and whether it may be reached."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from agents.contacts import consent, services, status
from agents.contacts.forms import ConsentForm
from agents.contacts.models import Contact
from agents.contacts.views.about import Choice, labels_of
from agents.contacts.views.listing import READERS
from agents.contacts.views.page import find_contact
from agents.core.models import User
from agents.core.roles import allowed
from agents.core.text import long_text
from agents.panels.forms import Form, Place, check, read, tree_of

REASON = 2000


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done for a typed reason."""

    title: str
    words: str
    label: str
    icon: str
    done: str
    perform: Callable[[Contact, User, str], object]
    fits: Callable[[Contact], bool]
    danger: bool = False


def _block(contact: Contact, user: User, reason: str) -> object:
    return services.set_dnc(contact=contact, source="staff", words=reason, actor=str(user))


def _may_be_blocked(contact: Contact) -> bool:
    return not contact.blocked


def _is_disengaged(contact: Contact) -> bool:
    return contact.disengaged or contact.disengagements.filter(lifted_at=None).exists()


def _withdraw(contact: Contact, user: User, reason: str) -> object:
    return consent.withdraw(contact=contact, how=reason, actor=str(user))


ACTS = {
    "lift": Act(
        "Lift DNC",
        "The contact may be called and written to again. Say what allows it; this stays on record.",
        "Lift DNC", "shield-check", "DNC lifted",
        lambda contact, user, reason: services.lift_dnc(contact=contact, user=user, reason=reason),
        lambda contact: contact.blocked,
    ),
    "block": Act(
        "Set as DNC",
        "Every message and call is blocked, on every channel, until a person lifts it.",
        "Set as DNC", "ban", "Set as DNC", _block, _may_be_blocked, danger=True,
    ),
    "re-engage": Act(
        "Re-engage",
        "Outreach may resume. Say what allows it; this stays on record.",
        "Re-engage", "play", "Outreach resumed",
        lambda contact, user, reason: services.re_engage(contact=contact, user=user, reason=reason),
        _is_disengaged,
    ),
    "withdraw": Act(
        "Withdraw consent",
        "No permission to call or write is left on record. Say how the contact took it back.",
        "Withdraw consent", "circle-x", "Consent withdrawn", _withdraw,
        lambda contact: contact.consents.filter(withdrawn_at=None).exists(),
    ),
}  # fmt: skip


@allowed(*READERS)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, who: UUID, name: str) -> HttpResponse:
    """A dialog that asks for the reason; a page of its own where it is opened by its address."""
    contact, chosen = find_contact(who), ACTS.get(name)
    if chosen is None:
        raise Http404("There is no such action.")
    error = ""
    if request.method == "POST":
        reason = long_text(request.POST.get("reason", ""), REASON).strip()
        if reason and isinstance(request.user, User):
            if chosen.fits(contact):
                chosen.perform(contact, request.user, reason)
                messages.success(request, chosen.done)
            return _to_page(request, contact)
        error = "Type a reason."
    context = {"contact": contact, "act": chosen, "name": name, "error": error,
               "fits": chosen.fits(contact)}  # fmt: skip
    part = "parts/act" if request.htmx else "act"  # type: ignore[attr-defined]
    return render(request, f"contacts/{part}.html", context)


@allowed(*READERS)
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, who: UUID) -> HttpResponse:
    """A dialog that takes down a permission; a page of its own by its address."""
    contact = find_contact(who)
    place = Place(prefix="consent", url=request.path)
    form = Form(ConsentForm, tree_of(ConsentForm, {}), place)
    if request.method == "POST":
        checked = check(ConsentForm, read(ConsentForm, request.POST, "settings"))
        form = Form(ConsentForm, checked.tree, place, checked.errors)
        if not checked.errors:
            given: ConsentForm = checked.value
            grant = consent.Grant(
                given.channel, given.purpose, given.source, given.wording, given.proof
            )
            new = consent.give(contact=contact, grant=grant, actor=str(request.user))
            messages.success(request, "Consent on record" if new else "It was already on record")
            return _to_page(request, contact, "reach")
    context = {"contact": contact, "form": form}
    part = "parts/consent" if request.htmx else "consent"  # type: ignore[attr-defined]
    return render(request, f"contacts/{part}.html", context)


@allowed(*READERS)
@require_POST
def label(request: HttpRequest, who: UUID, field: str) -> HttpResponse:
    """File the contact under a disposition, tags or lists; the answer is the field again."""
    contact, known = find_contact(who), labels_of(find_contact(who))
    if field not in known:
        raise Http404("There is no such field.")
    actor, wanted = str(request.user), _legal(request.POST.getlist(field), known[field])
    if field == "dispositions":
        ref = wanted[0] if wanted else ""
        status.set_contact_disposition(contact=contact, ref=ref, actor=actor)
    else:
        status.replace_labels(
            contact=contact,
            kind="tag" if field == "tags" else "list",
            had=_legal(request.POST.get("had", "").split(), known[field]),
            wanted=wanted,
            actor=actor,
        )
    if not request.htmx:  # type: ignore[attr-defined]
        return _to_page(request, contact)
    context = {"contact": contact, "labels": labels_of(find_contact(who)), "field": field}
    response = render(request, "contacts/parts/label.html", context)
    response["HX-Trigger"] = json.dumps({"contact-changed": {}, "announce": "Saved"})
    return response


def _legal(refs: list[str], choices: list[Choice]) -> list[str]:
    known = {choice.ref for choice in choices}
    return [ref for ref in refs if ref in known]


@allowed(*READERS)
@require_POST
def note(request: HttpRequest, who: UUID) -> HttpResponse:
    """Write on the timeline."""
    contact = find_contact(who)
    text = long_text(request.POST.get("text", ""), 10_000).strip()
    if text:
        services.add_note(contact=contact, text=text, actor=str(request.user))
    if not request.htmx:  # type: ignore[attr-defined]
        return _to_page(request, contact)
    trigger: dict[str, Any] = {
        "contact-changed": {},
        "announce": "Note added" if text else "Write something first",
    }
    response = render(request, "contacts/parts/note.html", {"contact": contact})
    response["HX-Trigger"] = json.dumps(trigger)
    return response


def _to_page(request: HttpRequest, contact: Contact, tab: str = "") -> HttpResponse:
    url = reverse("contacts:detail", args=[contact.pk]) + (f"?tab={tab}" if tab else "")
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]
