"""The list of contacts."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agents.contacts.finding import STANDINGS, ContactFilters
from agents.contacts.models import ContactDisposition, ContactList, Disengagement, Tag
from agents.conversations.filterform import Chip, Field, Group, Pair
from agents.conversations.models import Conversation
from agents.core.models import Role
from agents.core.roles import allowed
from agents.demo.reading import invented

ROWS = 25
READERS = (Role.ADMIN, Role.SUPPORT)
Shelf = type[ContactList] | type[Tag] | type[ContactDisposition]


@allowed(*READERS)
@require_GET
def contact_list(request: HttpRequest) -> HttpResponse:
    """Contacts, or the samples for Try it, narrowed and in pages."""
    filters = ContactFilters.read(request.GET.dict())
    talks = Conversation.everything.filter(contact=OuterRef("pk"), sandbox=filters.samples)
    ended = Disengagement.objects.filter(contact=OuterRef("pk"), lifted_at=None)
    rows = filters.rows(invented().contacts).annotate(
        last_talk=Subquery(talks.order_by("-started_at").values("started_at")[:1]),
        ended_at=Subquery(ended.values("set_at")[:1]),
    )
    part = request.headers.get("HX-Target") == "contact-list"
    fields = _fields(filters)
    context = {
        "filters": filters,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "form": {"fields": fields, "chips": _chips(filters, fields)},
        "clear": ContactFilters(samples=filters.samples).query,
        "part": part,
    }
    name = "contacts/parts/list.html" if part else "contacts/list.html"
    response = render(request, name, context)
    if part:
        response["HX-Push-Url"] = f"{request.path}?{filters.query}".rstrip("?")
    return response


def _fields(filters: ContactFilters) -> tuple[Field, ...]:
    return (
        _field(filters, "list", "List", "Any list", _rows(ContactList)),
        _field(filters, "tag", "Tag", "Any tag", _rows(Tag)),
        _field(filters, "disposition", "Disposition", "Any disposition", _rows(ContactDisposition)),
        _field(filters, "standing", "Reach", "Reachable or not", STANDINGS.items()),
    )


def _field(
    filters: ContactFilters, name: str, label: str, empty: str, pairs: Iterable[Pair]
) -> Field:
    return Field(name, label, empty, getattr(filters, name), (Group("", tuple(pairs)),))


def _rows(model: Shelf) -> list[Pair]:
    return [(str(pk), name) for pk, name in model._default_manager.values_list("pk", "name")]


def _chips(filters: ContactFilters, fields: Iterable[Field]) -> tuple[Chip, ...]:
    known = {field.name: (field.label, field.chosen) for field in fields}
    known["q"] = ("Text", f"“{filters.q}”")
    return tuple(Chip(*known[name], filters.without(name).query) for name in filters.given)
