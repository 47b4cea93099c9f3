"""Taking steps back, and two people on one panel."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from agents.core.roles import allowed
from agents.panels import history, services, unsaved
from agents.panels.models import Agent
from agents.panels.sections import SECTIONS
from agents.panels.views.panel import prose_of
from agents.panels.views.parts import answer, around, draw, find_agent
from agents.panels.views.settings import draw_section
from agents.panels.views.typed import board_as_open

STEPS = {
    "undo": (history.last_step, services.undo, "Undone"),
    "redo": (history.last_undone, services.redo, "Redone"),
}


@allowed("admin", "builder")
@require_POST
def step(request: HttpRequest, agent: UUID, way: str) -> HttpResponse:
    """Undo one's own last step, or do again what was undone."""
    row = find_agent(request, agent)
    find, take, said = STEPS[way]
    edit = find(row.panel, request.user)
    if edit is None:
        return _panel(request, row, toast={"text": f"There is nothing to {way}."})
    label = edit.label
    try:
        take(edit=edit, user=request.user)
        unsaved.follow(edit=edit, user=request.user)
    except services.CannotUndo as error:
        return _panel(request, row, toast={"text": str(error), "level": "warn"})
    words = f"{said}: {label}"
    return _panel(request, row, toast={"text": words}, announce={"value": words})


def _panel(request: HttpRequest, agent: Agent, **events: object) -> HttpResponse:
    """Everything that a step may have changed, as the page shows it."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("panels:instructions", agent=agent.uuid)
    return answer(drawn(request, find_agent(request, agent.uuid)), **events)


def drawn(request: HttpRequest, agent: Agent) -> str:
    """The sections on the settings page; else the cards, open ones open, and the instructions."""
    data = request.POST if request.method == "POST" else request.GET
    if data.get("on") == "settings":
        parts = [draw_section(request, agent, section) for section in SECTIONS]
        return "".join([*parts, title(request, agent), around(request, agent.panel)])
    shown = board_as_open(request, agent.panel)
    context = {"agent": agent, "panel": agent.panel, "board": shown, "oob": True}
    context |= prose_of(request, agent.panel)
    beside = around(request, agent.panel, shown, listed=True)
    listed, prose = (draw(request, name, **context) for name in ("list", "prose"))
    return "".join([listed, prose, title(request, agent), beside])


def title(request: HttpRequest, agent: Agent) -> str:
    """The agent's name in the header."""
    return draw(request, "title", agent=agent, oob=True)


@allowed("admin", "builder")
@require_GET
def news(request: HttpRequest, agent: UUID) -> HttpResponse:
    """What others have changed since the page was drawn; 204 where nobody has."""
    row = find_agent(request, agent)
    if request.GET.get("seen") == str(row.panel.revision):
        return HttpResponse(status=204)
    return answer(drawn(request, row))


@allowed("admin", "builder")
@require_POST
def library_changed(request: HttpRequest, agent: UUID) -> HttpResponse:
    """What the page says about its cards, after something they refer to was changed in place."""
    return answer(around(request, find_agent(request, agent).panel))
