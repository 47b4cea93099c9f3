"""A page that holds the Try-it pane and nothing else, beside the real routes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import RequestContext, Template
from django.urls import include, path

from agents.panels.models import Agent

PAGE = """{% extends "base.html" %}
{% block crumbs %}<h1>{{ agent }}</h1>{% endblock %}
{% block actions %}
<button class="button only-narrow" data-sheet="aside">Try it</button>
{% endblock %}
{% block content %}
<form hx-post="/draft/" hx-swap="none"><button class="button">Save</button></form>
{% endblock %}
{% block aside %}{% include "tryit/pane.html" %}{% endblock %}"""


def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The pane of one agent."""
    agent = get_object_or_404(Agent, uuid=uuid)
    return HttpResponse(Template(PAGE).render(RequestContext(request, {"agent": agent})))


def draft(request: HttpRequest) -> HttpResponse:
    """Something of the draft was saved."""
    return HttpResponse(status=204)


urlpatterns = [
    path("pane/<uuid:uuid>/", page),
    path("draft/", draft),
    path("", include("aloai.urls")),
]
