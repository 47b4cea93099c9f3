"""Whom a conversation can reach: persons, ring groups, inboxes, external numbers, lines."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Person(models.Model):
    """A reachable colleague, optionally linked to a user."""

    class Notify(models.TextChoices):
        """How notices reach a person."""

        APP = "app", "In AloAi"
        EMAIL = "email", "E-mail"
        SMS = "sms", "SMS"

    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=80, blank=True, help_text="E.164 or a SIP address")
    extension = models.CharField(max_length=12, blank=True)
    notify = models.CharField(max_length=10, choices=Notify.choices, default=Notify.APP)
    available = models.BooleanField(default=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["extension"],
                condition=~models.Q(extension=""),
                name="an_extension_leads_to_one",
                violation_error_message="This extension belongs to somebody else.",
            )
        ]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class RingGroup(models.Model):
    """An ordered set of persons, rung at once or in turn."""

    class Order(models.TextChoices):
        """How the members are rung."""

        AT_ONCE = "at_once", "At once"
        IN_TURN = "in_turn", "In turn"

    name = models.CharField(max_length=120, unique=True)
    order = models.CharField(max_length=10, choices=Order.choices, default=Order.AT_ONCE)
    members: models.ManyToManyField[Person, GroupMember] = models.ManyToManyField(
        Person, through="GroupMember", related_name="groups"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class GroupMember(models.Model):
    """A person's place in a ring group."""

    group = models.ForeignKey(RingGroup, on_delete=models.CASCADE, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="one_place_in_a_group")
        ]

    def __str__(self) -> str:
        """Who, where."""
        return f"{self.person} in {self.group}"


class Inbox(models.Model):
    """A named queue of staff."""

    name = models.CharField(max_length=120, unique=True)
    members = models.ManyToManyField(Person, blank=True, related_name="inboxes")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "inboxes"

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class ExternalNumber(models.Model):
    """A number outside the house and what people call it; actions refer to it by the number."""

    name = models.CharField(max_length=120)
    number = models.CharField(max_length=20, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return self.name


class Line(models.Model):
    """A number that agents speak or write from; a practice line serves Try it only."""

    name = models.CharField(max_length=120)
    number = models.CharField(max_length=20, blank=True)
    practice = models.BooleanField(default=False)

    class Meta:
        ordering = ["practice", "name"]

    def __str__(self) -> str:
        """As a pick shows it."""
        return f"{self.name} · {self.number}" if self.number else self.name
