"""Users, one-time links, audit rows and heartbeats."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """What a user may do."""

    ADMIN = "admin", "Admin"
    BUILDER = "builder", "Builder"
    SUPPORT = "support", "Support"


class User(AbstractUser):
    """Somebody who signs in; the e-mail address is the user name."""

    role = models.CharField(max_length=12, choices=Role.choices, default=Role.SUPPORT)
    time_zone = models.CharField(max_length=64, default="UTC")

    def __str__(self) -> str:
        """How staff see this user."""
        return self.get_full_name() or self.username

    @property
    def short_name(self) -> str:
        """For narrow places: the first name, else what stands before the @."""
        return self.first_name or self.username.partition("@")[0]


class LoginLink(models.Model):
    """A one-time link; only the hash of its token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        """For whom."""
        return f"link for {self.user}"


class AuditRow(models.Model):
    """Who changed what, and why; never changed, never deleted."""

    actor = models.CharField(max_length=150, blank=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        """Who did what."""
        return f"{self.actor} {self.verb} {self.object_label}"


class Heartbeat(models.Model):
    """The last time a task went all the way through the queue."""

    name = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Which."""
        return self.name
