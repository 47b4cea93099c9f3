"""Create in place: a new entry made from within a pick."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agents.contacts.forms import NameForm
from agents.core import picks
from agents.core.roles import allowed
from agents.core.text import one_line
from agents.panels.forms import Form, Place, read, tree_of
from agents.routing.views.library import created, edited, keep
from agents.routing.views.shelves import Shelf, shelf_of


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def pick_new(request: HttpRequest) -> HttpResponse:
    """`?kinds=` names what may be made. A posted label alone makes it and answers JSON."""
    kinds = [kind for slug in request.GET.get("kinds", "").split(",") if (kind := picks.kind(slug))]
    kinds = [kind for kind in kinds if kind.create or kind.creator]
    if not kinds:
        raise Http404("Nothing can be created here.")
    if request.method == "POST" and "label" in request.POST:
        return _named(request, kinds[0])
    wanted = request.POST.get("kind") or request.GET.get("kind")
    kind = next((item for item in kinds if item.slug == wanted), kinds[0])
    place = Place(prefix="pick", url=request.get_full_path())
    if kind.creator and (shelf := shelf_of(kind.slug)):
        return _by_form(request, kinds, kind, shelf, place)
    return _by_name(request, kinds, kind, place)


def _named(request: HttpRequest, kind: picks.PickKind) -> HttpResponse:
    try:
        ref = picks.create(kind.slug, request.POST["label"], request.user)
    except picks.CannotCreate as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"value": ref, "label": picks.labels([ref]).get(ref, "")})


def _by_form(
    request: HttpRequest, kinds: list[picks.PickKind], kind: picks.PickKind, shelf: Shelf,
    place: Place,
) -> HttpResponse:  # fmt: skip
    first = next(iter(shelf.form.model_fields))
    typed = one_line(request.GET.get("label", ""))
    form = Form(shelf.form, tree_of(shelf.form, {first: typed}), place)
    if request.method == "POST":
        tree = read(shelf.form, request.POST, "settings")
        op = request.POST.get("op")
        if op == "kind":
            return _dialog(request, kinds, kind, form)
        if op:
            form = edited(request, shelf, tree, place, op)
        else:
            form, row = keep(request, shelf, tree, place, None)
            if row is not None:
                return created(shelf.ref(row))
    return _dialog(request, kinds, kind, form)


def _by_name(
    request: HttpRequest, kinds: list[picks.PickKind], kind: picks.PickKind, place: Place
) -> HttpResponse:
    tree = tree_of(NameForm, {"name": one_line(request.GET.get("label", ""))})
    form = Form(NameForm, tree, place)
    if request.method == "POST" and not request.POST.get("op"):
        tree = read(NameForm, request.POST, "settings")
        try:
            return created(picks.create(kind.slug, tree["name"], request.user))
        except picks.CannotCreate as error:
            form = Form(NameForm, tree, place, {("name",): str(error)})
    return _dialog(request, kinds, kind, form)


def _dialog(
    request: HttpRequest, kinds: list[picks.PickKind], kind: picks.PickKind, form: Form
) -> HttpResponse:
    context = {"kinds": kinds, "kind": kind, "form": form}
    return render(request, "routing/parts/pick_new.html", context)
