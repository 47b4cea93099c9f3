"""Calendars, what can be booked in them, and the appointments."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from actions.hours import Hours
from actions.languages import ENGLISH
from actions.stored import known_part
from actions.zones import zone_of
from agents.contacts.models import Contact


class Calendar(models.Model):
    """When appointments can be made; `hours` is the JSON of `actions.hours.Hours`."""

    name = models.CharField(max_length=120, unique=True)
    hours = models.JSONField(default=dict, blank=True)
    buffer_minutes = models.PositiveSmallIntegerField(default=0)
    notice_hours = models.PositiveSmallIntegerField(default=2)
    days_ahead = models.PositiveSmallIntegerField(default=30)
    step_minutes = models.PositiveSmallIntegerField(default=30)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name

    @property
    def week(self) -> Hours:
        """The working hours."""
        hours = Hours.model_validate(known_part(Hours, self.hours))
        return hours.in_zone(settings.TIME_ZONE)

    @property
    def zone(self) -> ZoneInfo:
        """Where it lies."""
        return zone_of(self.week.zone)


class Service(models.Model):
    """Something that is booked, and how long it takes."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField(default=30)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class Booking(models.Model):
    """An appointment. `key` is that of the write that made it, `changed_by` of the last move."""

    class State(models.TextChoices):
        """Whether it stands."""

        BOOKED = "booked", "Booked"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="bookings")
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="bookings"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="bookings"
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    conversation_id = models.UUIDField(null=True, blank=True, db_index=True)
    key = models.CharField(max_length=120, unique=True)
    changed_by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["start"]
        indexes = [models.Index(fields=["calendar", "end"], name="bookings_of_a_calendar")]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "start"],
                condition=Q(state="booked"),
                name="one_booking_begins_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=models.F("start")), name="a_booking_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        """What and when, in the calendar's zone."""
        return f"{self.service or self.calendar}, {ENGLISH.speaking.time(self.local_start)}"

    @property
    def local_start(self) -> datetime:
        """When it begins, in the calendar's zone."""
        return self.start.astimezone(self.calendar.zone)
