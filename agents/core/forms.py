"""Passwords in the Django admin: set by the service, so that each change is audited."""

from __future__ import annotations

from django.contrib.admin.forms import AdminPasswordChangeForm as OwnForm
from django.contrib.auth.forms import AdminPasswordChangeForm as OthersForm

from agents.core import services
from agents.core.models import User


class OwnPasswordForm(OwnForm):
    """The password of who is signed in."""

    def save(self, commit: bool = True) -> User:
        """By the service."""
        password = self.cleaned_data["new_password1"]
        return services.change_password(user=self.user, password=password, actor=str(self.user))


class PasswordForm(OthersForm):  # type: ignore[type-arg]
    """The password of a user, set by an admin."""

    actor = ""

    def save(self, commit: bool = True) -> User:
        """By the service."""
        usable = self.cleaned_data["set_usable_password"]
        password = self.cleaned_data["password1"] if usable else None
        return services.change_password(user=self.user, password=password, actor=self.actor)

    @classmethod
    def of(cls, actor: str) -> type[PasswordForm]:
        """The form in somebody's hands: Django makes it without the request."""
        return type(cls.__name__, (cls,), {"actor": actor})
