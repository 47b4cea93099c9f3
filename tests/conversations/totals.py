"""The totals as they stand, and as the rows would have them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from agents.conversations.models import DailyCount, DailyTotal
from agents.conversations.recount import recount_all

COLUMNS = ("day", "agent_id", "channel", "direction", "line", "what", "which")


def totals() -> Counter[tuple[Any, ...]]:
    """What is counted; what has come to nothing is as if it were not there."""
    rows = DailyTotal.objects.exclude(count=0).values_list(*COLUMNS, "count")
    return Counter({tuple(key): count for *key, count in rows})


def by_kind() -> dict[str, int]:
    """Of every day and way together: `run done:t_save` and how many."""
    found: Counter[str] = Counter()
    for (*_, what, which), count in totals().items():
        found[f"{what} {which}"] += count
    return dict(found)


def decisions() -> Counter[tuple[Any, ...]]:
    """How often each action got each code."""
    rows = DailyCount.objects.values_list("day", "agent_id", "action_uid", "code", "count")
    return Counter({tuple(key): count for *key, count in rows})


def assert_kept() -> None:
    """What was added up as it happened equals what the rows come to."""
    kept = totals(), decisions()
    recount_all()
    assert (totals(), decisions()) == kept
