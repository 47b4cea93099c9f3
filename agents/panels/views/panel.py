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
from agents.panels import services, unsaved
from agents.panels.forms.nodes import preview
from agents.panels.forms.shape import known_in
from agents.panels.history import who_typed
from agents.panels.models import Agent, InstructionPanel
from agents.panels.views.parts import (
    agent_context,
    answer,
    around,
    draw,
    find_agent,
    state_of,
)
from agents.panels.views.typed import board_as_open, open_card


@allowed("admin", "builder")
@require_GET
def instructions(request: HttpRequest, agent: UUID, uid: UUID | None = None) -> HttpResponse:
    """The panel of one agent; each `?open=` names a card that is open."""
    row = find_agent(request, agent)
    shown = board_as_open(request, row.panel)
    if uid and (wanted := shown.card(uid)):
        open_card(wanted, request.user)
    context = agent_context(request, row, "panels:instructions")
    context |= state_of(request, row.panel, shown) | prose_of(request, row.panel)
    context |= {
        "board": shown,
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
    """The instructions save themselves; where somebody else changed them too, the page asks."""
    panel = _stored(request, agent)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("panels:instructions", agent=agent)
    name = "prose" if {"op", "discard"} & set(request.POST) else "prose_state"
    context = prose_of(request, panel) | {"agent": panel.agent, "panel": panel, "oob": True}
    return answer(draw(request, name, **context), around(request, panel))


def _stored(request: HttpRequest, agent: UUID) -> InstructionPanel:
    """The panel, once what was typed is stored, kept or given up."""
    panel = find_agent(request, agent).panel
    if "discard" in request.POST:
        unsaved.drop(panel=panel, part=unsaved.INSTRUCTIONS, user=request.user)
        return panel
    try:
        _store(request, panel)
    except services.Overtaken:
        return _stored(request, agent)
    return panel


def _store(request: HttpRequest, panel: InstructionPanel) -> None:
    text, stored = long_text(request.POST.get("instructions", "")), panel.instructions
    seen = request.POST.get("mine") or request.POST.get("was", panel.mark)
    if seen != panel.mark and text != stored:
        unsaved.keep(
            panel=panel, part=unsaved.INSTRUCTIONS, user=request.user, data=request.POST, wrong=0
        )
        return
    services.save_instructions(panel=panel, text=text, user=request.user)
    unsaved.drop(panel=panel, part=unsaved.INSTRUCTIONS, user=request.user)


def prose_of(request: HttpRequest, panel: InstructionPanel) -> dict[str, Any]:
    """The instructions as they stand or as they were left, and what they began from."""
    kept = unsaved.of(panel, request.user).get(unsaved.INSTRUCTIONS)
    if kept is None:
        return {"prose": panel.instructions, "was": panel.mark, "who": ""}
    who = who_typed(panel, request.user) or "Somebody"
    return {"prose": unsaved.sent(kept)["instructions"], "was": "", "who": who}


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
