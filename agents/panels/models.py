"""Agents, their instruction panels and actions, and the versions frozen from them."""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.db import models


def mark_of(text: str) -> str:
    """A short fingerprint of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Agent(models.Model):
    """A voice agent or a text agent. `settings` is validated by `AgentSettings`."""

    class Kind(models.TextChoices):
        """What the agent speaks through."""

        VOICE = "voice", "Voice"
        TEXT = "text", "Text"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    settings = models.JSONField(default=dict, blank=True)
    paused = models.BooleanField(default=False)
    live_version = models.ForeignKey(
        "Version", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """The name."""
        return self.name


class InstructionPanel(models.Model):
    """The draft that admins edit. `revision` counts every change."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, related_name="panel")
    instructions = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        """Whose."""
        return f"Instructions of {self.agent}"

    @property
    def mark(self) -> str:
        """The fingerprint of the instructions, by which a page says what it began from."""
        return mark_of(self.instructions)


class Action(models.Model):
    """An action type placed on a panel. The uid survives everything but duplication."""

    panel = models.ForeignKey(InstructionPanel, on_delete=models.CASCADE, related_name="actions")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    when = models.TextField(blank=True)
    moment = models.CharField(max_length=20, default="during")
    event = models.JSONField(default=dict, blank=True)
    only_if = models.JSONField(default=list, blank=True)
    repeat = models.CharField(max_length=20, default="every_time")
    cool_down = models.PositiveSmallIntegerField(default=0)
    mode = models.CharField(max_length=10, default="live")
    confirm = models.CharField(max_length=10, default="ask")
    threshold = models.FloatField(null=True, blank=True)
    enabled = models.BooleanField(default=True)
    note = models.CharField(max_length=500, blank=True)
    config = models.JSONField(default=dict, blank=True)
    schema_version = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        """Type and condition."""
        return f"{self.type}: {self.when[:60]}"


class Version(models.Model):
    """A frozen copy of a panel; numbered when published. `content` never changes."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-number", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "digest"], name="one_row_per_content"),
            models.UniqueConstraint(fields=["agent", "number"], name="one_version_per_number"),
        ]

    def __str__(self) -> str:
        """Number, or that it is a draft."""
        return f"version {self.number}" if self.number else "draft"


class Edit(models.Model):
    """One step of a panel: what it changed, from what to what. It can be undone and redone.

    `before` and `after` hold only what differs: the instructions, the order of the uids, and per
    card its changed fields, or the whole card, or null where there is none.
    """

    panel = models.ForeignKey(InstructionPanel, on_delete=models.CASCADE, related_name="edits")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    label = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        """What was done."""
        return self.label

    @property
    def cards(self) -> set[str]:
        """The uids of the cards that it touched."""
        return set(self.after.get("cards", {}))


class Unsaved(models.Model):
    """What somebody typed into one part of a panel and what could not be stored as it is.

    `part` is the uid of an action, or the slug of a settings section; `fields` are its fields as
    they were sent, `revision` is the state that they were typed upon.
    """

    panel = models.ForeignKey(InstructionPanel, on_delete=models.CASCADE, related_name="unsaved")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=40)
    fields = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "user", "part"], name="one_unsaved_per_part"),
        ]

    def __str__(self) -> str:
        """Whose and what."""
        return f"{self.user}: {self.part}"
