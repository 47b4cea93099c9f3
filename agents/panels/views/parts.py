"""What all builder screens share: finding rows, drawing parts, answering htmx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from actions import registry
from agents.conversations.models import DailyCount
from agents.core.roles import visible_to
from agents.panels import cards, unsaved
from agents.panels.cards import Board, Card, Tried
from agents.panels.forms.common import ActionForm
from agents.panels.forms.nodes import Place
from agents.panels.history import last_step, last_undone
from agents.panels.models import Action, Agent, InstructionPanel
from agents.panels.views.header import differences, problems
from agents.tryit.validation import validation

TABS = (
    ("Instructions", "panels:instructions"),
    ("Versions", "panels:versions"),
    ("Settings", "panels:settings"),
)


def find_agent(request: HttpRequest, agent: UUID) -> Agent:
    """The agent of this address, if the user may see it."""
    rows = Agent.objects.select_related("panel", "live_version")
    return get_object_or_404(visible_to(rows, request.user), uuid=agent)


def find_action(request: HttpRequest, agent: UUID, uid: UUID) -> Action:
    """An action of this agent's panel."""
    rows = Action.objects.select_related("panel__agent__live_version")
    return get_object_or_404(visible_to(rows, request.user), uid=uid, panel__agent__uuid=agent)


def agent_context(request: HttpRequest, agent: Agent, tab: str) -> dict[str, Any]:
    """What the header of every page of one agent needs."""
    tabs = [
        {"label": label, "url": reverse(route, args=[agent.uuid]), "current": route == tab}
        for label, route in TABS
    ]
    return {
        "agent": agent, "panel": agent.panel, "tabs": tabs, "unpublished": len(differences(agent)),
        **steps_of(request, agent.panel),
    }  # fmt: skip


def form_place(action: Action) -> Place:
    """Where the form of an action stands."""
    url = reverse("panels:action", args=[action.panel.agent.uuid, action.uid])
    return Place(prefix=f"f{action.uid.hex[:8]}", url=url, panel=action.panel_id)


def stored_form(shown: Card) -> ActionForm | None:
    """The form of a card as it is stored; None for an unknown type."""
    kind = registry.get(shown.action.type)
    if kind is None:
        return None
    form = ActionForm.stored(shown.action, kind, form_place(shown.action))
    form.explain(shown.findings)
    return form


def board(panel: InstructionPanel, user: object = None) -> Board:
    """The state of a panel's cards, for every place that shows it.

    What the linter says, what tests have shown, how often each fired in the last 30 days, what
    `user` has not saved.
    """
    made = cards.board(panel)
    tried = validation(panel.agent).by_action()
    since = timezone.localdate() - timedelta(days=30)
    rows = DailyCount.objects.filter(agent=panel.agent, day__gte=since, code__startswith="fired")
    fired = dict(rows.values_list("action_uid").annotate(n=Sum("count")))
    kept = unsaved.of(panel, user)
    for shown in made.cards:
        shown.fired = fired.get(shown.action.uid, 0)
        shown.tried = tried.get(shown.uid, Tried())
        shown.unsaved = kept.get(shown.uid)
    return made


def draw(request: HttpRequest, name: str, **context: Any) -> str:
    """One part of a page."""
    return render_to_string(f"panels/parts/{name}.html", context, request=request)


def around(
    request: HttpRequest,
    panel: InstructionPanel,
    shown: Board | None = None,
    *,
    listed: bool = False,
) -> str:
    """What changes beside the swapped part: saved state, problems, notices, other cards.

    `listed`: the whole list is swapped, and no card needs to be drawn again.
    """
    panel.refresh_from_db(fields=["saved_at", "revision"])
    shown = shown or board(panel, request.user)
    context = {"agent": panel.agent, "panel": panel, "board": shown, "oob": True}
    context |= steps_of(request, panel) | state_of(request, panel, shown)
    context["unpublished"] = len(differences(panel.agent))
    names = ("state", "steps", "notices", "unpublished", "not_tried")
    parts = [draw(request, name, **context) for name in names]
    return "".join([*parts, *([] if listed else _changed(request, shown, context))])


def state_of(request: HttpRequest, panel: InstructionPanel, shown: Board) -> dict[str, Any]:
    """What the header says about the draft."""
    found = problems(panel.agent, shown, request.user)
    return {"problems": found, "unsaved": len(found.unsaved)}


def _changed(request: HttpRequest, shown: Board, context: dict[str, Any]) -> Iterator[str]:
    """What each card of the page says that has come to say something else.

    The page names its cards with what they show: how the uid begins, the digest, and `open`
    where one is open, with dots between.
    """
    target = request.headers.get("HX-Target", "")
    by_start = {card.uid[:8]: card for card in shown.cards}
    for entry in request.headers.get("X-Cards", "").split():
        start, digest, state = f"{entry}..".split(".")[:3]
        card = by_start.get(start)
        if card is None or card.drawn == digest or target == f"head-{card.uid}":
            continue
        yield draw(request, "says", **context, card=card)
        if state == "open" and target != f"form-{card.uid}" and (form := stored_form(card)):
            yield draw(request, "findings", **context, card=card, form=form)


def steps_of(request: HttpRequest, panel: InstructionPanel) -> dict[str, str]:
    """What this person could undo and redo, in words."""
    undo, redo = last_step(panel, request.user), last_undone(panel, request.user)
    return {"undo": undo.label if undo else "", "redo": redo.label if redo else ""}


def answer(*parts: str, **events: Any) -> HttpResponse:
    """Parts for htmx, and the events that the page hears."""
    response = HttpResponse("".join(parts))
    if events:
        response["HX-Trigger"] = json.dumps({k.replace("_", "-"): v for k, v in events.items()})
    return response
