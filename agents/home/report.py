"""The report: conversations by disposition, tag, agent, line or week, as rows and as CSV."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from agents.contacts.models import Disposition, Tag
from agents.conversations.pages import CHANNELS
from agents.conversations.totals import What
from agents.home.charts import percent
from agents.home.figures import totals_of
from agents.home.period import Period
from agents.panels.models import Agent

GROUPS = {
    "disposition": "Disposition",
    "tag": "Tag",
    "agent": "Agent",
    "line": "Line",
    "week": "Week",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line: how many conversations, of all of the period, and how many before."""

    name: str
    count: int
    share: str
    before: int | None
    query: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole table."""

    by: str
    title: str
    rows: tuple[ReportRow, ...]
    total: int
    before: int | None
    note: str = ""


Pair = tuple[int, int]
Pairs = dict[str, Pair]


def read_group(text: str) -> str:
    """What the rows stand for; nonsense in the address is ignored."""
    return text if text in GROUPS else "disposition"


def report(by: str, period: Period) -> Report:
    """Count, name and sort."""
    whole = _counted(period, "what", What.CONVERSATION).get(What.CONVERSATION, (0, 0))
    if by == "week":
        return Report(by, GROUPS[by], tuple(_weeks(period, whole[0])), whole[0], None)
    found = COUNT[by](period)
    names = NAMES[by](found)
    rows = [_row(by, period, key, pair, names, whole[0]) for key, pair in found.items()]
    rows += _gone(by, found, names, whole[0])
    rows = sorted(rows, key=lambda row: (-row.count, row.name.casefold()))
    rows = [row for row in rows if row.name and (row.count or row.before)]
    rows += _without(by, found, whole)
    return Report(by, GROUPS[by], tuple(rows), *whole, note=NOTES.get(by, ""))


NOTES = {
    "tag": "A conversation may have several tags, or none.",
    "line": "Lines are told apart by their channel.",
}


def _counted(period: Period, column: str, what: str) -> Pairs:
    """The sums of one kind of thing by a column: now and before."""
    new = Q(day__gte=period.since)
    rows = totals_of(period, period.before, period.until).filter(what=what)
    sums = rows.values_list(column).annotate(
        now=Sum("count", filter=new), earlier=Sum("count", filter=~new)
    )
    return {str(key): (max(now or 0, 0), max(old or 0, 0)) for key, now, old in sums}


COUNT: Mapping[str, Callable[[Period], Pairs]] = {
    "disposition": lambda period: _counted(period, "which", What.DISPOSITION),
    "tag": lambda period: _counted(period, "which", What.TAG),
    "agent": lambda period: _counted(period, "agent__uuid", What.CONVERSATION),
    "line": lambda period: _counted(period, "channel", What.CONVERSATION),
}


def _named(model: type[Disposition] | type[Tag], keys: Pairs) -> dict[str, str]:
    """The names of today by reference."""
    kind = model._meta.model_name
    wanted = [key.partition(":")[2] for key in keys]
    rows = model._default_manager.filter(pk__in=wanted).values_list("pk", "name")
    return {f"{kind}:{pk}": name for pk, name in rows}


NAMES: Mapping[str, Callable[[Pairs], Mapping[str, str]]] = {
    "disposition": lambda found: _named(Disposition, found),
    "tag": lambda found: _named(Tag, found),
    "agent": lambda found: {
        str(key): name for key, name in Agent.objects.values_list("uuid", "name")
    },
    "line": lambda found: CHANNELS,
}


def _row(
    by: str, period: Period, key: str, pair: Pair, names: Mapping[str, str], whole: int
) -> ReportRow:
    """One that has a name today; one that has none gets an empty one and is left out."""
    field = "channel" if by == "line" else by
    query = period.conversations(**{field: key.rpartition(":")[2]})
    return ReportRow(names.get(key, ""), pair[0], _share(pair[0], whole), pair[1], query)


def _gone(by: str, found: Pairs, names: Mapping[str, str], whole: int) -> list[ReportRow]:
    """What was deleted since, together."""
    gone = [pair for key, pair in found.items() if key not in names]
    now, before = (sum(pair[n] for pair in gone) for n in (0, 1))
    name = f"Deleted {GROUPS[by].lower()}s"
    return [ReportRow(name, now, _share(now, whole), before)] if gone else []


def _without(by: str, found: Pairs, whole: Pair) -> list[ReportRow]:
    """Conversations that nobody filed."""
    if by != "disposition":
        return []
    now, before = (max(whole[n] - sum(pair[n] for pair in found.values()), 0) for n in (0, 1))
    if not now and not before:
        return []
    return [ReportRow("No disposition", now, _share(now, whole[0]), before)]


def _weeks(period: Period, whole: int) -> Iterator[ReportRow]:
    """Monday to Sunday, as far as the period holds them, the newest first."""
    rows = totals_of(period, period.since, period.until).filter(what=What.CONVERSATION)
    counts: Counter[date] = Counter()
    for day, count in rows.values_list("day").annotate(Sum("count")):
        counts[_monday(day)] += count
    monday = _monday(period.until)
    while monday + timedelta(days=6) >= period.since:
        since = max(monday, period.since)
        until = min(monday + timedelta(days=6), period.until)
        dates = {"since": since.isoformat(), "until": until.isoformat()}
        count = max(counts[monday], 0)
        yield ReportRow(
            span(since, until), count, _share(count, whole), None, period.conversations(**dates)
        )
        monday -= timedelta(days=7)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def span(since: date, until: date) -> str:
    """Two days in words, the month once where it is one."""
    if since == until:
        return f"{since.day} {since:%b}"
    month = f" {since:%b}" if since.month != until.month else ""
    return f"{since.day}{month} – {until.day} {until:%b}"


def _share(count: int, whole: int) -> str:
    return percent(count / whole) if whole else "–"


# --- CSV -----------------------------------------------------------------------------------------


class Echo:
    """Gives back what is written to it: a line at a time leaves."""

    def write(self, value: str) -> str:
        """As it came."""
        return value


def plain(cell: object) -> object:
    """A name that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_lines(made: Report, period: Period) -> Iterator[str]:
    """The report as RFC 4180 has it, line by line."""
    writer = csv.writer(Echo())
    yield writer.writerow([made.title, "From", "To", "Conversations", "Share", "Period before"])
    days = [period.since.isoformat(), period.until.isoformat()]
    for row in made.rows:
        before = "" if row.before is None else row.before
        cells = [row.name, *days, row.count, row.share, before]
        yield writer.writerow([plain(cell) for cell in cells])
    before = "" if made.before is None else made.before
    yield writer.writerow(["Total", *days, made.total, "100 %" if made.total else "–", before])
