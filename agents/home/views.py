"""Home and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from agents.conversations.speed import duration
from agents.conversations.totals import What
from agents.core.models import Role, User
from agents.core.roles import allowed
from agents.home import attention, checklist, services
from agents.home.charts import BarChart, bar_chart, part, percent, ranking
from agents.home.figures import TRANSFERS, Slice, Sums, latency, slices, sums
from agents.home.period import DAYS, Period, today
from agents.home.report import GROUPS, csv_lines, read_group, report, span
from agents.panels.models import Agent

EVERYBODY = (Role.ADMIN, Role.BUILDER, Role.SUPPORT)
DRAWN = {"voice": ("Calls", "solid"), "sms": ("SMS", "hatched"), "chat": ("Chats", "dotted")}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name and what it was before."""

    title: str
    value: str
    small: str
    before: str


@allowed(*EVERYBODY)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is to be done first, the figures of a period, and what needs a look."""
    user, period = cast(User, request.user), Period.read(request.GET.dict(), today())
    now, before = sums(period)
    drawn = slices(period)
    context = {
        **_choices(period),
        "steps": checklist.checklist(user),
        "figures": _figures(now, before),
        "concerns": attention.concerns(user, period, now),
        "charts": [_by_channel(drawn), _by_success(drawn), _by_latency(now)],
        "transfers": _transfers(period, now),
        "quiet": not now.conversations and not before.conversations,
        "now": now,
    }
    return render(request, "home/home.html", context)


@allowed(*EVERYBODY)
@require_POST
def steps(request: HttpRequest) -> HttpResponse:
    """Put a step of the checklist away, or show all of them again."""
    user, step = cast(User, request.user), request.POST.get("step", "")
    if step in checklist.SLUGS:
        services.dismiss_step(user=user, step=step)
    elif step == "all":
        for slug in checklist.SLUGS:
            services.dismiss_step(user=user, step=slug)
    elif step == "show":
        services.show_steps(user=user)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("home:home")
    return render(request, "home/parts/steps.html", {"steps": checklist.checklist(user)})


@allowed(*EVERYBODY)
@require_GET
def report_page(request: HttpRequest) -> HttpResponse:
    """Conversations by one of their properties."""
    period, by = Period.read(request.GET.dict(), today()), read_group(request.GET.get("by", ""))
    context = {
        **_choices(period),
        "report": report(by, period),
        "by": by,
        "groups": GROUPS.items(),
        "list": reverse("conversations:list"),
    }
    return render(request, "home/report.html", context)


@allowed(*EVERYBODY)
@require_GET
def report_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows as a file."""
    period, by = Period.read(request.GET.dict(), today()), read_group(request.GET.get("by", ""))
    made = report(by, period)

    async def lines() -> AsyncIterator[str]:
        for line in csv_lines(made, period):
            yield line

    name = slugify(f"conversations by {by} {period.since} to {period.until}")
    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _choices(period: Period) -> dict[str, Any]:
    """What the page can be narrowed to."""
    agents = [(str(uuid), name) for uuid, name in Agent.objects.values_list("uuid", "name")]
    return {"period": period, "days": DAYS, "agents": agents}


# --- figures -------------------------------------------------------------------------------------


def _figures(now: Sums, before: Sums) -> list[Figure]:
    return [
        Figure("Conversations", f"{now.conversations:,}", "", f"{before.conversations:,}"),
        Figure(
            "Actions that succeeded",
            percent(now.success),
            f"of {now.finished:,}",
            percent(before.success),
        ),
        Figure(
            "Transfers answered",
            percent(now.answered),
            f"of {now.transfers:,}",
            percent(before.answered),
        ),
        Figure(
            "First word after",
            _time(now.first_word(0.5)),
            f"95 % within {_time(now.first_word(0.95))}" if now.first_word(0.95) else "",
            _time(before.first_word(0.5)),
        ),
    ]


def _time(milliseconds: float | None) -> str:
    return duration(milliseconds) or "–"


# --- charts --------------------------------------------------------------------------------------


def _labels(drawn: list[Slice]) -> list[str]:
    return [span(one.since, one.until) for one in drawn]


def _by_channel(drawn: list[Slice]) -> BarChart:
    parts = [
        part(name, [one.channels[channel] for one in drawn], fill)
        for channel, (name, fill) in DRAWN.items()
    ]
    title = "Conversations by channel"
    return bar_chart("by-channel", title, "conversations", _labels(drawn), parts)


def _by_success(drawn: list[Slice]) -> BarChart:
    parts = [
        part("Done", [one.done for one in drawn]),
        part("Failed", [one.failed for one in drawn], "failed"),
    ]
    return bar_chart("by-success", "Actions", "actions", _labels(drawn), parts)


def _by_latency(now: Sums) -> BarChart:
    steps = latency(now.of(What.FIRST_WORD))
    parts = [part("Replies", [count for _, count in steps])]
    labels = [label for label, _ in steps]
    return bar_chart("by-latency", "Time to the first word", "replies", labels, parts)


def _transfers(period: Period, now: Sums) -> list[Any]:
    """By outcome, each with the way to its conversations."""
    found: Counter[str] = now.of(What.TRANSFER)
    rows = [
        (
            TRANSFERS.get(which, which.replace("_", " ").capitalize()),
            count,
            f"{reverse('conversations:list')}?{period.conversations(outcome=f'transfer_{which}')}",
        )
        for which, count in found.most_common()
    ]
    return ranking(rows)
