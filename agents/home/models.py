"""What a user has put away on Home."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DismissedStep(models.Model):
    """A step of the checklist that a user does not want to see."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dismissed_steps"
    )
    step = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "step"], name="one_dismissal_per_step")
        ]

    def __str__(self) -> str:
        """Which step, and whose."""
        return f"{self.step} of {self.user}"
