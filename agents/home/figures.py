"""The figures of Home, from the daily totals alone: two queries, however much there was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from agents.conversations.models import DailyTotal
from agents.conversations.totals import BUCKETS, SLOWER, What
from agents.home.period import Period

SUCCESS, FAILURE = ("done",), ("failed", "unknown")
TRANSFERS = {
    "answered": "Answered",
    "message_taken": "Message taken",
    "no_answer": "Not answered",
    "declined": "Declined",
    "busy": "Busy",
    "machine": "Reached voicemail",
    "caller_gone": "Caller hung up",
    "failed": "Failed",
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything that was counted in one period, by kind."""

    counts: Mapping[str, Counter[str]]
    channels: Counter[str]

    def of(self, what: str) -> Counter[str]:
        """The counts of one kind of thing; what has come to nothing is left out."""
        return Counter({which: n for which, n in self.counts.get(what, {}).items() if n > 0})

    @property
    def conversations(self) -> int:
        """How many began."""
        return self.of(What.CONVERSATION).total()

    def runs(self, *statuses: str) -> int:
        """Runs that ended so."""
        runs = self.of(What.RUN)
        return sum(n for which, n in runs.items() if which.partition(":")[0] in statuses)

    @property
    def finished(self) -> int:
        """Runs that came to an end of their own."""
        return self.runs(*SUCCESS, *FAILURE)

    @property
    def success(self) -> float | None:
        """The share of them that ended well."""
        return self.runs(*SUCCESS) / self.finished if self.finished else None

    @property
    def transfers(self) -> int:
        """How many were tried."""
        return self.of(What.TRANSFER).total()

    @property
    def answered(self) -> float | None:
        """The share of transfers that somebody answered."""
        tried = self.transfers
        return self.of(What.TRANSFER)["answered"] / tried if tried else None

    def first_word(self, share: float) -> float | None:
        """Milliseconds within which this share of replies began; estimated inside its bucket."""
        return quantile(self.of(What.FIRST_WORD), share)


def quantile(counts: Mapping[str, int], share: float) -> float | None:
    """The value below which a share of a histogram lies; None where it holds nothing."""
    total = sum(counts.values())
    if not total:
        return None
    wanted, low = share * total, 0
    for high in BUCKETS:
        here = counts.get(str(high), 0)
        if here and wanted <= here:
            return low + (high - low) * max(wanted, 0) / here
        wanted, low = wanted - here, high
    return float(low)


@dataclass(frozen=True, slots=True)
class Slice:
    """A day or a week of a chart, and what was counted in it."""

    since: date
    until: date
    channels: Counter[str] = field(default_factory=Counter)
    done: int = 0
    failed: int = 0


def totals_of(period: Period, since: date, until: date) -> QuerySet[DailyTotal]:
    """The rows of these days, of one agent or of all."""
    rows = DailyTotal.objects.filter(day__range=(since, until))
    return rows.filter(agent__uuid=period.agent) if period.agent else rows


def sums(period: Period) -> tuple[Sums, Sums]:
    """Of the period, and of the one before it."""
    rows = totals_of(period, period.before, period.until)
    new = Q(day__gte=period.since)
    grouped = rows.values_list("what", "which", "channel").annotate(
        now=Sum("count", filter=new), earlier=Sum("count", filter=~new)
    )
    found = [
        (what, which, channel, now or 0, old or 0) for what, which, channel, now, old in grouped
    ]
    return _sums((*row[:3], row[3]) for row in found), _sums((*row[:3], row[4]) for row in found)


def _sums(rows: Iterable[tuple[str, str, str, int]]) -> Sums:
    counts: dict[str, Counter[str]] = {}
    channels: Counter[str] = Counter()
    for what, which, channel, count in rows:
        counts.setdefault(what, Counter())[which] += count
        if what == What.CONVERSATION:
            channels[channel] += count
    return Sums(counts, channels)


def slices(period: Period) -> list[Slice]:
    """The period in days, or in weeks where it is long; the last one ends today."""
    length = 1 if period.days <= 30 else 7
    made = []
    until = period.until
    while until >= period.since:
        since = max(until - timedelta(days=length - 1), period.since)
        made.append(Slice(since, until))
        until = since - timedelta(days=1)
    return _filled(period, made[::-1])


def _filled(period: Period, empty: list[Slice]) -> list[Slice]:
    rows = totals_of(period, period.since, period.until)
    rows = rows.filter(what__in=(What.CONVERSATION, What.RUN))
    by_day: dict[date, list[tuple[str, str, str, int]]] = {}
    for day, *rest in rows.values_list("day", "what", "which", "channel").annotate(Sum("count")):
        by_day.setdefault(day, []).append((rest[0], rest[1], rest[2], rest[3]))
    made = []
    for one in empty:
        days = (one.until - one.since).days + 1
        inside = (by_day.get(one.since + timedelta(days=n), []) for n in range(days))
        found = _sums(row for rows in inside for row in rows)
        made.append(
            Slice(one.since, one.until, found.channels, found.runs(*SUCCESS), found.runs(*FAILURE))
        )
    return made


def latency(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The histogram in few steps, as it is drawn."""
    ends = (250, 500, 800, 1000, 1500, 2000, 3000, 5000)
    steps = [(f"≤ {_seconds(end)}", 0) for end in ends] + [("more", 0)]
    for which, count in counts.items():
        high = BUCKETS[-1] + 1 if which == SLOWER else int(which)
        place = next((n for n, end in enumerate(ends) if high <= end), len(ends))
        steps[place] = (steps[place][0], steps[place][1] + count)
    return steps


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:g} s"
