"""The routes of the component page: the samples and the answers that they ask for."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from agents.core.models import Role, User


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    counts = {
        "conversations:list": 214,
        "conversations:live": (3, "live"),
        "integrations:list": (1, "warn"),
    }
    user = User(username="dana@example.org", first_name="Dana", role=Role.ADMIN)
    context = {"navigation_counts": counts, "user": user}
    return render(request, "parts/components.html", context)


def delete(request: HttpRequest) -> HttpResponse:
    """Something was deleted and can be undone."""
    toast = {"toast": {"text": "Transfer call deleted", "undo": "/undo/"}}
    return HttpResponse(headers={"HX-Trigger": json.dumps(toast)})


def undo(request: HttpRequest) -> HttpResponse:
    """It is back."""
    return HttpResponse(headers={"HX-Trigger": json.dumps({"toast": {"text": "It is back"}})})


def fail(request: HttpRequest) -> HttpResponse:
    """The server failed."""
    return HttpResponse(status=500)


def create(request: HttpRequest) -> JsonResponse:
    """A choice made in place."""
    return JsonResponse({"value": "new:1", "label": request.POST["label"]})


def routes(app: str, *names: str) -> object:
    """Stands in for an area that the sidebar leads to; the first name is its start."""
    pages = [path(f"{name}/" if n else "", components, name=name) for n, name in enumerate(names)]
    return include((pages, app))


urlpatterns = [
    path("", include("agents.help.urls")),
    path("", components, name="home"),
    path("agents/", routes("panels", "agents")),
    path("conversations/", routes("conversations", "list", "live")),
    path("contacts/", routes("contacts", "list")),
    path("library/", routes("routing", "library")),
    path("integrations/", routes("integrations", "list")),
    path("delete/", delete),
    path("undo/", undo),
    path("fail/", fail),
    path("create/", create),
]
