"""The settings of an agent: a page of sections, each saved by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from actions.variables import VARIABLES
from agents.contacts.variables import property_variables
from agents.core.roles import allowed
from agents.panels import services, unsaved
from agents.panels.forms import Checked, Place, check, read, tree_of
from agents.panels.forms.nodes import Preview, preview, said
from agents.panels.freeze import settings_of
from agents.panels.history import who_set
from agents.panels.models import Agent, mark_of
from agents.panels.schema import AgentSettings
from agents.panels.sections import (
    BY_SLUG,
    SECTIONS,
    VOICE,
    Section,
    SectionForm,
    check_section,
    question,
)
from agents.panels.views.parts import (
    agent_context,
    answer,
    around,
    board,
    draw,
    find_agent,
    state_of,
)


@dataclass
class Shown:
    """A section as the page draws it."""

    section: Section
    form: SectionForm
    name: str = ""
    name_error: str = ""
    question: str = ""
    was: str = ""
    """What the page began from."""
    now: str = ""
    """What is stored."""
    unsaved: bool = False
    who: str = ""

    @property
    def key(self) -> str:
        """What the ids of its parts end with."""
        return self.section.slug

    @property
    def spoken(self) -> list[tuple[str, Preview]]:
        """The first words as they will be heard, with sample values; of the greeting only."""
        if not self.named:
            return []
        checked = check(AgentSettings, self.form.tree)
        if checked.value is None:
            return []
        settings, known = checked.value, {**VARIABLES, **property_variables()}
        own = {"BusinessName": settings.business, "AgentName": self.name}
        known |= {name: replace(known[name], sample=value) for name, value in own.items()}
        first = {"Incoming call": settings.greeting, "Outgoing call": settings.greeting_out}
        if self.form.kind != VOICE:
            first = {"First message": settings.greeting}
        return [
            (name, preview(settings.opening(words or settings.greeting), known, sms=False))
            for name, words in first.items()
        ]

    @property
    def named(self) -> bool:
        """Whether the agent's name stands in it."""
        return self.section is SECTIONS[0]

    @property
    def wrong(self) -> int:
        """How much is to be corrected."""
        return len(self.said)

    @cached_property
    def said(self) -> dict[str, str]:
        """What is wrong, by the id of the field."""
        own = {"agent-name": self.name_error} if self.name_error else {}
        return own | said(self.form.nodes())


@allowed("admin", "builder")
@require_GET
def settings(request: HttpRequest, agent: UUID) -> HttpResponse:
    """Greeting, language, hours, models, limits: everything but instructions and actions."""
    row = find_agent(request, agent)
    shown = board(row.panel, request.user)
    context = agent_context(request, row, "panels:settings") | state_of(request, row.panel, shown)
    context |= {"sections": [_shown(request, row, one) for one in SECTIONS], "board": shown}
    context["variables"] = [*VARIABLES.values(), *property_variables().values()]
    return render(request, "panels/settings.html", context)


@allowed("admin", "builder")
@require_POST
def section(request: HttpRequest, agent: UUID, slug: str) -> HttpResponse:
    """A section saves itself; what is wrong in it is kept and shown until it is put right."""
    row = find_agent(request, agent)
    if slug not in BY_SLUG:
        raise Http404("There is no such section.")
    spoken = settings_of(row.panel).language
    if "discard" in request.POST:
        unsaved.drop(panel=row.panel, part=slug, user=request.user)
        shown = _shown(request, row, BY_SLUG[slug])
    else:
        shown = _posted(request, row, BY_SLUG[slug])
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('panels:settings', args=[row.uuid])}#{slug}")
    beside = "auto" in request.POST and not {"op", "discard"} & set(request.POST)
    context = {"agent": row, "shown": shown, "typed": shown, "oob": True}
    drawn = draw(request, "section_state" if beside else "section", **context)
    changed = settings_of(row.panel).language != spoken
    others = _others(request, row, shown.section) if changed else []
    title = draw(request, "title", agent=row, oob=True)
    return answer(drawn, *others, title, around(request, row.panel))


def _posted(request: HttpRequest, agent: Agent, section: Section) -> Shown:
    """Store what was typed where nothing is wrong with it, else keep it."""
    shown = _blank(agent, section)
    checked = _typed(shown, agent, request.POST)
    seen = request.POST.get("mine") or request.POST.get("was", shown.now)
    if seen != shown.now and not shown.wrong:
        shown.who = who_set(agent.panel, request.user) or "Somebody"
    if shown.wrong or shown.who:
        shown.was, shown.unsaved = seen, True
        unsaved.keep(
            panel=agent.panel, part=section.slug, user=request.user, data=request.POST,
            wrong=shown.wrong,
        )  # fmt: skip
    else:
        _save(request, agent, shown, checked)
        shown.was = shown.now = mark_of(_values(agent, section))
        shown.question = question(section, settings_of(agent.panel))
    if "op" in request.POST:
        shown.form.errors, shown.name_error = {}, ""  # the page says them, field by field
    return shown


def draw_section(request: HttpRequest, agent: Agent, section: Section) -> str:
    """One section as it stands."""
    shown = _shown(request, agent, section)
    return draw(request, "section", agent=agent, shown=shown, oob=True)


def _others(request: HttpRequest, agent: Agent, but: Section) -> list[str]:
    """The other sections: their words follow the language, where nobody has changed them."""
    return [draw_section(request, agent, section) for section in SECTIONS if section is not but]


def _place(agent: Agent, section: Section) -> Place:
    return Place(section.slug, reverse("panels:section", args=[agent.uuid, section.slug]))


def _values(agent: Agent, section: Section) -> str:
    """What is stored of a section, as one text."""
    stored = settings_of(agent.panel).model_dump(mode="json")
    name = agent.name if section is SECTIONS[0] else ""
    return repr([name, [stored[field] for field in section.asked(agent.kind)]])


def _blank(agent: Agent, section: Section) -> Shown:
    """A section as it is stored."""
    stored = settings_of(agent.panel)
    tree = tree_of(AgentSettings, stored.model_dump())
    form = SectionForm(
        AgentSettings, tree, _place(agent, section), section=section, kind=agent.kind
    )
    now = mark_of(_values(agent, section))
    return Shown(section, form, agent.name, question=question(section, stored), was=now, now=now)


def _shown(request: HttpRequest, agent: Agent, section: Section) -> Shown:
    """A section as it is stored, or as it was left."""
    shown = _blank(agent, section)
    if kept := unsaved.of(agent.panel, request.user).get(section.slug):
        data, shown.unsaved = unsaved.sent(kept), True
        _typed(shown, agent, data)
        shown.was = data.get("was", shown.now)
        if shown.was != shown.now and not shown.wrong:
            shown.who = who_set(agent.panel, request.user) or "Somebody"
    return shown


def _typed(shown: Shown, agent: Agent, data: QueryDict) -> Checked:
    """Let a section hold what was typed, among what the other ones hold."""
    typed = read(AgentSettings, data, "settings")
    asked = {name: typed[name] for name in shown.section.asked(agent.kind)}
    checked = check_section(shown.section, agent.kind, shown.form.tree | asked)
    shown.form.tree, shown.form.errors = checked.tree, checked.errors
    if shown.named:
        shown.name = data.get("name", "")
        shown.name_error = "" if shown.name.strip() else "Enter a name."
    return checked


def _save(request: HttpRequest, agent: Agent, shown: Shown, checked: Checked) -> None:
    fields = shown.section.asked(agent.kind)
    label = f"Settings: {shown.section.label}"
    services.save_settings(
        agent=agent, settings=checked.value, fields=fields, label=label, user=request.user
    )
    if shown.named:
        services.rename_agent(agent=agent, name=shown.name, user=request.user)
    unsaved.drop(panel=agent.panel, part=shown.key, user=request.user)
