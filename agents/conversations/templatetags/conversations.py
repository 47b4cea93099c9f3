"""Template helpers of the conversation screens and of Try it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.conversations import pane
from agents.conversations.reading import duration
from agents.panels.models import Agent

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An outline of the sprite; always beside words that say the same."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        classes,
        static("icons.svg"),
        name,
    )


@register.inclusion_tag("tryit/parts/pane.html", takes_context=True)
def tryit_pane(context: Context, agent: Agent) -> dict[str, Any]:
    """The pane at rest, for a page that shows an agent."""
    shown = pane.pane_context(agent, pane.read_setup(agent, {}), None)
    return {"agent": agent, "csrf_token": context.get("csrf_token"), **shown}


@register.filter
def span(milliseconds: float | None) -> str:
    """A duration as people read it."""
    return duration(milliseconds)


@register.filter
def fresh(at: datetime | None) -> str:
    """Relative while it is fresh, else the day and the time."""
    if at is None:
        return ""
    minutes = int((timezone.now() - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return date_format(local, "H:i")
    return date_format(local, "j M, H:i" if local.year == today.year else "j M Y, H:i")


@register.filter
def lasted(start: datetime, end: datetime | None) -> str:
    """How long something took, in the two largest units."""
    if end is None:
        return ""
    seconds = max(0, int((end - start).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"
