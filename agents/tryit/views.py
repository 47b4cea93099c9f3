"""The parts of the Try-it pane."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.contacts.models import Contact
from agents.conversations import pages
from agents.conversations.models import Conversation
from agents.core.models import User
from agents.core.roles import allowed
from agents.core.text import long_text
from agents.panels import unsaved
from agents.panels.models import Agent
from agents.tryit import pane
from agents.tryit.access import TESTERS
from agents.tryit.dock import dock_context
from agents.tryit.services import replay_test, start_test


def _test(pk: UUID) -> Conversation:
    conversation = pages.get_conversation(pk)
    if conversation is None:
        raise Http404("There is no such conversation.")
    return conversation


@allowed(*TESTERS)
@require_GET
def trail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The lines between a test's turns: skipped time, what a replay decided differently."""
    return render(request, "tryit/parts/trail.html", pane.trail_context(_test(pk)))


@allowed(*TESTERS)
@require_GET
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whether the draft has changed since this test started."""
    changed = pane.draft_changed(_test(pk))
    return render(request, "tryit/parts/draft.html", {"draft_changed": changed})


@allowed(*TESTERS)
@require_http_methods(["GET", "POST"])
def try_agent(request: HttpRequest, agent: UUID) -> HttpResponse:
    """GET: the pane, empty or with a test that goes on. POST: start a test on the draft."""
    row = get_object_or_404(Agent.objects.select_related("panel"), uuid=agent)
    if request.method == "POST":
        setup = pane.read_setup(row, request.POST.dict())
        return _pane(request, row, setup, _start(request, row, setup))
    return _pane(request, row, pane.read_setup(row, request.GET.dict()), _resumed(request, row))


@allowed(*TESTERS)
@require_GET
def try_dock(request: HttpRequest, agent: UUID) -> HttpResponse:
    """What stands below the session: the outbox, the facts, what is validated."""
    row = get_object_or_404(Agent.objects.select_related("panel"), uuid=agent)
    context = dock_context(row, _resumed(request, row))
    return render(request, "tryit/parts/dock.html", context)


@allowed(*TESTERS)
@require_POST
def replay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new test that goes the way of this one up to a turn, and on from there."""
    test = _test(pk)
    number = request.POST.get("turn", "")
    if not (test.sandbox and number.isascii() and number.isdigit() and len(number) < 10):
        raise Http404("There is no such turn.")
    try:
        made = replay_test(
            test=test,
            turn=int(number),
            text=long_text(request.POST.get("text", ""), 100_000).strip(),
            on_draft=request.POST.get("on") == "draft",
            user=request.user if isinstance(request.user, User) else None,
        )
    except ValueError as error:
        raise Http404("This turn cannot be replayed.") from error
    setup = pane.setup_of(made)
    return _pane(request, test.agent, setup, pages.get_conversation(made.pk))


def _start(request: HttpRequest, agent: Agent, setup: pane.Setup) -> Conversation:
    found = Contact.objects.filter(pk=setup.contact, sample=True) if setup.contact else None
    contact = found.first() if found is not None else None
    return start_test(
        agent=agent,
        contact=contact,
        channel=setup.channel,
        direction=setup.direction,
        attempt=setup.attempt,
        hours=setup.hours,
        simulated=setup.simulated,
        booked=setup.booked,
        user=request.user if isinstance(request.user, User) else None,
    )


def _resumed(request: HttpRequest, agent: Agent) -> Conversation | None:
    """The test that a reloaded page asks for."""
    wanted = pages.as_uuid(request.GET.get("conversation", ""))
    conversation = pages.get_conversation(UUID(wanted)) if wanted else None
    mine = conversation and conversation.sandbox and conversation.agent_id == agent.pk
    return conversation if mine else None


def _pane(
    request: HttpRequest, agent: Agent, setup: pane.Setup, conversation: Conversation | None
) -> HttpResponse:
    kept = unsaved.of(agent.panel, request.user)
    context: dict[str, Any] = {"agent": agent, "unsaved": len(kept)}
    context |= pane.pane_context(agent, setup, conversation)
    return render(request, "tryit/parts/pane.html", context)
