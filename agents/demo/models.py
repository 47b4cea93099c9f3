"""The demo business: how far it is, and every row that it made."""

from __future__ import annotations

from datetime import datetime

from django.db import models

THE_ONE = 1
"""The primary key: there is one demo business or none."""


class Demo(models.Model):
    """The demo business, from the click that asks for it until it is removed."""

    class State(models.TextChoices):
        """Where it stands."""

        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    state = models.CharField(max_length=8, choices=State.choices, default=State.MAKING)
    doing = models.CharField(max_length=200, blank=True, help_text="The step in words")
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField(null=True, blank=True, help_text="When its maker counts as lost")
    made_by = models.CharField(max_length=150, blank=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """How far it is."""
        return self.doing or self.get_state_display()

    @property
    def percent(self) -> int:
        """How much of it is there."""
        return min(100 * self.done // self.total, 100) if self.total else 0

    def lost(self, now: datetime) -> bool:
        """Whether its maker has died half way."""
        return self.state == self.State.MAKING and self.until is not None and self.until <= now


class DemoRow(models.Model):
    """A row that the demo business made: its pick kind, or `agent` or `contact`, and its key."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_row_of_the_demo_business")
        ]

    def __str__(self) -> str:
        """As others refer to it."""
        return f"{self.kind}:{self.key}"
