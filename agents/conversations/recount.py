"""The totals of a range of days, counted again from the rows themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from agents.conversations.models import (
    ActionRun,
    Conversation,
    DailyCount,
    DailyTotal,
    Turn,
)
from agents.conversations.services import DECISION_KEYS, WATCHES, turn_rows
from agents.conversations.totals import (
    ENDED_DELIVERIES,
    ENDED_RUNS,
    KEYS,
    Row,
    Way,
    What,
    day_of,
    delivery_way,
)
from agents.core.counting import add_up
from agents.outbox.models import Delivery
from agents.panels.models import Agent

WAY = ("agent_id", "channel", "direction")
OF_CONVERSATION = tuple(f"conversation__{name}" for name in WAY)


def recount(*, since: date, until: date) -> int:
    """Count these days again, both included, and write what they come to; how many days.

    A day that holds conversations which were deleted since is counted without them.
    """
    days = (until - since).days + 1
    for number in range(days):
        _recount_day(since + timedelta(days=number))
    return max(days, 0)


def recount_all() -> int:
    """Every day that has something to count, or was counted before."""
    counted = DailyTotal.objects.aggregate(first=Min("day"), last=Max("day"))
    began = Conversation.objects.aggregate(first=Min("started_at"))["first"]
    days = [day_of(began)] if began else []
    days += [day for day in counted.values() if day]
    return recount(since=min(days), until=max(day_of(timezone.now()), *days)) if days else 0


@transaction.atomic
def _recount_day(day: date) -> None:
    _lock()
    DailyTotal.objects.filter(day=day).delete()
    DailyCount.objects.filter(day=day).delete()
    totals = Counter[tuple[Any, ...]]()
    for *key, count in rows_of(day):
        totals[tuple(key)] += count
    add_up(DailyTotal, KEYS, ("count",), [(*key, count) for key, count in totals.items()])
    decisions = Counter(_decisions_of(day))
    add_up(DailyCount, DECISION_KEYS, ("count",), [(*k, n) for k, n in decisions.items()])


def _lock() -> None:
    """Nobody adds to the totals meanwhile; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(DailyTotal._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


# --- from the rows -----------------------------------------------------------------------------


def rows_of(day: date) -> Iterator[Row]:
    """Everything of a day, one by one."""
    yield from _conversations(day)
    yield from _turns(day)
    yield from _runs(day)
    yield from _transfers(day)
    yield from _deliveries(day)


def _within(name: str, day: date) -> dict[str, datetime]:
    """From midnight to midnight in the site's zone."""
    zone = timezone.get_default_timezone()
    ends = (timezone.make_aware(datetime.combine(d, time.min), zone) for d in (day, _next(day)))
    return dict(zip((f"{name}__gte", f"{name}__lt"), ends, strict=True))


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _conversations(day: date) -> Iterator[Row]:
    rows = Conversation.objects.filter(**_within("started_at", day))
    for *way, at, state, disposition in rows.values_list(
        *WAY, "started_at", "state", "disposition_id"
    ).iterator():
        yield Way(*way).row(at, What.CONVERSATION, state)
        if disposition:
            yield Way(*way).row(at, What.DISPOSITION, f"disposition:{disposition}")
    tagged = rows.filter(tags__isnull=False).values_list(*WAY, "started_at", "tags")
    for *way, at, tag in tagged.iterator():
        yield Way(*way).row(at, What.TAG, f"tag:{tag}")


def _turns(day: date) -> Iterator[Row]:
    for *way, at, kind, state, timings in (
        _ended_turns(day).values_list(*OF_CONVERSATION, "at", "kind", "state", "timings").iterator()
    ):
        yield from turn_rows(Way(*way), at, kind, {"state": state, "timings": timings})


def _ended_turns(day: date) -> Any:
    turns = Turn.objects.filter(**_within("at", day), conversation__sandbox=False)
    return turns.exclude(state=Turn.State.RUNNING).order_by()


def _decisions_of(day: date) -> Iterable[tuple[Any, ...]]:
    for agent, decisions in _ended_turns(day).values_list("conversation__agent_id", "decisions"):
        for one in decisions:
            yield (day, agent, one["action"], one["code"])


def _runs(day: date) -> Iterator[Row]:
    runs = ActionRun.objects.filter(
        **_within("at", day), conversation__sandbox=False, status__in=ENDED_RUNS
    )
    runs = runs.exclude(mode=WATCHES).order_by()
    for *way, at, status, kind in runs.values_list(
        *OF_CONVERSATION, "at", "status", "type"
    ).iterator():
        yield Way(*way).row(at, What.RUN, f"{status}:{kind}")


def _transfers(day: date) -> Iterator[Row]:
    rows = Conversation.objects.filter(
        **_within("transfers__started_at", day), transfers__outcome__gt=""
    ).order_by()
    for *way, at, outcome in rows.values_list(
        *WAY, "transfers__started_at", "transfers__outcome"
    ).iterator():
        yield Way(*way).row(at, What.TRANSFER, outcome)


def _deliveries(day: date) -> Iterator[Row]:
    agents = dict(Agent.objects.values_list("uuid", "pk"))
    rows = Delivery.objects.filter(
        **_within("created_at", day), sandbox=False, state__in=ENDED_DELIVERIES
    )
    for row in rows.filter(agent_uuid__in=list(agents)).iterator():
        if row.agent_uuid:
            way = delivery_way(agents[row.agent_uuid], row)
            yield way.row(row.created_at, What.DELIVERY, row.state)
