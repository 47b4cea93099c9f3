"""The settings of an agent: a page of sections, each saved by itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agents.core.roles import allowed
from agents.panels import services
from agents.panels.forms import Checked, Place, read, tree_of
from agents.panels.freeze import settings_of
from agents.panels.models import Agent
from agents.panels.schema import AgentSettings
from agents.panels.sections import (
    BY_SLUG,
    SECTIONS,
    Section,
    SectionForm,
    check_section,
    question,
)
from agents.panels.views.parts import agent_context, answer, draw, find_agent


@dataclass
class Shown:
    """A section as the page draws it."""

    section: Section
    form: SectionForm
    name: str = ""
    name_error: str = ""
    saved: bool = False
    question: str = ""

    @property
    def named(self) -> bool:
        """Whether the agent's name stands in it."""
        return self.section is SECTIONS[0]

    @property
    def wrong(self) -> bool:
        """Whether something has to be corrected."""
        return bool(self.form.errors or self.name_error)


@allowed("admin", "builder")
@require_GET
def settings(request: HttpRequest, agent: UUID) -> HttpResponse:
    """Greeting, language, hours, models, limits: everything but instructions and actions."""
    return _page(request, find_agent(request, agent))


@allowed("admin", "builder")
@require_POST
def section(request: HttpRequest, agent: UUID, slug: str) -> HttpResponse:
    """Save one section; what was typed stays where something is wrong."""
    row = find_agent(request, agent)
    if slug not in BY_SLUG:
        raise Http404("There is no such section.")
    shown, checked = _posted(request, row, BY_SLUG[slug])
    spoken = settings_of(row.panel).language
    if not shown.wrong and "op" not in request.POST:
        _save(request, row, shown, checked)
        shown = _shown(row, shown.section)
        shown.saved = True
    elif "op" in request.POST:
        shown.form.errors, shown.name_error = {}, ""
    if request.htmx:  # type: ignore[attr-defined]
        drawn = [draw(request, "section", agent=row, shown=shown)]
        if settings_of(row.panel).language != spoken:
            drawn += _others(request, row, shown.section)
        return answer(*drawn)
    if not shown.saved:
        return _page(request, row, shown)
    messages.success(request, f"{shown.section.label} saved")
    return redirect(f"{reverse('panels:settings', args=[row.uuid])}#{slug}")


def _page(request: HttpRequest, agent: Agent, typed: Shown | None = None) -> HttpResponse:
    shown = [
        typed if typed and typed.section is section else _shown(agent, section)
        for section in SECTIONS
    ]
    context = agent_context(agent, "panels:settings") | {"sections": shown}
    return render(request, "panels/settings.html", context)


def _others(request: HttpRequest, agent: Agent, but: Section) -> list[str]:
    """The other sections: their words follow the language, where nobody has changed them."""
    rest = (_shown(agent, section) for section in SECTIONS if section is not but)
    return [draw(request, "section", agent=agent, shown=shown, oob=True) for shown in rest]


def _place(agent: Agent, section: Section) -> Place:
    return Place(section.slug, reverse("panels:section", args=[agent.uuid, section.slug]))


def _shown(agent: Agent, section: Section) -> Shown:
    stored = settings_of(agent.panel)
    tree = tree_of(AgentSettings, stored.model_dump())
    form = SectionForm(
        AgentSettings, tree, _place(agent, section), section=section, kind=agent.kind
    )
    return Shown(section, form, agent.name, question=question(section, stored))


def _posted(request: HttpRequest, agent: Agent, section: Section) -> tuple[Shown, Checked]:
    """What was typed into a section, among what the other ones hold."""
    shown = _shown(agent, section)
    typed = read(AgentSettings, request.POST, "settings")
    tree = shown.form.tree | {name: typed[name] for name in section.asked(agent.kind)}
    checked = check_section(section, agent.kind, tree)
    shown.form.tree, shown.form.errors = checked.tree, checked.errors
    if shown.named:
        shown.name = request.POST.get("name", "")
        shown.name_error = "" if shown.name.strip() else "Give it a name."
    return shown, checked


def _save(request: HttpRequest, agent: Agent, shown: Shown, checked: Checked) -> None:
    fields = shown.section.asked(agent.kind)
    services.save_settings(agent=agent, settings=checked.value, fields=fields, user=request.user)
    if shown.named:
        services.rename_agent(agent=agent, name=shown.name, user=request.user)
