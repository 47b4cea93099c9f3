"""What is typed into a card: stored at once where it can be, else kept as it is and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from actions import registry
from agents.panels import services, unsaved
from agents.panels.cards import Board, Card, card
from agents.panels.diff import Line, edited
from agents.panels.forms.common import ActionForm
from agents.panels.freeze import frozen, names_of, settings_of
from agents.panels.history import who_touched
from agents.panels.linter import read_action
from agents.panels.models import Action, InstructionPanel, Unsaved
from agents.panels.views.parts import (
    answer,
    around,
    board,
    draw,
    find_action,
    form_place,
    stored_form,
)


@dataclass(frozen=True)
class Apart:
    """Two states of a card, and who stored the other one."""

    who: str
    lines: list[Line]


def posted(request: HttpRequest, row: Action) -> HttpResponse:
    """Store what was typed, or keep it; `op` asks for the form anew, `auto` for what changes."""
    kind = registry.get(row.type)
    if kind is None:
        raise Http404("This action type is not installed.")
    if "discard" in request.POST:
        unsaved.drop(panel=row.panel, part=str(row.uid), user=request.user)
        form = ActionForm.stored(row, kind, form_place(row))
    else:
        form = ActionForm.posted(row, kind, form_place(row), request.POST)
        try:
            _store(request, row, form)
        except services.Overtaken:
            return posted(request, find_action(request, row.panel.agent.uuid, row.uid))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(
            f"{reverse('panels:instructions', args=[row.panel.agent.uuid])}?open={row.uid}"
        )
    return _answer(request, row, form)


def _store(request: HttpRequest, row: Action, form: ActionForm) -> None:
    """Raises Overtaken where somebody else was faster by a moment."""
    seen = request.POST.get("mine") or request.POST.get("revision", "")
    overtaken = seen not in ("", str(row.revision))
    if overtaken and not form.blocked:
        form.apart = apart(row, form, request.user)
    if form.blocked or form.apart:
        form.seen, form.unsaved = seen, True
        unsaved.keep(
            panel=row.panel, part=str(row.uid), user=request.user, data=request.POST,
            wrong=form.wrong,
        )  # fmt: skip
        return
    services.save_action(action=row, draft=form.draft(), user=request.user)
    unsaved.drop(panel=row.panel, part=str(row.uid), user=request.user)


def apart(row: Action, form: ActionForm, user: object) -> Apart | None:
    """Where what is stored and what was typed differ; None where they do not."""
    theirs = frozen(row, row.position)
    form.draft().put_on(row)
    mine = frozen(row, row.position)
    names = names_of([row], settings_of(row.panel))
    lines = list(edited(theirs, mine, names, names))
    row.refresh_from_db()
    return Apart(who_touched(row.panel, str(row.uid), user) or "Somebody", lines) if lines else None


def _answer(request: HttpRequest, row: Action, form: ActionForm) -> HttpResponse:
    """The form where its fields change; else only what stands beside them."""
    shown = board(row.panel, request.user)
    drawn = shown.card(row.uid)
    if drawn is None:
        raise Http404("This action was deleted.")
    if not form.unsaved:
        form.explain(drawn.findings)
    if "op" in request.POST:
        form.edit(request.POST["op"])
    context: dict[str, Any] = {"card": drawn, "agent": row.panel.agent, "oob": True}
    context |= {"form": form, "typed": form}
    context["understood"] = _typed(row, form).understood
    beside = "auto" in request.POST and not {"op", "discard"} & set(request.POST)
    names = ("about", "understood", "saved") if beside else ("form",)
    parts = [draw(request, name, **context) for name in (*names, "says")]
    words = "Not saved. Something needs correcting." if form.unsaved else "Saved"
    events = {} if "auto" in request.POST else {"announce": {"value": words}}
    return answer(*parts, around(request, row.panel, shown), **events)


def _typed(row: Action, form: ActionForm) -> Card:
    """The card as it would be with what was typed."""
    if form.unsaved and form.common.value is not None:
        form.draft().put_on(row)
    made = card(read_action(row, names_of([row], settings_of(row.panel))))
    if form.unsaved:
        row.refresh_from_db()
    return made


def open_card(shown: Card, user: object, *, fresh: bool = False) -> None:
    """Let a card be drawn with its form: as it is stored, or as it was left.

    A fresh one does not yet say what is missing.
    """
    shown.opened, shown.form = True, stored_form(shown)
    if shown.form and shown.unsaved:
        shown.form = _left(shown, shown.unsaved, user)
        shown.understood = _typed(shown.action, shown.form).understood
    elif shown.form and fresh:
        shown.form.forgive()


def _left(shown: Card, kept: Unsaved, user: object) -> ActionForm:
    """The form as it was left."""
    stored, row = shown.form, shown.action
    form = ActionForm.posted(row, stored.kind, stored.place, unsaved.sent(kept))
    form.seen, form.unsaved = str(kept.revision), True
    if kept.revision != row.revision and not form.blocked:
        form.apart = apart(row, form, user)
    return form


def board_as_open(request: HttpRequest, panel: InstructionPanel) -> Board:
    """All cards; those are open that `open` names."""
    data = request.POST if request.method == "POST" else request.GET
    shown, wanted = board(panel, request.user), data.getlist("open")
    for one in shown.cards:
        if one.uid in wanted:
            open_card(one, request.user)
    return shown
