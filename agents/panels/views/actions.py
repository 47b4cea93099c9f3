"""One action card: open, save, move, duplicate, disable, delete, restore."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agents.core.roles import allowed
from agents.panels import services
from agents.panels.cards import Board
from agents.panels.history import deletion_of
from agents.panels.misplaced import PLACES
from agents.panels.models import Action, InstructionPanel
from agents.panels.references import action_label, as_uuid
from agents.panels.remedies import move_to_moment
from agents.panels.views.panel import instructions
from agents.panels.views.parts import (
    answer,
    around,
    board,
    draw,
    find_action,
    find_agent,
)
from agents.panels.views.typed import board_as_open, open_card, posted


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
        return posted(request, row)
    if not request.htmx:  # type: ignore[attr-defined]
        return instructions(request, agent, uid)  # type: ignore[return-value]
    shown = board(row.panel, request.user)
    return answer(_card(request, row, shown, opened=request.GET.get("close") != "1"))


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
def moment(request: HttpRequest, agent: UUID, uid: UUID) -> HttpResponse:
    """Let an action run at the moment that its condition names; the remedy of a finding."""
    row = find_action(request, agent, uid)
    found = move_to_moment(action=row, user=request.user)
    told = f"{action_label(row)} runs {PLACES[found.moment]}" if found else ""
    return _listed(request, row.panel, announce={"value": told})


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
    shown = board(row.panel, request.user)
    drawn = shown.card(row.uid)
    if drawn is None:
        raise Http404("This action was deleted.")
    drawn.opened = request.GET.get("open") == "1"
    head = draw(request, "head", card=drawn, agent=row.panel.agent)
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
    shown = board_as_open(request, panel)
    listed = draw(request, "list", board=shown, agent=panel.agent)
    return answer(listed, around(request, panel, shown), **events)


def _shown(
    request: HttpRequest, row: Action, *, opened: bool = False, fresh: bool = False, **events: Any
) -> HttpResponse:
    """A card that is new on the page."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(
            f"{reverse('panels:instructions', args=[row.panel.agent.uuid])}?open={row.uid}"
        )
    shown = board(row.panel, request.user)
    drawn = _card(request, row, shown, opened=opened, fresh=fresh)
    return answer(drawn, around(request, row.panel, shown), **events)


def _card(
    request: HttpRequest, row: Action, shown: Board, *, opened: bool, fresh: bool = False
) -> str:
    drawn = shown.card(row.uid)
    if drawn and opened:
        open_card(drawn, request.user, fresh=fresh)
    return draw(request, "card", card=drawn, fresh=fresh, agent=row.panel.agent)
