"""Made and changed in place: the form of what a pick refers to, in a dialog over the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agents.core import picks
from agents.core.roles import allowed
from agents.core.text import one_line
from agents.panels.forms import Form, Place, read, tree_of
from agents.panels.forms.tree import Tree
from agents.routing.numbers import phone_number, shown
from agents.routing.views.library import created, edited, keep
from agents.routing.views.shelves import Shelf, row_of, shelf_of

NUMBERS = ("number", "phone")  # the fields into which a number goes that was typed in a pick


@dataclass(frozen=True)
class Dialog:
    """What is made or, where there is a row, changed."""

    kind: picks.PickKind
    shelf: Shelf
    row: Any = None


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def pick_new(request: HttpRequest) -> HttpResponse:
    """`?kind=` names what is made. A posted label alone makes it and answers JSON."""
    slug = request.GET.get("kind", "")
    kind, shelf = picks.kind(slug), shelf_of(slug)
    if kind is None or shelf is None or not kind.makes:
        raise Http404("Nothing can be created here.")
    if request.method == "POST" and "label" in request.POST:
        return _named(request, kind)
    return _answer(request, Dialog(kind, shelf), _begun(shelf, request.GET.get("label", "")))


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def pick_edit(request: HttpRequest) -> HttpResponse:
    """`?ref=` names what is changed; a number that the library does not know yet gets a name."""
    ref = request.GET.get("ref", "")
    slug, key = picks.split(ref)
    kind, shelf = picks.kind(slug), shelf_of(slug)
    if kind is None or shelf is None or not picks.exists(ref):
        raise Http404("This is no longer there.")
    found = row_of(ref)
    row = found[1] if found else None
    begun = tree_of(shelf.form, shelf.stored(row)) if row else _begun(shelf, key)
    return _answer(request, Dialog(kind, shelf, row), begun)


def _named(request: HttpRequest, kind: picks.PickKind) -> HttpResponse:
    try:
        ref = picks.create(kind.slug, request.POST["label"], request.user)
    except picks.CannotCreate as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"value": ref, "label": picks.labels([ref]).get(ref, "")})


def _begun(shelf: Shelf, typed: str) -> Tree:
    """A new form that holds what was typed into the pick: a number as such, else a name."""
    text, fields = one_line(typed, 120), list(shelf.form.model_fields)
    number = phone_number(text)
    field = next((name for name in NUMBERS if number and name in fields), "")
    return tree_of(shelf.form, {field: shown(number)} if field else {fields[0]: text})


def _answer(request: HttpRequest, dialog: Dialog, begun: Tree) -> HttpResponse:
    """The form as it begins, after an operation, or with its errors; else the pick is told."""
    shelf, op = dialog.shelf, request.POST.get("op")
    place = Place(prefix=f"pick-{dialog.kind.slug}", url=request.get_full_path())
    form = Form(shelf.form, begun, place)
    if request.method == "POST":
        tree = read(shelf.form, request.POST, "settings")
        if op:
            form = edited(request, shelf, tree, place, op)
        else:
            form, row = keep(request, shelf, tree, place, dialog.row)
            if row is not None:
                return created(shelf.ref(row), dialog.kind.group)
    context = {"kind": dialog.kind, "shelf": shelf, "form": form, "row": dialog.row}
    return render(request, "routing/parts/pick_form.html", context)
