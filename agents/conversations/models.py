"""Conversations, their turns with every decision, and the ledger of action runs."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agents.contacts.models import Contact, Disposition, Tag
from agents.panels.models import Agent, Version
from agents.routing.models import Inbox


class LiveConversations(models.Manager["Conversation"]):
    """Everything but sandbox conversations: they never count."""

    def get_queryset(self) -> models.QuerySet[Conversation]:
        """Hide the sandbox."""
        return super().get_queryset().filter(sandbox=False)


class Conversation(models.Model):
    """One call or thread, on one version from start to end."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "Waiting to be answered"
        OPEN = "open", "Open"
        RINGING = "ringing", "Transferring"
        STAFF = "staff", "With staff"
        HANDED_OFF = "handed_off", "Handed off"
        ENDED = "ended", "Ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="conversations")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="conversations")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations"
    )
    channel = models.CharField(max_length=10)
    direction = models.CharField(max_length=10, default="inbound")
    attempt = models.PositiveSmallIntegerField(default=1)
    sandbox = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=200, blank=True)
    disposition = models.ForeignKey(
        Disposition, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="conversations")
    world = models.JSONField(default=dict, blank=True, help_text="Sandbox: snapshot of the facts")
    memory = models.JSONField(
        default=dict, blank=True, help_text="What the agent knows between turns"
    )
    clock_offset = models.FloatField(default=0, help_text="Sandbox: seconds skipped")
    call_number = models.PositiveSmallIntegerField(default=1)
    lease_no = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    last_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=150, blank=True)

    objects = LiveConversations()
    everything: models.Manager[Conversation] = models.Manager()

    class Meta:
        ordering = ["-started_at"]
        base_manager_name = "everything"

    def __str__(self) -> str:
        """Who and where."""
        return f"{self.contact or 'Unknown contact'}, {self.channel}"


class Turn(models.Model):
    """One exchange, or one event that has no reply."""

    class Kind(models.TextChoices):
        """What made it."""

        GREETING = "greeting", "Greeting"
        MESSAGE = "message", "Message"
        HANDOFF = "handoff", "Hand-off"
        CLOSING = "closing", "Closing"
        NO_ANSWER = "no_answer", "No answer"
        IDLE = "idle", "Silence"
        SYSTEM = "system", "System"

    class State(models.TextChoices):
        """Where it stands."""

        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MESSAGE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    inbound = models.TextField(blank=True)
    inbound_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    reply = models.TextField(blank=True)
    heard = models.TextField(null=True, blank=True, help_text="What was heard before a barge-in")  # noqa: DJ001 - "" was heard
    decisions = models.JSONField(default=list, blank=True)
    timings = models.JSONField(default=dict, blank=True)
    usage = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True, help_text="Sentences for staff")
    progress = models.JSONField(
        default=dict, blank=True, help_text="What a running turn has decided, for after a crash"
    )
    attempts = models.PositiveSmallIntegerField(default=1)
    incomplete = models.BooleanField(default=False)
    lease_no = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_turn_per_number")
        ]

    def __str__(self) -> str:
        """Number and kind."""
        return f"turn {self.number}, {self.kind}"


class InboxItem(models.Model):
    """A conversation that the staff of an inbox have to see to; open until it is released."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="items")
    inbox = models.ForeignKey(Inbox, null=True, on_delete=models.SET_NULL, related_name="items")
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(released_at__isnull=True),
                name="one_open_item_per_conversation",
            )
        ]

    def __str__(self) -> str:
        """Where, and what for."""
        return f"{self.inbox or 'No inbox'}: {self.note[:60]}"


USING_UP = ("proposed", "running", "unknown", "done")


class ActionRun(models.Model):
    """One execution in the ledger; the key makes it happen once."""

    class Status(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", "Proposed"
        RUNNING = "running", "Running"
        ASKED = "asked", "Asked the contact"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        CANCELLED = "cancelled", "Cancelled"
        INTERRUPTED = "interrupted", "Interrupted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="runs")
    action_uid = models.UUIDField()
    type = models.CharField(max_length=40)
    occasion = models.CharField(max_length=80)
    contact_key = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - unique
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PROPOSED)
    mode = models.CharField(max_length=10, default="live")
    position = models.PositiveSmallIntegerField(default=0)
    arguments = models.JSONField(default=dict)
    call_id = models.CharField(max_length=80, blank=True)
    line = models.TextField(blank=True)
    to_model = models.TextField(blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    flow = models.JSONField(default=dict, blank=True, help_text="What the engine is to do next")
    effects = models.JSONField(default=list, blank=True)
    error = models.JSONField(default=dict, blank=True)
    lease_no = models.PositiveIntegerField(default=0)
    milliseconds = models.FloatField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "action_uid", "occasion"],
                condition=Q(status__in=USING_UP),
                name="one_run_per_occasion",
            ),
            models.UniqueConstraint(
                fields=["contact_key"],
                condition=Q(status__in=USING_UP) & Q(contact_key__isnull=False),
                name="one_run_per_contact",
            ),
        ]

    def __str__(self) -> str:
        """Type and status."""
        return f"{self.type}: {self.status}"


class DailyCount(models.Model):
    """How often an action got a reason code on a day; sandbox turns do not count."""

    day = models.DateField()
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    action_uid = models.UUIDField()
    code = models.CharField(max_length=30)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agent", "action_uid", "code"], name="one_count_per_code"
            )
        ]

    def __str__(self) -> str:
        """Day, code and count."""
        return f"{self.day} {self.code}: {self.count}"


class DailyTotal(models.Model):
    """How much of one thing there was on a day, on one way in; sandbox conversations do not count.

    `what` is the kind of thing (a conversation, a run, a transfer …), `which` says how it stands or
    which one it is. The day is the site's, of the time at which the thing itself began.
    """

    day = models.DateField()
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, blank=True)
    direction = models.CharField(max_length=10, blank=True)
    line = models.CharField(max_length=80, blank=True)
    what = models.CharField(max_length=20)
    which = models.CharField(max_length=80, blank=True)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agent", "channel", "direction", "line", "what", "which"],
                name="one_total_per_thing",
            )
        ]

    def __str__(self) -> str:
        """Day, thing and count."""
        return f"{self.day} {self.what} {self.which}: {self.count}"


class TokenUse(models.Model):
    """Model tokens of an agent on a day, sandbox included: the cap looks at it."""

    day = models.DateField()
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    tokens = models.PositiveBigIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "agent"], name="one_use_per_day")]

    def __str__(self) -> str:
        """Day and tokens."""
        return f"{self.day}: {self.tokens}"
