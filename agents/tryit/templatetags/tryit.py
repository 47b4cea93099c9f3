"""Template helpers of Try it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from agents.panels import unsaved
from agents.panels.models import Agent
from agents.tryit import pane

register = template.Library()


@register.inclusion_tag("tryit/parts/pane.html", takes_context=True)
def tryit_pane(context: Context, agent: Agent) -> dict[str, Any]:
    """The pane at rest, for a page that shows an agent."""
    shown = pane.pane_context(agent, pane.read_setup(agent, {}), None)
    request = context.get("request")
    kept = unsaved.of(agent.panel, request.user) if request else ()
    own = {"agent": agent, "csrf_token": context.get("csrf_token"), "unsaved": len(kept)}
    return {**own, **shown}
