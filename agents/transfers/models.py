"""A transfer and its legs, as a state machine of rows."""

from __future__ import annotations

import uuid

from django.db import models

from agents.conversations.models import ActionRun, Conversation


class Transfer(models.Model):
    """One hand-off of a call: its destinations in order and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="transfers"
    )
    run = models.OneToOneField(
        ActionRun, null=True, blank=True, on_delete=models.CASCADE, related_name="transfer"
    )
    plan = models.JSONField()
    outcome = models.CharField(max_length=20, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at"]

    def __str__(self) -> str:
        """How it stands."""
        return self.outcome or "ringing"


class Leg(models.Model):
    """One destination being rung."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="legs")
    position = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    state = models.CharField(max_length=20, default="ringing")
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    """Since when who picked up hears who calls and why."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "position"], name="one_leg_per_position")
        ]

    def __str__(self) -> str:
        """Who and how it stands."""
        return f"{self.label}: {self.state}"
