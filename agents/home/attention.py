"""What needs a look: each with its number and the way to the list that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from agents.conversations.models import InboxItem
from agents.conversations.totals import What
from agents.core.models import Role, User
from agents.core.roles import has_role, visible_to
from agents.core.text import counted
from agents.home.figures import FAILURE, Sums
from agents.home.period import Period
from agents.panels.linter import lint
from agents.panels.models import Agent
from integrations.models import Connection, State

LISTED = 20  # agents that are looked at; beyond that their own page says it


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at."""

    icon: str
    tone: str
    words: str
    small: str
    url: str


def concerns(user: User, period: Period, now: Sums) -> list[Concern]:
    """Everything, the most urgent first."""
    return [
        *_waiting(period),
        *_failed(period, now),
        *_connections(user),
        *_agents(user, period),
    ]


def _list(period: Period, **filters: str) -> str:
    return f"{reverse('conversations:list')}?{period.conversations(**filters)}"


def _waiting(period: Period) -> Iterator[Concern]:
    """Conversations that staff have to see to, however old."""
    items = InboxItem.objects.filter(released_at=None, conversation__sandbox=False)
    if period.agent:
        items = items.filter(conversation__agent__uuid=period.agent)
    if count := items.count():
        words = counted(count, "conversation waits for staff", "conversations wait for staff")
        agent = f"&agent={period.agent}" if period.agent else ""
        url = f"{reverse('conversations:list')}?outcome=item_open{agent}"
        yield Concern("inbox", "warn", words, "Open items of all inboxes", url)


def _failed(period: Period, now: Sums) -> Iterator[Concern]:
    turns = now.of(What.TURN)["failed"]
    if turns:
        words = counted(turns, "turn failed", "turns failed")
        small = "The contact was told that the agent could not answer"
        yield Concern("circle-x", "bad", words, small, _list(period, outcome="turn_failed"))
    if runs := now.runs(*FAILURE):
        words = counted(runs, "action failed", "actions failed")
        small = "Each says what happened in its conversation"
        yield Concern("zap", "bad", words, small, _list(period, ran="failed"))
    for state, one, many, small in DELIVERIES:
        if count := now.of(What.DELIVERY)[state]:
            url = _list(period, outcome=f"delivery_{state}")
            yield Concern("send", "bad", counted(count, one, many), small, url)


DELIVERIES = (
    ("failed", "delivery failed", "deliveries failed", "It was not sent"),
    ("unknown", "delivery is unclear", "deliveries are unclear", "It may have been sent"),
)


def _connections(user: User) -> Iterator[Concern]:
    broken = Connection.objects.filter(state=State.FAILED)
    for row in visible_to(broken, user):
        small = row.last_error or "The last check failed"
        yield Concern("plug", "bad", f"{row} does not work", small, reverse("integrations:list"))


def _agents(user: User, period: Period) -> Iterator[Concern]:
    """Drafts that cannot be published, and agents that never were."""
    if not has_role(user, Role.ADMIN, Role.BUILDER):
        return
    rows = Agent.objects.select_related("panel", "live_version")
    rows = rows.filter(uuid=period.agent) if period.agent else rows
    for agent in rows[:LISTED]:
        url = reverse("panels:instructions", args=[agent.uuid])
        errors = sum(one.level == "error" for one in lint(agent.panel))
        if errors:
            words = counted(errors, "problem", "problems")
            yield Concern(
                "bot", "warn", f"{agent}: {words} to correct", "It cannot be published", url
            )
        elif agent.live_version is None:
            yield Concern(
                "bot", "warn", f"{agent} was never published", "It does not answer anybody yet", url
            )
