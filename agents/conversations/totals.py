"""What is counted per day, added up in the very transaction that makes it so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from agents.conversations.models import ActionRun, DailyTotal
from agents.core.counting import add_up
from agents.outbox.models import Delivery
from agents.panels.models import Agent

Status = ActionRun.Status
KEYS = ("day", "agent", "channel", "direction", "line", "what", "which")
# A run, a delivery counts when it has come to an end.
ENDED_RUNS = frozenset(
    {Status.DONE, Status.FAILED, Status.UNKNOWN, Status.CANCELLED, Status.INTERRUPTED}
)
ENDED_DELIVERIES = frozenset(
    {
        Delivery.State.SENT,
        Delivery.State.FAILED,
        Delivery.State.UNKNOWN,
        Delivery.State.DENIED,
        Delivery.State.EXPIRED,
    }
)
# Upper ends in milliseconds; what is slower than the last one is in a bucket of its own.
BUCKETS = (
    50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000, 1250, 1500, 1750,
    2000, 2500, 3000, 4000, 5000, 7500, 10000, 15000, 20000, 30000,
)  # fmt: skip
SLOWER = "slower"
Row = tuple[date, int, str, str, str, str, str, int]


class What(StrEnum):
    """The kinds of things that are counted, and what `which` says of each."""

    CONVERSATION = "conversation"  # its state
    DISPOSITION = "disposition"  # a reference
    TAG = "tag"  # a reference
    TURN = "turn"  # done or failed
    FIRST_WORD = "first_word"  # a bucket
    RUN = "run"  # its status and the type of its action, with a colon
    TRANSFER = "transfer"  # its outcome
    DELIVERY = "delivery"  # its state


@dataclass(frozen=True, slots=True)
class Way:
    """Where a thing is counted: whose conversation it is and which way that came."""

    agent_id: int
    channel: str
    direction: str = ""
    line: str = ""

    def row(self, at: datetime, what: str, which: str, count: int = 1) -> Row:
        """One thing more, or less."""
        return (
            day_of(at), self.agent_id, self.channel, self.direction, self.line, what, which, count
        )  # fmt: skip


def day_of(at: datetime) -> date:
    """The site's day of a moment, whatever zone a request has."""
    return timezone.localdate(at, timezone.get_default_timezone())


def bucket_of(milliseconds: float) -> str:
    """The bucket that a time to the first word falls into."""
    place = bisect_left(BUCKETS, milliseconds)
    return str(BUCKETS[place]) if place < len(BUCKETS) else SLOWER


def add(rows: Iterable[Row]) -> None:
    """Add to the totals, in the transaction of the caller and in one order everywhere."""
    add_up(DailyTotal, KEYS, ("count",), sorted(rows))


def delivery_way(agent_id: int, row: Delivery) -> Way:
    """Where a delivery counts."""
    return Way(agent_id, row.channel, line=str(row.payload.get("line") or ""))


def count_deliveries(rows: Sequence[Delivery], state: str) -> None:
    """Deliveries get a state: each counts once, as it stands; without an agent it does not."""
    real = [row for row in rows if row.agent_uuid and not row.sandbox and row.state != state]
    agents = dict(
        Agent.objects.filter(uuid__in={row.agent_uuid for row in real}).values_list("uuid", "pk")
    )
    moved = []
    for row in real:
        if row.agent_uuid not in agents:
            continue
        way = delivery_way(agents[row.agent_uuid], row)
        steps = ((row.state, -1), (state, 1))
        moved += [
            way.row(row.created_at, What.DELIVERY, which, count)
            for which, count in steps
            if which in ENDED_DELIVERIES
        ]
    add(moved)
