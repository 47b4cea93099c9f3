"""The Instructions page: instructions, action cards, palette, publishing."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from actions import registry, variables
from agents.contacts.variables import property_variables
from agents.core.roles import allowed
from agents.core.text import long_text, one_line
from agents.panels import services
from agents.panels.forms.nodes import preview
from agents.panels.forms.shape import known_in
from agents.panels.history import who_typed
from agents.panels.models import Agent
from agents.panels.views.parts import (
    agent_context,
    answer,
    around,
    board,
    draw,
    find_agent,
    steps_of,
    stored_form,
)

NOT_SAVED = "Not saved: somebody else changed the instructions too."


@allowed("admin", "builder")
@require_GET
def instructions(request: HttpRequest, agent: UUID, uid: UUID | None = None) -> HttpResponse:
    """The panel of one agent; `?open=` names the card that is open."""
    row = find_agent(request, agent)
    shown = board(row.panel)
    wanted = shown.card(uid or request.GET.get("open", ""))
    context = agent_context(row, "panels:instructions") | steps_of(request, row.panel)
    context |= {
        "board": shown,
        "open_card": wanted,
        "form": stored_form(wanted) if wanted else None,
        "groups": palette(row),
        "variables": [*variables.VARIABLES.values(), *property_variables().values()],
    }
    return render(request, "panels/instructions.html", context)


def palette(agent: Agent) -> list[tuple[str, list[Any]]]:
    """The types that this agent can have, by group."""
    kinds = [kind for kind in registry.all_types() if services.fits(kind, agent)]
    return [(group, list(items)) for group, items in groupby(kinds, lambda kind: kind.group)]


@allowed("admin", "builder")
@require_POST
def save_instructions(request: HttpRequest, agent: UUID) -> HttpResponse:
    """Autosave of the instructions."""
    row = find_agent(request, agent)
    text = request.POST.get("instructions", "")
    stored, was = row.panel.instructions, request.POST.get("was")
    if was is not None and long_text(was) != stored and long_text(text) != stored:
        return _asked(request, row)
    try:
        services.save_instructions(panel=row.panel, text=text, user=request.user)
    except services.Overtaken:
        return _asked(request, row)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("panels:instructions", agent=row.uuid)
    return answer(around(request, row.panel), draw(request, "apart", agent=row))


def _asked(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Whose instructions shall be kept."""
    who = who_typed(agent.panel, request.user) or "Somebody"
    asked = answer(draw(request, "apart", agent=agent, who=who), announce={"value": NOT_SAVED})
    asked["X-Not-Saved"] = "1"
    return asked


@allowed("admin", "builder")
@require_POST
def template_preview(request: HttpRequest) -> HttpResponse:
    """A template as a sample contact gets it."""
    path, slots = request.GET.get("field", ""), request.GET.get("slots", "")
    text = long_text(request.POST.get(path, ""), 20_000)
    names = [request.POST.get(f"{slots}.{key}.name", "") for key in request.POST.getlist(slots)]
    known = known_in(text, [one_line(name, 80) for name in names])
    shown = preview(text, known, sms=request.GET.get("sms") == "1")
    return answer(draw(request, "preview", preview=shown))
