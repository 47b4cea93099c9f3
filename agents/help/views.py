"""The help pages, their pictures, and the search over them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from agents.core.models import Role
from agents.core.roles import allowed
from agents.core.text import one_line
from agents.help.pages import FIRST, GROUPS, folder, pages
from agents.help.searching import search

EVERYBODY = (Role.ADMIN, Role.BUILDER, Role.SUPPORT)


def _around(current: str = "") -> dict[str, Any]:
    """The side navigation."""
    known = pages()
    groups = [(title, [known[slug] for slug in slugs]) for title, slugs in GROUPS]
    return {"groups": groups, "current": current}


@allowed(*EVERYBODY)
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return redirect("help:page", topic=FIRST)


@allowed(*EVERYBODY)
@require_GET
def page(request: HttpRequest, topic: str) -> HttpResponse:
    """One page."""
    found = pages().get(topic)
    if found is None:
        raise Http404("There is no such page.")
    context = {**_around(topic), "page": found, "sections": _contents(found.rendered.sections)}
    return render(request, "help/page.html", context)


def _contents(sections: Any) -> list[Any]:
    """The headings that stand in the side navigation."""
    return [one for one in sections if one.level == 2]


@allowed(*EVERYBODY)
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What the pages say about some words."""
    query = one_line(request.GET.get("q", ""), 100)
    part = request.headers.get("HX-Target") == "help-content"
    context = {**_around(), "query": query, "hits": search(query), "part": part}
    return render(request, "help/parts/found.html" if part else "help/found.html", context)


@allowed(*EVERYBODY)
@cache_control(private=True, max_age=3600)
@require_GET
def picture(request: HttpRequest, file: str) -> HttpResponse:
    """A screenshot of a page."""
    there = folder() / "screenshots" / file
    if not there.is_file():
        raise Http404("There is no such picture.")
    return HttpResponse(there.read_bytes(), content_type="image/png")
