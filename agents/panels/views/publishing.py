"""Publishing a panel, and its versions: what was published, what differs, taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from agents.core.roles import allowed
from agents.core.text import one_line
from agents.panels import services, unsaved
from agents.panels.diff import Change, changes
from agents.panels.edits import edits_of
from agents.panels.freeze import content_of
from agents.panels.models import Action, Agent, Edit, Version
from agents.panels.publish import NotPublishable, lacking
from agents.panels.schema import VersionContent
from agents.panels.stored import read_content
from agents.panels.views.header import differences, problems
from agents.panels.views.parts import agent_context, answer, board, find_agent
from agents.panels.views.together import STEPS

DRAFT = "draft"


@dataclass(frozen=True)
class ModeRow:
    """An action that will act, or only be recorded."""

    uid: str
    label: str
    when: str
    mode: str
    needs: list[Any]


@dataclass(frozen=True)
class Compared:
    """Two versions side by side; the newer one may be the draft."""

    old: Version
    new: Version | None
    changes: list[Change]


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, agent: UUID) -> HttpResponse:
    """What changes, what is doubtful, what goes live; then the new version."""
    row = find_agent(request, agent)
    if request.method == "GET":
        return _dialog(request, row)
    note = one_line(request.POST.get("note", ""), 500)
    modes = {
        key.removeprefix("mode-"): value
        for key, value in request.POST.items()
        if key.startswith("mode-") and value in ("live", "shadow")
    }
    try:
        version = services.publish(
            panel=row.panel, user=request.user, note=note, modes=modes  # type: ignore[arg-type]
        )  # fmt: skip
    except NotPublishable:
        return _dialog(request, row, note)
    messages.success(request, f"Version {version.number} is live")
    return _to_instructions(request, row)


def _to_instructions(request: HttpRequest, agent: Agent) -> HttpResponse:
    url = reverse("panels:instructions", args=[agent.uuid])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


def _dialog(request: HttpRequest, agent: Agent, note: str = "") -> HttpResponse:
    shown = board(agent.panel, request.user)
    draft = content_of(agent.panel)
    last = agent.versions.exclude(number=None).order_by("-number").first()
    context = agent_context(request, agent, "panels:instructions") | {
        "board": shown,
        "problems": problems(agent, shown, request.user),
        "changes": differences(agent),
        "empty": not (draft.instructions.strip() or draft.actions),
        "next": (last.number or 0) + 1 if last else 1,
        "note": note,
        "tried": shown.tried,
        "modes": [
            _mode_row(card.action, card.label)
            for card in shown.cards
            if card.known and card.action.enabled
        ],
    }
    name = "panels/parts/publish.html" if request.htmx else "panels/publish.html"  # type: ignore[attr-defined]
    return render(request, name, context)


@allowed("admin", "builder")
@require_GET
def unpublished(request: HttpRequest, agent: UUID) -> HttpResponse:
    """What the draft has that the live version has not."""
    row = find_agent(request, agent)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('panels:versions', args=[agent])}?new=draft#compared")
    context = {"agent": row, "changes": differences(row)}
    return render(request, "panels/parts/changes_dialog.html", context)


def _mode_row(action: Action, label: str) -> ModeRow:
    missing = lacking(action)
    mode = "shadow" if missing else action.mode
    return ModeRow(str(action.uid), label, action.when, mode, missing)


def _content(version: Version) -> VersionContent:
    return read_content(version.content)


# --- versions ---------------------------------------------------------------------------------


@allowed("admin", "builder")
@require_GET
def versions(request: HttpRequest, agent: UUID) -> HttpResponse:
    """What was published, when and by whom; `?old=2&new=4` or `new=draft` says what differs."""
    row = find_agent(request, agent)
    return render(request, "panels/versions.html", _history(request, row, request.GET))


def _history(request: HttpRequest, agent: Agent, asked: QueryDict) -> dict[str, Any]:
    """The published versions, what differs between two, and the edits of the draft."""
    published = list(agent.versions.exclude(number=None).select_related("published_by"))
    two = asked.get("old", ""), asked.get("new", "")
    return {
        **agent_context(request, agent, "panels:versions"),
        **edits_of(agent.panel, every=asked.get("edits") == "all"),
        "versions": published,
        "compared": _compared(agent, published, *two) if published else None,
    }


@allowed("admin", "builder")
@require_POST
def edit(request: HttpRequest, agent: UUID, edit: int, way: str) -> HttpResponse:
    """Take one step of the draft back, or do it again, unless a later one stands in its way."""
    row = find_agent(request, agent)
    wanted = get_object_or_404(Edit, panel=row.panel, pk=edit)
    _, take, said = STEPS[way]
    words, level = f"{said}: {wanted.label}", "ok"
    try:
        take(edit=wanted, user=request.user)
        unsaved.follow(edit=wanted, user=request.user)
    except services.CannotUndo as error:
        words, level = str(error), "warn"
    if not request.htmx:  # type: ignore[attr-defined]
        messages.info(request, words)
        return redirect(f"{reverse('panels:versions', args=[agent])}#edits")
    page = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
    context = _history(request, find_agent(request, agent), QueryDict(page.query))
    html = render_to_string("panels/versions.html", context, request=request)
    return answer(html, toast={"text": words, "level": level}, announce={"value": words})


def _compared(agent: Agent, published: list[Version], old: str, new: str) -> Compared:
    """Without a wish: what the draft has that the newest version has not."""
    known = {str(version.number): version for version in published}
    first = known.get(old) or published[0]
    second = None if new in ("", DRAFT) else known.get(new)
    if second and (second.number or 0) < (first.number or 0):
        first, second = second, first
    now = _content(second) if second else content_of(agent.panel)
    return Compared(first, second, changes(_content(first), now))


@allowed("admin", "builder")
@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, agent: UUID, version: int) -> HttpResponse:
    """What the draft would lose and win by taking a version back; then it is the draft."""
    row = find_agent(request, agent)
    wanted = get_object_or_404(row.versions, number=version)
    if request.method == "POST":
        services.restore_version(version=wanted, user=request.user)
        messages.success(request, f"Version {version} is now the draft")
        return _to_instructions(request, row)
    context = agent_context(request, row, "panels:versions") | {
        "version": wanted,
        "changes": changes(content_of(row.panel), _content(wanted)),
    }
    name = "panels/parts/restore.html" if request.htmx else "panels/restore.html"  # type: ignore[attr-defined]
    return render(request, name, context)
