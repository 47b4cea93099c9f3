"""The pages of the library: a list, one row in a dialog, deletion with its uses."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect
from pydantic import BaseModel

from agents.contacts.directory import BuiltIn
from agents.core import picks
from agents.core.roles import allowed
from agents.core.text import one_line
from agents.panels.forms import Form, Place, check, edit, read, tree_of
from agents.panels.forms.check import Loc
from agents.routing.services import InUse, Refused
from agents.routing.views.shelves import SHELVES, Shelf

TYPE_AGAIN = "Nothing has been saved yet. Type the secret again: it is not kept in the form."


def find_shelf(slug: str) -> Shelf:
    """The shelf of this address."""
    if slug not in SHELVES:
        raise Http404("There is no such list.")
    return SHELVES[slug]


def find_row(shelf: Shelf, key: str) -> Any:
    """A row of a shelf; a key that no row can have is simply not there."""
    try:
        row = shelf.rows().filter(pk=key).first()
    except (ValueError, TypeError, OverflowError, ValidationError):
        row = None
    if row is None:
        raise Http404("This is no longer there.")
    return row


@allowed("admin", "builder")
@require_GET
def library(request: HttpRequest, shelf: str = "people") -> HttpResponse:
    """One shelf, or what a search finds on all of them; the others are at the side."""
    found = find_shelf(shelf)
    search = one_line(request.GET.get("q", ""), 80)
    listed = [one for one in _in_turn(found) if search or one is found]
    lists = [(one, rows) for one in listed if (rows := _rows(one, search)) or not search]
    context = {"shelf": found, "lists": lists, "search": search, "groups": _groups()}
    part = request.headers.get("HX-Target") == "shelf"
    return render(request, f"routing/{'parts/shelf' if part else 'library'}.html", context)


def _in_turn(first: Shelf) -> list[Shelf]:
    return [first, *(shelf for shelf in SHELVES.values() if shelf is not first)]


def _rows(shelf: Shelf, search: str) -> list[dict[str, Any]]:
    """The rows of a shelf in which these words stand."""
    rows = ({"row": row, "note": shelf.note(row)} for row in shelf.rows())
    words = search.casefold()
    return [one for one in rows if words in f"{one['row']} {one['note']}".casefold()]


def _groups() -> list[tuple[str, list[tuple[Shelf, int]]]]:
    """The shelves by group, each with how much stands on it."""
    return [
        (group, [(shelf, shelf.rows().count()) for shelf in shelves])
        for group, shelves in groupby(SHELVES.values(), key=lambda shelf: shelf.group)
    ]


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, shelf: str, key: str = "") -> HttpResponse:
    """A row's form: a dialog, or a page of its own where it is opened by its address."""
    found = find_shelf(shelf)
    row = find_row(found, key) if key else None
    place = Place(prefix=f"entry-{found.slug}", url=request.path)
    form = Form(found.form, tree_of(found.form, found.stored(row) if row else {}), place)
    if request.method == "POST":
        tree = read(found.form, request.POST, "settings")
        if op := request.POST.get("op"):
            form = edited(request, found, tree, place, op)
        else:
            form, saved = keep(request, found, tree, place, row)
            if saved is not None:
                messages.success(request, f"{saved} saved")
                return _to_list(request, found)
    locked = bool(row and found.locked(row))
    context = {"shelf": found, "form": form, "row": row, "key": key, "locked": locked}
    name = "parts/entry" if request.htmx else "entry"  # type: ignore[attr-defined]
    return render(request, f"routing/{name}.html", context)


def at_form(op: str) -> str:
    """An operation without the name of the form in front of its path."""
    verb, _, path = op.partition(":")
    return f"{verb}:{path.removeprefix('settings.')}"


def edited(request: HttpRequest, shelf: Shelf, tree: dict[str, Any], place: Place, op: str) -> Form:
    """The form with a row more or less; the browser keeps a typed secret where it redraws."""
    redrawn = bool(request.htmx)  # type: ignore[attr-defined]
    errors = {} if redrawn else typed_secrets(shelf.form, tree)
    return Form(shelf.form, edit(shelf.form, tree, at_form(op)), place, errors)


def keep(
    request: HttpRequest, shelf: Shelf, tree: dict[str, Any], place: Place, row: Any
) -> tuple[Form, Any]:
    """Check and save; the form to draw again, and the row where it was saved."""
    checked = check(shelf.form, tree)
    saved = None
    if not checked.errors:
        try:
            saved = shelf.save(form=checked.value, row=row, user=request.user)
        except Refused as error:
            checked.errors[error.loc] = str(error)
    if saved is None:
        checked.errors = typed_secrets(shelf.form, tree) | checked.errors
    return Form(shelf.form, checked.tree, place, checked.errors), saved


def typed_secrets(form: type[BaseModel], tree: dict[str, Any]) -> dict[Loc, str]:
    """A form that is drawn again never holds a secret: what was typed has to be typed again."""
    widgets = {
        name: info.json_schema_extra.get("widget")
        for name, info in form.model_fields.items()
        if isinstance(info.json_schema_extra, dict)
    }
    secrets = (name for name, widget in widgets.items() if widget == "secret")
    return {(name,): TYPE_AGAIN for name in secrets if tree.get(name)}


@allowed("admin", "builder")
@require_POST
def delete(request: HttpRequest, shelf: str, key: str) -> HttpResponse:
    """Delete a row that nobody refers to; else say who does."""
    found = find_shelf(shelf)
    row = find_row(found, key)
    label = str(row)
    try:
        found.delete(row=row, ref=found.ref(row), user=request.user)
    except InUse as error:
        context = {"shelf": found, "row": row, "uses": error.uses, "key": key}
        name = "parts/in_use" if request.htmx else "in_use"  # type: ignore[attr-defined]
        return render(request, f"routing/{name}.html", context)
    except BuiltIn as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{label} deleted")
    return _to_list(request, found)


def _to_list(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    url = reverse("routing:shelf", args=[shelf.slug])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


def created(ref: str, group: str) -> HttpResponse:
    """Tells the pick that waits for it, which lists it below this heading."""
    label = picks.labels([ref]).get(ref, "")
    trigger = {"created": {"value": ref, "label": label, "group": group}}
    return HttpResponse(headers={"HX-Trigger": json.dumps(trigger), "HX-Reswap": "none"})
