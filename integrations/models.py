"""Connections to the outside and how they fare."""

from __future__ import annotations

import uuid

from django.db import models


class State(models.TextChoices):
    """What the last contact with the other side showed."""

    UNCHECKED = "unchecked", "Not checked"
    OK = "ok", "Works"
    FAILED = "failed", "Failed"


class Connection(models.Model):
    """One account at one vendor. Credentials are written and read through services only."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.CharField(max_length=20, db_index=True)
    name = models.CharField(max_length=100)
    secret = models.TextField(blank=True, editable=False)
    settings = models.JSONField(default=dict)
    found = models.JSONField(default=dict, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNCHECKED)
    last_error = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """How staff see it."""
        return self.name
