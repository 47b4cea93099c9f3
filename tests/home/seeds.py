"""A history in totals alone: Home must not need more."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from agents.contacts.models import Disposition, Tag
from agents.conversations.models import DailyTotal
from agents.conversations.totals import What
from agents.home.period import today
from agents.panels.models import Agent

WAYS = (
    ("voice", "inbound", 9),
    ("voice", "outbound", 3),
    ("sms", "inbound", 5),
    ("chat", "inbound", 2),
)
NAMES = ("Quote", "Callback", "=1+2", "Not interested")


def total(agent: Agent, what: str, which: str, count: int, **more: object) -> DailyTotal:
    """One row, of today and of incoming calls unless told otherwise."""
    values = {"day": today(), "channel": "voice", "direction": "inbound"} | more
    return DailyTotal(agent=agent, what=what, which=which, count=count, **values)


def history(agent: Agent, days: int = 60, *, seed: int = 7) -> None:
    """Days of conversations with all that is counted, the same ones for the same seed."""
    random = Random(seed)
    names = [Disposition.objects.get_or_create(name=name)[0] for name in NAMES]
    tags = [Tag.objects.get_or_create(name=name)[0] for name in ("Urgent", "Heater")]
    rows: list[DailyTotal] = []
    for n in range(days):
        day = today() - timedelta(days=n)
        for channel, direction, usual in WAYS:
            count = random.randrange(usual + 1)
            way = {"day": day, "channel": channel, "direction": direction}
            rows += _of_day(agent, count, way, names, tags)
    DailyTotal.objects.bulk_create(rows)


def _of_day(
    agent: Agent, count: int, way: dict[str, object], names: list[Disposition], tags: list[Tag]
) -> list[DailyTotal]:
    voice = way["channel"] == "voice"
    counts = {
        (What.CONVERSATION, "ended"): count,
        (What.RUN, "done:send_sms"): 2 * count,
        (What.RUN, "failed:send_sms"): count // 5,
        (What.RUN, "cancelled:transfer_call"): count // 6,
        (What.TURN, "done"): 6 * count,
        (What.FIRST_WORD, "450"): 3 * count,
        (What.FIRST_WORD, "800"): 2 * count,
        (What.FIRST_WORD, "2500"): count // 2,
        (What.TRANSFER, "answered"): count // 2 if voice else 0,
        (What.TRANSFER, "no_answer"): count // 4 if voice else 0,
        (What.DISPOSITION, f"disposition:{names[count % 4].pk}"): count // 2,
        (What.TAG, f"tag:{tags[count % 2].pk}"): count // 3,
    }
    return [
        total(agent, what, which, number, **way)
        for (what, which), number in counts.items()
        if number
    ]


def failures(agent: Agent, day: date) -> None:
    """One of everything that needs a look."""
    DailyTotal.objects.bulk_create(
        [
            total(agent, What.TURN, "failed", 1, day=day, channel="chat"),
            total(agent, What.DELIVERY, "failed", 2, day=day, channel="sms", direction=""),
            total(agent, What.DELIVERY, "unknown", 1, day=day, channel="sms", direction=""),
        ]
    )
