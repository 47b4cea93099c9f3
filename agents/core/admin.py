"""Users, and what must stay as it was written: links, audit rows, heartbeats."""

from __future__ import annotations

from copy import copy
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse

from agents.core import services
from agents.core.forms import PasswordForm
from agents.core.models import AuditRow, Heartbeat, LoginLink, Role, User
from agents.core.records import ReadOnlyAdmin

admin.site.unregister(Group)  # roles say who may do what


class UserForm(UserChangeForm[User]):
    """What an admin may change of a user."""

    time_zone = forms.ChoiceField(choices=[(name, name) for name in sorted(available_timezones())])

    def clean(self) -> dict[str, Any]:
        """Somebody must be able to administer."""
        values = super().clean() or self.cleaned_data
        stays = values.get("role") == Role.ADMIN and values.get("is_active")
        if services.is_last_admin(user=self.instance) and not stays:
            raise forms.ValidationError("There must be at least one admin.")
        return values


@admin.register(User)
class PeopleAdmin(UserAdmin[User]):
    """Who may enter; made with `manage.py login_link`, never deleted, their access is ended."""

    form = UserForm
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("Person", {"fields": ("first_name", "last_name", "time_zone")}),
    )
    readonly_fields = ("username",)
    list_display = ("username", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    filter_horizontal = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By a one-time link."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Their name stays on what they did."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """By the service, against the row as it is stored."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        stored = User.objects.get(pk=obj.pk)
        services.change_user(user=stored, changes=changes, actor=str(request.user))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Django's page, with a form that knows who uses it: this object serves all requests."""
        page = copy(self)
        page.change_password_form = PasswordForm.of(str(request.user))
        return super(PeopleAdmin, page).user_change_password(request, id, form_url)


@admin.register(AuditRow)
class AuditAdmin(ReadOnlyAdmin[AuditRow]):
    """Who changed what."""

    list_display = ("at", "actor", "verb", "object_kind", "object_label", "reason")
    list_filter = ("object_kind", "verb")
    search_fields = ("actor", "object_label", "reason")
    date_hierarchy = "at"


@admin.register(LoginLink)
class LinkAdmin(ReadOnlyAdmin[LoginLink]):
    """Links that were made; their tokens are not kept."""

    list_display = ("user", "created_at", "expires_at", "used_at")
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin[Heartbeat]):
    """When the queue last worked."""

    list_display = ("name", "asked_at", "beat_at")
