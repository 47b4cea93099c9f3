"""Taking steps back, and two people on one panel."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from agents.core.roles import allowed
from agents.panels import history, services
from agents.panels.models import Agent, Edit
from agents.panels.views.parts import answer, around, board, draw, find_agent

STEPS = {
    "undo": (history.last_step, services.undo, "Undone"),
    "redo": (history.last_undone, services.redo, "Done again"),
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
    except services.CannotUndo as error:
        return _panel(request, row, toast={"text": str(error), "level": "warn"})
    words = f"{said}: {label}"
    return _panel(request, row, edit, toast={"text": words}, announce={"value": words})


def _panel(
    request: HttpRequest, agent: Agent, edit: Edit | None = None, **events: object
) -> HttpResponse:
    """The list and, where the step was about them, the instructions."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("panels:instructions", agent=agent.uuid)
    agent.panel.refresh_from_db()
    shown = board(agent.panel)
    parts = [
        draw(request, "list", board=shown, agent=agent),
        around(request, agent.panel, shown, listed=True),
    ]
    if edit is not None and "instructions" in edit.after:
        parts.append(draw(request, "prose", panel=agent.panel, agent=agent, oob=True))
    return answer(*parts, **events)


@allowed("admin", "builder")
@require_GET
def news(request: HttpRequest, agent: UUID) -> HttpResponse:
    """What others have changed since the page was drawn; 204 where nobody has."""
    row = find_agent(request, agent)
    if request.GET.get("seen") == str(row.panel.revision):
        return HttpResponse(status=204)
    shown = board(row.panel)
    return answer(
        draw(request, "list", board=shown, agent=row),
        draw(request, "prose", panel=row.panel, agent=row),
        around(request, row.panel, shown),
    )
