"""The list of agents, a new agent, pausing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect
from pydantic import field_validator

from actions.base import Settings
from actions.fields import choice, line
from agents.conversations.models import Conversation
from agents.core.roles import allowed, visible_to
from agents.panels import services
from agents.panels.forms import Form, Place, check, read, tree_of
from agents.panels.linter import lint
from agents.panels.models import Agent
from agents.panels.starters import STARTERS
from agents.panels.views.parts import find_agent

DAY = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}


class NewAgent(Settings):
    """What a new agent needs."""

    name: str = line("Name", placeholder="Front desk", max=120)
    kind: Literal["voice", "text"] = choice(
        "Type of agent", "voice", labels={"voice": "Voice", "text": "Text: SMS and chat"}
    )
    starter: str = choice(
        "Start with",
        "",
        labels={"": "An empty panel", **{s.slug: s.label for s in STARTERS.values()}},
    )

    @field_validator("name")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value:
            raise ValueError("Enter a name.")
        return value


@dataclass(frozen=True)
class AgentCard:
    """An agent as the list shows it."""

    agent: Agent
    actions: int
    today: int
    health: str
    tone: str


@allowed("admin", "builder")
@require_GET
def agents(request: HttpRequest) -> HttpResponse:
    """All agents."""
    rows = visible_to(Agent.objects.select_related("panel", "live_version"), request.user)
    since = timezone.localtime().replace(**DAY)  # type: ignore[arg-type]
    counts = Conversation.objects.filter(started_at__gte=since).values("agent_id")
    today = dict(counts.annotate(n=Count("pk")).values_list("agent_id", "n"))
    tested = set(Conversation.everything.filter(sandbox=True).values_list("agent_id", flat=True))
    cards = [_card(agent, today.get(agent.pk, 0), agent.pk in tested) for agent in rows]
    return render(request, "panels/agents.html", {"cards": cards})


def _card(agent: Agent, today: int, tested: bool) -> AgentCard:
    errors = sum(finding.level == "error" for finding in lint(agent.panel))
    if agent.paused:
        health, tone = "paused", "warn"
    elif errors:
        health, tone = f"{errors} to correct", "bad"
    elif not tested:
        health, tone = "never tested", "warn"
    else:
        health, tone = "good", "ok"
    return AgentCard(agent, agent.panel.actions.count(), today, health, tone)


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def new_agent(request: HttpRequest) -> HttpResponse:
    """The dialog in which an agent is made."""
    place = Place(prefix="new", url=reverse("panels:new"))
    form = Form(NewAgent, tree_of(NewAgent, {}), place)
    if request.method == "POST":
        checked = check(NewAgent, read(NewAgent, request.POST, "settings"))
        form = Form(NewAgent, checked.tree, place, checked.errors)
        if not checked.errors and "op" not in request.POST:
            return _made(request, checked.value)
    context = {
        "form": form,
        "chosen": form.tree["starter"],
        "starters": STARTERS.values(),
    }
    name = "panels/parts/new.html" if request.htmx else "panels/new.html"  # type: ignore[attr-defined]
    return render(request, name, context)


def _made(request: HttpRequest, value: NewAgent) -> HttpResponse:
    starter = STARTERS.get(value.starter)
    kind = starter.kind if starter else value.kind
    agent = services.create_agent(
        name=value.name, kind=kind, starter=value.starter, user=request.user
    )
    url = reverse("panels:instructions", args=[agent.uuid])
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(url)
    return redirect(url)


@allowed("admin", "builder")
@require_POST
def pause(request: HttpRequest, agent: UUID) -> HttpResponse:
    """Stop an agent, or let it go on."""
    row = find_agent(request, agent)
    services.set_paused(agent=row, paused=not row.paused, user=request.user)
    messages.success(request, f"{row.name} is paused" if row.paused else f"{row.name} has resumed")
    return redirect("panels:settings", agent=row.uuid)
