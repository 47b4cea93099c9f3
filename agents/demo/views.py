"""The welcome page, the progress of the demo business, and its removal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from agents.core.models import Role
from agents.core.roles import allowed
from agents.core.text import counted
from agents.demo import services
from agents.demo.models import Demo
from agents.demo.reading import keys_of, the_demo
from agents.demo.removing import would_stay
from agents.demo.week import WEEK
from agents.panels.models import Agent

BEING_MADE = "The demo business is still being created. Remove it when it is ready."


@allowed(Role.ADMIN)
@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Two ways to begin, or how far the demo business is."""
    demo = the_demo()
    if demo and demo.state == Demo.State.READY:
        return redirect("core:start")
    empty = not Agent.objects.exists()
    return render(request, "demo/welcome.html", _context(demo) | {"empty": empty})


@allowed(Role.ADMIN)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Ask for it; a second click changes nothing."""
    services.ask_for(user=request.user)
    return redirect("demo:welcome")


@allowed(Role.ADMIN)
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far it is; once it is ready, the way on."""
    demo = the_demo()
    if demo is None or demo.state == Demo.State.READY:
        return HttpResponseClientRedirect("/")
    return render(request, "demo/parts/progress.html", _context(demo))


def _context(demo: Demo | None) -> dict[str, Any]:
    stopped = demo is not None and (demo.state == Demo.State.FAILED or demo.lost(timezone.now()))
    return {"demo": demo, "stopped": stopped, "talks": len(WEEK)}


@allowed(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def remove_demo(request: HttpRequest) -> HttpResponse:
    """The dialog that says what goes and what stays; then it goes."""
    if request.method == "POST":
        return _removed(request)
    context = {"demo": the_demo(), "kept": would_stay(), "agents": len(keys_of("agent"))}
    name = "demo/parts/remove.html" if request.htmx else "demo/remove.html"  # type: ignore[attr-defined]
    return render(request, name, context)


def _removed(request: HttpRequest) -> HttpResponse:
    try:
        kept = services.remove(user=request.user)
    except services.BeingMade:
        messages.warning(request, BEING_MADE)
    else:
        stays = f" {counted(len(kept), 'thing')} that you use stayed." if kept else ""
        messages.success(request, f"The demo business is removed.{stays}")
    return HttpResponseClientRedirect("/") if request.htmx else redirect("core:start")  # type: ignore[attr-defined]
