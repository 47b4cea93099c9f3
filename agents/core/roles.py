"""Who may see and do what: the one decorator for views, and the rows a user may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

from agents.core.models import Role

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=Model)

# Rooms whose rows only some roles see; every other room is for all who are signed in.
ROOMS = {
    "panels": (Role.ADMIN, Role.BUILDER),
    "integrations": (Role.ADMIN,),
}


def allowed(*roles: str) -> Callable[[View], View]:
    """Only for signed-in users with one of these roles."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not has_role(request.user, *roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def has_role(user: object, *roles: str) -> bool:
    """Whether a user has one of these roles; a superuser has all."""
    return bool(getattr(user, "is_superuser", False)) or getattr(user, "role", "") in roles


def visible_to(rows: QuerySet[Row], user: object) -> QuerySet[Row]:
    """The rows that this user may see."""
    if not getattr(user, "is_authenticated", False):
        return rows.none()
    roles = ROOMS.get(rows.model._meta.app_label)
    return rows if roles is None or has_role(user, *roles) else rows.none()


def _to_login(request: HttpRequest) -> HttpResponse:
    """A page goes to the entrance and back; a part of a page cannot, the whole page must."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url("/"))
    return redirect_to_login(request.get_full_path())
