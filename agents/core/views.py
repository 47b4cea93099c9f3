"""The entrance: one-time links, passwords, leaving; and whether the site is alive."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.core import services
from agents.core.forms import OwnPasswordForm
from agents.core.text import one_line
from agents.demo.reading import welcomes

BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answers while the web process does."""
    return HttpResponse("ok", content_type="text/plain")


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """The first page of everybody; an admin of an empty site chooses how to begin."""
    return redirect("demo:welcome" if welcomes(request.user) else "home:home")


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """How to get a link; the password form for those who have one."""
    error = ""
    if request.method == "POST":
        name = one_line(request.POST.get("email", ""), 150).lower()
        password = str(request.POST.get("password", ""))
        user = authenticate(request, username=name, password=password)
        if user is not None:
            login(request, user)
            return redirect(_next(request))
        error = "The e-mail address or the password is wrong."
    return _entrance(request, error)


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """Too many wrong passwords: the same page says so."""
    error = "Too many wrong passwords. Try again in 15 minutes, or use a link."
    return _entrance(request, error, status=429)


def _entrance(request: HttpRequest, error: str, status: int = 200) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "core/enter.html", {"error": error, "next": wanted}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def enter_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button: what previews a link does not use it up."""
    if request.method == "POST":
        with transaction.atomic():  # a link is not used up where the session cannot be stored
            user = services.use_login_link(token=token)
            if user is not None:
                login(request, user, backend=BACKEND)
        if user is not None:
            return redirect("/")
    link = services.usable_link(token=token)
    return render(request, "core/enter_link.html", {"link": link}, status=200 if link else 410)


class OwnPassword(PasswordChangeView):
    """The admin's page for one's own password, with the form that is audited."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What every page of the admin has."""
        return super().get_context_data(**admin.site.each_context(self.request), **kwargs)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("core:enter")


def _next(request: HttpRequest) -> str:
    wanted = str(request.POST.get("next", ""))
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted else "/"
