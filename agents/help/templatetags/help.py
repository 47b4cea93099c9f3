"""The way from any screen to the page that explains it."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.urls import reverse

from agents.help.pages import page_for

register = template.Library()


@register.simple_tag
def help_url(request: HttpRequest | None) -> str:
    """The help page of the screen that is shown."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return reverse("help:start")
    shelf = str(match.kwargs.get("shelf", ""))
    return reverse("help:page", args=[page_for(match.view_name, shelf)])
