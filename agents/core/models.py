"""Users, one-time links, audit rows and heartbeats."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, UserManager
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

    objects = UserManager()

    def __str__(self) -> str:
        """How staff see this user."""
        return self.get_full_name() or self.username
