"""What leaves the house, and what stops it."""

from __future__ import annotations

import uuid

from django.db import models

from agents.contacts.models import Contact


class Delivery(models.Model):
    """One thing that leaves. The key is its identity: it leaves once. No foreign key upwards."""

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", "Queued"
        HELD = "held", "Held"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        DENIED = "denied", "Denied"
        EXPIRED = "expired", "Expired"
        PRACTICE = "practice", "Would have left"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    purpose = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, blank=True)
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    agent_uuid = models.UUIDField(null=True, blank=True)
    conversation_id = models.UUIDField(null=True, blank=True, db_index=True)
    run_id = models.UUIDField(null=True, blank=True)
    to = models.CharField(max_length=200, blank=True)
    payload = models.JSONField(default=dict)
    sandbox = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    gate = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    vendor_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["state", "not_before"], name="due_deliveries")]

    def __str__(self) -> str:
        """What leaves."""
        return self.title


class Hold(models.Model):
    """Stops deliveries: of an agent, a line, or all."""

    class Scope(models.TextChoices):
        """What is stopped."""

        ALL = "all", "Everything"
        AGENT = "agent", "An agent"
        LINE = "line", "A line"

    scope = models.CharField(max_length=10, choices=Scope.choices)
    agent_uuid = models.UUIDField(null=True, blank=True)
    line_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    set_by = models.CharField(max_length=150, blank=True)
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-set_at"]

    def __str__(self) -> str:
        """What is stopped, and why."""
        return f"{self.get_scope_display()}: {self.reason}"
