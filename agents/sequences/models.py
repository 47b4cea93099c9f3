"""Sequences, their steps, and the contacts that are in them."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q

from agents.contacts.models import Contact


class Sequence(models.Model):
    """Messages and calls to a contact, each after a wait."""

    name = models.CharField(max_length=120, unique=True)
    stop_on_reply = models.BooleanField(default=True)
    stop_on_booking = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class SequenceStep(models.Model):
    """One message or call. `agent_uuid` is who calls, or takes the answers."""

    class How(models.TextChoices):
        """The way to the contact."""

        SMS = "sms", "SMS"
        CALL = "call", "Call"

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    wait_hours = models.PositiveIntegerField(default=0)
    how = models.CharField(max_length=4, choices=How.choices, default=How.SMS)
    text = models.TextField(blank=True)
    agent_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        """What it does, and when."""
        return f"{self.get_how_display()} after {self.wait_words}"

    @property
    def wait(self) -> timedelta:
        """The time since the step before it."""
        return timedelta(hours=self.wait_hours)

    @property
    def wait_words(self) -> str:
        """The wait, in whole days where it is some."""
        days, hours = divmod(self.wait_hours, 24)
        number, unit = (days, "day") if days and not hours else (self.wait_hours, "hour")
        return f"{number} {unit}{'' if number == 1 else 's'}"


class Enrolment(models.Model):
    """A contact in a sequence. `key` is that of the run that enrolled it, `step` the next one."""

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", "Waits for its channel"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.ForeignKey(Sequence, on_delete=models.PROTECT, related_name="enrolments")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="enrolments")
    agent_uuid = models.UUIDField(null=True, blank=True)
    conversation_id = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-enrolled_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sequence", "contact"],
                condition=Q(state="waiting"),
                name="one_enrolment_at_a_time",
            )
        ]

    def __str__(self) -> str:
        """Who is in what."""
        return f"{self.contact} in {self.sequence}"
