"""Who holds a socket open, and whether they still may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.utils import timezone

from agents.core.models import User
from agents.core.roles import has_role


@dataclass(frozen=True, eq=False, slots=True)
class Visitor:
    """A signed-in user at one socket; `dismiss` closes it and never raises."""

    user_id: int
    session_key: str
    roles: tuple[str, ...]
    dismiss: Callable[[], Awaitable[None]]


def no_longer_allowed(visitors: Collection[Visitor]) -> list[Visitor]:
    """Who has been deactivated, lost the role or signed out since; two queries for all of them."""
    if not visitors:
        return []
    users = User.objects.filter(is_active=True).in_bulk({one.user_id for one in visitors})
    keys = {one.session_key for one in visitors}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    signed_in = set(sessions.values_list("session_key", flat=True))
    return [
        one
        for one in visitors
        if one.session_key not in signed_in or not has_role(users.get(one.user_id), *one.roles)
    ]
