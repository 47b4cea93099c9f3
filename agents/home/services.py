"""Every write of Home."""

from __future__ import annotations

from django.db import transaction

from agents.core.models import User
from agents.home.models import DismissedStep


@transaction.atomic
def dismiss_step(*, user: User, step: str) -> None:
    """Put a step of the checklist away, for this user."""
    DismissedStep.objects.get_or_create(user=user, step=step)


@transaction.atomic
def show_steps(*, user: User) -> None:
    """Show the whole checklist again."""
    DismissedStep.objects.filter(user=user).delete()
