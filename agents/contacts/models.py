"""Contacts and what is known about them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Property(models.Model):
    """A field of a contact; built-in ones cannot be deleted."""

    class Kind(models.TextChoices):
        """How a value is checked."""

        TEXT = "text", "Text"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        DATE = "date", "Date"
        NUMBER = "number", "Number"
        CHOICE = "choice", "Choice"

    key = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(default=list, blank=True)
    builtin = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "label"]
        verbose_name_plural = "properties"

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.label


class Disposition(models.Model):
    """An outcome of a call."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class Tag(models.Model):
    """A label for conversations and contacts."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class ContactDisposition(models.Model):
    """Where a contact stands: qualified, customer, closed."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class ContactList(models.Model):
    """A list that contacts join and leave."""

    name = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "list"

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class Contact(models.Model):
    """Somebody an agent talks to. `values` holds property values by key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    values = models.JSONField(default=dict, blank=True)
    phone = models.CharField(max_length=20, blank=True, db_index=True)
    email = models.EmailField(blank=True, db_index=True)
    time_zone = models.CharField(max_length=64, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="contacts")
    lists = models.ManyToManyField(ContactList, blank=True, related_name="contacts")
    disposition = models.ForeignKey(
        ContactDisposition,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contacts",
    )
    sample = models.BooleanField(default=False, help_text="Made for Try it; nothing reaches it")
    blocked = models.BooleanField(default=False, help_text="Do not call, do not write")
    sms_opted_out = models.BooleanField(default=False)
    disengaged = models.BooleanField(default=False, help_text="No outreach by any agent")
    outbound_seq = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        """The name, else what else is known."""
        return self.name or self.phone or self.email or "Unknown contact"

    @property
    def name(self) -> str:
        """First and last name, as far as known."""
        parts = (self.values.get("first_name"), self.values.get("last_name"))
        return " ".join(part for part in parts if part)


class DncEntry(models.Model):
    """Why a contact is blocked, and who lifted it; never deleted."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="dnc_entries")
    source = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    conversation_id = models.UUIDField(null=True, blank=True)
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lift_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-set_at"]
        verbose_name_plural = "DNC entries"

    def __str__(self) -> str:
        """What was said."""
        return f"{self.contact}: {self.words[:60]}"


class Disengagement(models.Model):
    """An end of outreach, by one agent or (no agent) by all, and who lifted it; never deleted."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="disengagements")
    agent_uuid = models.UUIDField(null=True, blank=True)
    reason = models.TextField(blank=True)
    conversation_id = models.UUIDField(null=True, blank=True)
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "agent_uuid"],
                condition=models.Q(lifted_at=None),
                name="one_open_disengagement_by_an_agent",
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(lifted_at=None, agent_uuid=None),
                name="one_open_disengagement_by_all",
            ),
        ]

    def __str__(self) -> str:
        """By whom."""
        return f"{self.contact}: no outreach by {'an' if self.agent_uuid else 'any'} agent"


class Consent(models.Model):
    """A permission to call or write, where it came from, and how it ended; never deleted."""

    class Channel(models.TextChoices):
        """By which way."""

        VOICE = "voice", "Calls"
        SMS = "sms", "Text messages"

    class Purpose(models.TextChoices):
        """What for; offers need a permission in writing."""

        SERVICE = "service", "Service"
        OFFERS = "offers", "Offers"

    class Source(models.TextChoices):
        """Where it came from."""

        WRITTEN = "written", "Signed or ticked"
        SPOKEN = "spoken", "Said in a conversation"
        KEYWORD = "keyword", "Wrote a reserved word"

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="consents")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.SERVICE)
    source = models.CharField(max_length=8, choices=Source.choices)
    words = models.TextField(help_text="The wording that was agreed to")
    proof = models.CharField(max_length=300, blank=True, help_text="Where it can be seen")
    conversation_id = models.UUIDField(null=True, blank=True)
    given_at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_how = models.TextField(blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "channel", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="one_consent_in_force",
            )
        ]

    def __str__(self) -> str:
        """To what, for what."""
        return f"{self.get_channel_display()}, {self.get_purpose_display().lower()}"


class TimelineEntry(models.Model):
    """One thing that happened to a contact."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(max_length=30)
    text = models.TextField()
    data = models.JSONField(default=dict, blank=True)
    conversation_id = models.UUIDField(null=True, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "timeline entries"

    def __str__(self) -> str:
        """The text."""
        return self.text[:80]
