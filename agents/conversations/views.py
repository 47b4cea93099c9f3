"""The conversation list and page."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from agents.conversations import pages, reading, sending, speed
from agents.conversations.decided import decided
from agents.conversations.filterform import filter_form
from agents.conversations.filters import Filters
from agents.conversations.models import Conversation, Turn
from agents.conversations.pages import as_uuid
from agents.core.models import Role
from agents.core.roles import allowed, has_role
from agents.panels.models import Agent

ROWS = 25
READERS = (Role.ADMIN, Role.BUILDER, Role.SUPPORT)
TABS = ("transcript", "decisions", "deliveries", "timing")


@allowed(*READERS)
@require_GET
def conversation_list(request: HttpRequest) -> HttpResponse:
    """Real conversations or tests, narrowed and in pages."""
    filters = Filters.read(request.GET.dict())
    page = Paginator(filters.rows(), ROWS).get_page(request.GET.get("page"))
    part = request.headers.get("HX-Target") == "conversation-list"
    context = {
        "filters": filters,
        "page": page,
        "form": filter_form(filters),
        "part": part,
        "clear": filters.cleared.query,
        "moved": request.GET.get("of", "") != filters.agent,
    }
    name = "conversations/parts/list.html" if part else "conversations/list.html"
    response = render(request, name, context)
    if part:
        response["HX-Push-Url"] = f"{request.path}?{filters.query}".rstrip("?")
    return response


def _find(pk: UUID) -> Conversation:
    conversation = pages.get_conversation(pk)
    if conversation is None:
        raise Http404("There is no such conversation.")
    return conversation


def _card_link(agent: Agent) -> str:
    """Where the action cards of this agent stand."""
    try:
        return reverse("panels:instructions", args=[agent.uuid])
    except NoReverseMatch:
        return ""


def _contact_link(request: HttpRequest, conversation: Conversation) -> str:
    """The page of its contact, for those who may open it."""
    if conversation.contact_id and has_role(request.user, Role.ADMIN, Role.SUPPORT):
        return reverse("contacts:detail", args=[conversation.contact_id])
    return ""


@allowed(*READERS)
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One conversation: what was said, what was decided, what left, what it took."""
    conversation = _find(pk)
    rows = reading.with_runs(Turn.objects.filter(conversation=conversation))
    turns = reading.turn_views(conversation, rows)
    tab = request.GET.get("tab", "")
    context = {
        "conversation": conversation,
        "turns": turns,
        "tab": tab if tab in TABS else TABS[0],
        "decision_count": sum(len(turn.decisions) for turn in turns),
        "decided": decided(turns, as_uuid(request.GET.get("action", ""))),
        "actions_ms": sum(turn.actions_ms or 0 for turn in turns),
        "deliveries": sending.deliveries(conversation),
        "contact": pages.contact_view(conversation),
        "outcome": pages.outcome_view(conversation),
        "totals": speed.totals(turn.speed for turn in turns),
        "card_link": _card_link(conversation.agent),
        "contact_link": _contact_link(request, conversation),
    }
    return render(request, "conversations/detail.html", context)


@allowed(*READERS)
@require_GET
def turn(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One turn with its decisions, as page and pane show it."""
    rows = Turn.objects.select_related("conversation__agent", "conversation__version")
    row = get_object_or_404(reading.with_runs(rows), conversation_id=pk, number=number)
    conversation = row.conversation
    view = reading.turn_views(conversation, [row])[0]
    context = {"turn": view, "card_link": _card_link(conversation.agent)}
    return render(request, "conversations/parts/turn.html", context)


@allowed(*READERS)
@require_GET
def turns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The turns after a number: what a pane missed while it was not connected."""
    conversation = _find(pk)
    after = request.GET.get("after", "")
    rows = Turn.objects.filter(conversation=conversation).exclude(state=Turn.State.RUNNING)
    if after.isascii() and after.isdigit():
        rows = rows.filter(number__gt=min(int(after), 2**31 - 1))
    context = {
        "turns": reading.turn_views(conversation, reading.with_runs(rows)),
        "card_link": _card_link(conversation.agent),
    }
    return render(request, "conversations/parts/turns.html", context)
