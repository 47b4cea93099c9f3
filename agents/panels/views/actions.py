"""One action card: open, save, move, duplicate, disable, delete, restore."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions import registry
from agents.core.roles import allowed
from agents.panels import services
from agents.panels.cards import Board, card
from agents.panels.diff import Line, edited
from agents.panels.forms.common import ActionForm
from agents.panels.freeze import frozen, names_of, settings_of
from agents.panels.history import deletion_of, who_touched
from agents.panels.linter import read_action
from agents.panels.models import Action, InstructionPanel
from agents.panels.references import action_label, as_uuid
from agents.panels.views.panel import instructions
from agents.panels.views.parts import (
    answer,
    around,
    board,
    draw,
    find_action,
    find_agent,
    form_place,
    stored_form,
)


@allowed("admin", "builder")
@require_POST
def add(request: HttpRequest, agent: UUID) -> HttpResponse:
    """A type of the palette becomes an action, open at the end of the list."""
    row = find_agent(request, agent)
    try:
        action = services.add_action(
            panel=row.panel, slug=request.POST.get("type", ""), user=request.user
        )
    except services.UnknownType as error:
        raise Http404("There is no such action type.") from error
    return _shown(request, action, opened=True, fresh=True)


@allowed("admin", "builder")
@require_POST
def order(request: HttpRequest, agent: UUID) -> HttpResponse:
    """The order of the cards on the page."""
    row = find_agent(request, agent)
    uids = [uid for text in request.POST.getlist("order") if (uid := as_uuid(text))]
    services.order_actions(panel=row.panel, uids=uids, user=request.user)
    return answer(around(request, row.panel))


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """GET: the card, open or closed. POST: an operation on its form, or saving it."""
    row = find_action(request, agent, uid)
    if request.method == "POST":
        return _posted(request, row)
    if not request.htmx:  # type: ignore[attr-defined]
        return instructions(request, agent, uid)  # type: ignore[return-value]
    return answer(_card(request, row, opened=request.GET.get("close") != "1"))


def _posted(request: HttpRequest, row: Action) -> HttpResponse:
    kind = registry.get(row.type)
    if kind is None:
        raise Http404("This action type is not installed.")
    form = ActionForm.posted(row, kind, form_place(row), request.POST)
    if "op" in request.POST:
        return answer(draw(request, "form", form=form, card=_read(row)))
    seen = request.POST.get("revision", str(row.revision))
    if seen != str(row.revision) and form.blocked:
        form.seen = seen  # asked once what was typed is right
    elif seen != str(row.revision) and (lines := _apart(row, form)):
        return _asked(request, row, form, lines)
    saved = not form.blocked
    if saved:
        try:
            services.save_action(action=row, draft=form.draft(), user=request.user)
        except services.Overtaken:
            return _posted(request, find_action(request, row.panel.agent.uuid, row.uid))
    shown = board(row.panel)
    drawn = shown.card(row.uid)
    if saved and drawn:
        form.explain(drawn.findings)
    parts = draw(request, "form", form=form, card=drawn, saved=saved)
    if not saved:
        return answer(parts, announce={"value": "Not saved. Something is to be corrected."})
    head = draw(
        request, "head", card=shown.card(row.uid), opened=True, oob=True, agent=row.panel.agent
    )
    return answer(parts, head, around(request, row.panel, shown), announce={"value": "Saved"})


def _asked(request: HttpRequest, row: Action, form: ActionForm, lines: list[Line]) -> HttpResponse:
    """Which of two states shall be kept."""
    who = who_touched(row.panel, str(row.uid), request.user) or "Somebody"
    apart = {"who": who, "lines": lines}
    return answer(draw(request, "form", form=form, card=_read(row), apart=apart))


def _apart(row: Action, form: ActionForm) -> list[Line]:
    """Where what is stored and what was typed differ."""
    theirs = frozen(row, row.position)
    form.draft().put_on(row)
    mine = frozen(row, row.position)
    names = names_of([row], settings_of(row.panel))
    found = list(edited(theirs, mine, names, names))
    row.refresh_from_db()
    return found


def _read(row: Action) -> Any:
    names = names_of([row], settings_of(row.panel))
    return card(read_action(row, names))


@allowed("admin", "builder")
@require_POST
def understood(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """How practice mode understands what is typed right now."""
    row = find_action(request, agent, uid)
    kind = registry.get(row.type)
    if kind is None:
        raise Http404("This action type is not installed.")
    form = ActionForm.posted(row, kind, form_place(row), request.POST)
    if form.common.value is not None:
        form.draft().put_on(row)
    return answer(draw(request, "understood", card=_read(row)))


@allowed("admin", "builder")
@require_POST
def move(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """Put an action at a place; the remedy of a finding."""
    row = find_action(request, agent, uid)
    text = request.POST.get("to", "")
    to = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else row.position
    services.move_action(action=row, to=to, user=request.user)
    place = f"{action_label(row)}: position {to + 1}"
    return _listed(request, row.panel, announce={"value": place})


@allowed("admin", "builder")
@require_POST
def duplicate(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """A copy behind the action."""
    row = find_action(request, agent, uid)
    copy = services.duplicate_action(action=row, user=request.user)
    return _shown(request, copy, announce={"value": f"{action_label(copy)} duplicated"})


@allowed("admin", "builder")
@require_POST
def toggle(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """Disable an action, or enable it again."""
    row = find_action(request, agent, uid)
    services.set_enabled(action=row, enabled=not row.enabled, user=request.user)
    shown = board(row.panel)
    opened = request.GET.get("open") == "1"
    head = draw(request, "head", card=shown.card(row.uid), opened=opened, agent=row.panel.agent)
    words = f"{action_label(row)} {'enabled' if row.enabled else 'disabled'}"
    return answer(head, around(request, row.panel, shown), announce={"value": words})


@allowed("admin", "builder")
@require_POST
def delete(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """Take an action off; the toast brings it back."""
    row = find_action(request, agent, uid)
    panel, label = row.panel, action_label(row)
    services.delete_action(action=row, user=request.user)
    undo = reverse("panels:restore", args=[agent, uid])
    toast = {"text": f"{label} deleted", "undo": undo, "target": "#actions"}
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("panels:instructions", agent=agent)
    return answer(around(request, panel), toast=toast)


@allowed("admin", "builder")
@require_POST
def restore(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """Put a deleted action back."""
    panel = find_agent(request, agent).panel
    deletion = deletion_of(panel, str(uid))
    back = panel.actions.filter(uid=uid)
    if deletion is None and not back.exists():
        raise Http404("This can no longer be brought back.")
    try:
        if deletion is not None:
            services.undo(edit=deletion, user=request.user)
    except services.CannotUndo as error:
        return _not_back(request, panel, str(error))
    said = ", ".join(f"{action_label(row)} is back" for row in back)
    return _listed(request, panel, announce={"value": said})


def _not_back(request: HttpRequest, panel: InstructionPanel, why: str) -> HttpResponse:
    """The list as it is, and why the card was not brought back."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.warning(request, why)
        return redirect("panels:instructions", agent=panel.agent.uuid)
    return _listed(request, panel, toast={"text": why, "level": "warn"})


def _listed(request: HttpRequest, panel: InstructionPanel, **events: Any) -> HttpResponse:
    """The whole list anew."""
    shown: Board = board(panel)
    listed = draw(request, "list", board=shown, agent=panel.agent)
    return answer(listed, around(request, panel, shown, listed=True), **events)


def _shown(
    request: HttpRequest, row: Action, *, opened: bool = False, fresh: bool = False, **events: Any
) -> HttpResponse:
    """A card that is new on the page."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(
            f"{reverse('panels:instructions', args=[row.panel.agent.uuid])}?open={row.uid}"
        )
    shown = board(row.panel)
    drawn = _card(request, row, opened=opened, shown=shown, fresh=fresh)
    return answer(drawn, around(request, row.panel, shown), **events)


def _card(
    request: HttpRequest, row: Action, *, opened: bool, shown: Board | None = None,
    fresh: bool = False,
) -> str:  # fmt: skip
    drawn = (shown or board(row.panel)).card(row.uid)
    return draw(
        request,
        "card",
        card=drawn,
        opened=opened,
        fresh=fresh,
        form=stored_form(drawn, fresh=fresh) if opened and drawn else None,
        agent=row.panel.agent,
    )
