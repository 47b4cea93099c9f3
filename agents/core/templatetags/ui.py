"""Tags that every page uses: icons of the sprite and the links of the sidebar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.core.models import Role
from agents.core.roles import has_role

register = template.Library()

# Label, route, icon. A route that does not exist yet is left out.
PLACES = (
    ("Home", "home:home", "home"),
    ("Agents", "panels:agents", "bot"),
    ("Conversations", "conversations:list", "message-circle"),
    ("Live", "conversations:live", "radio"),
    ("Contacts", "contacts:list", "user"),
    ("Library", "routing:library", "book"),
    ("Integrations", "integrations:list", "plug"),
)


# Rooms whose pages only some roles may open; everybody else is not shown the way.
ROLES = {
    "contacts": (Role.ADMIN, Role.SUPPORT),
    "panels": (Role.ADMIN, Role.BUILDER),
    "routing": (Role.ADMIN, Role.BUILDER),
    "integrations": (Role.ADMIN,),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the sidebar."""

    label: str
    url: str
    icon: str
    count: str
    tone: str
    current: bool


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One icon of the sprite; it is decoration, the words beside it say what it means."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        static("icons.svg"),
        name,
    )


@register.inclusion_tag("frame/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The sidebar's links; `navigation_counts` in the context maps a route to its count.

    A count is a number, or a number and its tone: `(3, "live")`, `(1, "warn")`.
    """
    request = context.get("request")
    return {
        "places": places(
            getattr(request, "path", ""),
            context.get("navigation_counts") or {},
            context.get("user"),
        ),
        "request": request,
        "user": context.get("user"),
        "csrf_token": context.get("csrf_token"),
    }


def places(path: str, counts: Mapping[str, object], user: object = None) -> list[Place]:
    """The links that exist and that this user may follow, the one that holds `path` marked."""
    known = [
        (label, _url(route), icon, route) for label, route, icon in PLACES if _may(user, route)
    ]
    known = [place for place in known if place[1]]
    here = max(
        (url for _, url, _, _ in known if path == url or (url != "/" and path.startswith(url))),
        key=len,
        default="",
    )
    return [
        Place(label, url, icon, *_count(counts.get(route)), url == here)
        for label, url, icon, route in known
    ]


def _may(user: object, route: str) -> bool:
    roles = ROLES.get(route.partition(":")[0])
    return roles is None or user is None or has_role(user, *roles)


def _count(value: object) -> tuple[str, str]:
    number, tone = value if isinstance(value, tuple) else (value, "")
    return str(number or ""), str(tone)


def _url(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
