"""Marks what belongs to the demo business, and says so on Home."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from agents.core.models import Role
from agents.core.roles import has_role
from agents.demo.models import Demo
from agents.demo.reading import marked, the_demo

register = template.Library()


@register.inclusion_tag("demo/parts/chip.html", takes_context=True)
def demo_chip(context: Context, kind: str, key: object, otherwise: str = "") -> dict[str, Any]:
    """A chip where this is part of the demo business; else one with other words, if there are."""
    return {"demo": f"{kind}:{key}" in _marked(context), "otherwise": otherwise}


def _marked(context: Context) -> frozenset[str]:
    """Read once for a page."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return marked()
    if not hasattr(request, "demo_marks"):
        request.demo_marks = marked()
    found: frozenset[str] = request.demo_marks
    return found


@register.inclusion_tag("demo/parts/notice.html", takes_context=True)
def demo_notice(context: Context) -> dict[str, Any]:
    """What the demo business is, and the way to remove it, while there is one."""
    demo = the_demo()
    admin = has_role(context.get("user"), Role.ADMIN)
    return {"demo": demo, "ready": demo and demo.state == Demo.State.READY, "admin": admin}
