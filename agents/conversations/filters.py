"""What the conversation list is narrowed to: read from the address, written back into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date

from agents.contacts.finding import matches
from agents.conversations.models import ActionRun, Conversation, InboxItem, Turn
from agents.conversations.pages import CHANNELS, as_uuid
from agents.core.text import one_line
from agents.outbox.models import Delivery

Status = ActionRun.Status
FIRED = (Status.RUNNING, Status.DONE, Status.FAILED, Status.UNKNOWN)
RAN = {"fired": "Fired", "failed": "Failed"}
TRANSFERS = {
    "answered": "Transfer answered",
    "declined": "Transfer declined",
    "no_answer": "Transfer not answered",
    "busy": "Transfer busy",
    "machine": "Transfer reached voicemail",
    "message_taken": "Message taken",
    "caller_gone": "Caller hung up while it rang",
    "failed": "Transfer failed",
}
NEEDS_LOOK = {
    "turn_failed": "A turn failed",
    "delivery_failed": "A delivery failed",
    "delivery_unknown": "A delivery is unclear",
    "item_open": "Waits for staff",
}
DRAFT = "draft"
SLUG = re.compile(r"[a-z][a-z0-9_]{1,40}")
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Filters:
    """Every way to narrow the list; nonsense in the address is ignored."""

    tests: bool = False
    q: str = ""
    agent: str = ""
    version: str = ""
    channel: str = ""
    outcome: str = ""
    disposition: str = ""
    tag: str = ""
    action: str = ""
    ran: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From the address of the page."""
        given = {name: read(query.get(name, "")) for name, read in READ.items()}
        if query.get("of", given["agent"]) != given["agent"]:
            # They were picked for another agent, which has its own versions and actions.
            given["version"] = ""
            given["action"] = given["action"] if SLUG.fullmatch(given["action"]) else ""
        return cls(tests=query.get("show") == "tests", **given)

    @property
    def given(self) -> dict[str, str]:
        """What is narrowed, in the order of the form."""
        return {f.name: value for f in fields(self)[1:] if (value := getattr(self, f.name))}

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.given)

    @property
    def query(self) -> str:
        """As it stands in the address."""
        return urlencode(({"show": "tests"} if self.tests else {}) | self.given)

    @property
    def cleared(self) -> Filters:
        """Nothing narrowed, on the same tab."""
        return Filters(tests=self.tests)

    def without(self, name: str) -> Filters:
        """The same but for one."""
        rest = {key: value for key, value in self.given.items() if key != name}
        return Filters(tests=self.tests, **rest)

    def rows(self) -> QuerySet[Conversation]:
        """The conversations, newest first, with everything a row shows."""
        found = Conversation.everything.filter(
            *(CONDITIONS[name](self, value) for name, value in self.given.items()),
            sandbox=self.tests,
        )
        found = found.select_related("agent", "version", "contact", "disposition")
        runs = ActionRun.objects.all()
        return found.order_by("-started_at", "pk").annotate(
            turn_count=_count(Turn.objects.all()),
            run_count=_count(runs.filter(status=Status.DONE)),
            failed_count=_count(runs.filter(status=Status.FAILED)),
        )


def _count(rows: QuerySet[Turn] | QuerySet[ActionRun]) -> Coalesce:
    """How many of these a conversation has, counted for the rows of the page alone."""
    own = rows.filter(conversation=OuterRef("pk")).order_by().values("conversation")
    counted = own.annotate(counted=Count("pk")).values("counted")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


# --- from the address ------------------------------------------------------------------------


def _one_of(*legal: str) -> Callable[[str], str]:
    return lambda text: text if text in legal else ""


def _pk(text: str) -> str:
    return text if re.fullmatch(r"[0-9]{1,9}", text) else ""


def _version(text: str) -> str:
    return text if text == DRAFT else _pk(text)


def _action(text: str) -> str:
    """A kind of action, or the uid of one."""
    return text if SLUG.fullmatch(text) else as_uuid(text)


def _date(text: str) -> str:
    try:
        day = parse_date(text)
    except ValueError:
        return ""
    return text if day and day.year in YEARS else ""


def _words(text: str) -> str:
    return one_line(text, 200)


READ: dict[str, Callable[[str], str]] = {
    "q": _words,
    "agent": as_uuid,
    "version": _version,
    "channel": _one_of(*CHANNELS),
    "outcome": _one_of(
        *Conversation.State.values, *(f"transfer_{key}" for key in TRANSFERS), *NEEDS_LOOK
    ),
    "disposition": _pk,
    "tag": _pk,
    "action": _action,
    "ran": _one_of(*RAN),
    "since": _date,
    "until": _date,
}


# --- to the database -------------------------------------------------------------------------


def _said(text: str) -> Q:
    """Words of the talk or of its outcome, or the contact's name, number or address."""
    turns = Turn.objects.filter(
        Q(inbound__icontains=text) | Q(reply__icontains=text), conversation=OuterRef("pk")
    )
    return Q(Exists(turns)) | Q(outcome__icontains=text) | matches(text, "contact__")


def _of_version(text: str) -> Q:
    return Q(version__number=None) if text == DRAFT else Q(version__number=int(text))


def _ended_as(text: str) -> Q:
    """A state, how a transfer ended, or what somebody should look at."""
    kind, _, how = text.partition("_")
    if text in Conversation.State.values:
        return Q(state=text)
    return Q(Exists(OUTCOMES[kind](how)))


OUTCOMES: dict[str, Callable[[str], QuerySet[Any]]] = {
    "transfer": lambda how: Conversation.everything.filter(
        pk=OuterRef("pk"), transfers__outcome=how
    ),
    "turn": lambda how: Turn.objects.filter(conversation=OuterRef("pk"), state=how),
    "delivery": lambda how: Delivery.objects.filter(conversation_id=OuterRef("pk"), state=how),
    "item": lambda how: InboxItem.objects.filter(conversation=OuterRef("pk"), released_at=None),
}


def _with_disposition(filters: Filters, text: str) -> Q:
    """A test keeps what it set in its own snapshot."""
    if filters.tests:
        return Q(world__disposition=f"disposition:{text}")
    return Q(disposition=int(text))


def _with_tag(filters: Filters, text: str) -> Q:
    if filters.tests:
        return Q(world__tags__icontains=f'"tag:{text}"')
    through = Conversation.tags.through.objects
    return Q(Exists(through.filter(conversation=OuterRef("pk"), tag=int(text))))


def _ran(action: str, how: str) -> Q:
    """An action, a kind of action or any one that fired, or that failed."""
    statuses = (Status.FAILED,) if how == "failed" else FIRED
    runs = ActionRun.objects.filter(conversation=OuterRef("pk"), status__in=statuses)
    if action:
        runs = runs.filter(**{"type" if SLUG.fullmatch(action) else "action_uid": action})
    return Q(Exists(runs.exclude(mode="shadow")))


def _midnight(text: str, days: int = 0) -> datetime:
    day = parse_date(text)
    assert day is not None  # noqa: S101 - _date let only dates through
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))


CONDITIONS: dict[str, Callable[[Filters, str], Q]] = {
    "q": lambda filters, text: _said(text),
    "agent": lambda filters, text: Q(agent__uuid=text),
    "version": lambda filters, text: _of_version(text),
    "channel": lambda filters, text: Q(channel=text),
    "outcome": lambda filters, text: _ended_as(text),
    "disposition": _with_disposition,
    "tag": _with_tag,
    "action": lambda filters, text: _ran(text, filters.ran),
    "ran": lambda filters, text: Q() if filters.action else _ran("", text),
    "since": lambda filters, text: Q(started_at__gte=_midnight(text)),
    "until": lambda filters, text: Q(started_at__lt=_midnight(text, days=1)),
}
