"""The figures: from totals alone, for any period, whatever stands in the address."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from agents.conversations.models import DailyTotal
from agents.conversations.totals import BUCKETS, What
from agents.home.charts import bar_chart, ceiling, part, percent, ranking
from agents.home.figures import latency, quantile, slices, sums
from agents.home.period import Period, today
from agents.panels.models import Agent
from tests.conversations.factories import make_agent
from tests.home.seeds import failures, history, total

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent()


@pytest.mark.parametrize("text", ["", "31", "-7", "7.0", "999999999999", "sieben", "٧", "7\x00"])
def test_an_odd_period_is_the_usual_one(text: str) -> None:
    assert Period.read({"days": text, "agent": "nobody"}, today()) == Period(today(), 30, "")


def test_two_periods_touch_and_do_not_overlap() -> None:
    period = Period(date(2026, 3, 10), 7)
    assert (period.since, period.before) == (date(2026, 3, 4), date(2026, 2, 25))


def test_now_and_before(agent: Agent) -> None:
    period = Period(today(), 7)
    days = {0: 5, 6: 1, 7: 4, 13: 2, 14: 100}
    DailyTotal.objects.bulk_create(
        total(agent, What.CONVERSATION, "ended", count, day=today() - timedelta(days=ago))
        for ago, count in days.items()
    )
    now, before = sums(period)
    assert (now.conversations, before.conversations) == (6, 6)
    assert [one.channels["voice"] for one in slices(period)] == [1, 0, 0, 0, 0, 0, 5]


def test_success_is_of_what_came_to_an_end_of_its_own(agent: Agent) -> None:
    counts = {"done:send_sms": 6, "failed:send_sms": 1, "unknown:x": 1, "cancelled:send_sms": 9,
              "interrupted:x": 3}  # fmt: skip
    DailyTotal.objects.bulk_create(
        total(agent, What.RUN, which, count) for which, count in counts.items()
    )
    now, before = sums(Period(today()))
    assert (now.finished, now.success) == (8, 0.75)
    assert (before.finished, before.success) == (0, None)


def test_one_agent_or_all(agent: Agent) -> None:
    other = make_agent("Other")
    DailyTotal.objects.bulk_create(
        [total(agent, What.CONVERSATION, "open", 3), total(other, What.CONVERSATION, "open", 4)]
    )
    assert sums(Period(today()))[0].conversations == 7
    assert sums(Period(today(), agent=str(agent.uuid)))[0].conversations == 3
    assert sums(Period(today(), agent=str(uuid4())))[0].conversations == 0


@pytest.mark.parametrize("days", [7, 30, 90])
def test_the_slices_of_a_chart_fill_the_period(days: int, agent: Agent) -> None:
    drawn = slices(Period(today(), days))
    assert drawn[0].since == today() - timedelta(days=days - 1) and drawn[-1].until == today()
    for one, after in pairwise(drawn):
        assert one.until + timedelta(days=1) == after.since
    assert len(drawn) <= 30


def test_ten_thousand_days_cost_two_queries(agent: Agent, django_assert_num_queries: Any) -> None:
    DailyTotal.objects.bulk_create(
        total(agent, What.CONVERSATION, "ended", 1, day=today() - timedelta(days=n))
        for n in range(10_000)
    )
    period = Period(today(), 90)
    with django_assert_num_queries(2):
        now, before = sums(period)
        drawn = slices(period)
    assert (now.conversations, before.conversations) == (90, 90)
    assert sum(one.channels["voice"] for one in drawn) == 90


def test_a_count_below_nothing_is_nothing(agent: Agent) -> None:
    total(agent, What.CONVERSATION, "open", -3).save()
    total(agent, What.CONVERSATION, "ended", 2).save()
    now, _ = sums(Period(today()))
    assert now.conversations == 2
    chart = bar_chart("x", "X", "things", ["a"], [part("A", [-5])])
    assert chart.empty and chart.rects == ()


# --- quantiles ---------------------------------------------------------------------------------


def test_a_quantile_lies_in_its_bucket() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({"450": 10}, 0.5) == 425
    assert quantile({"450": 9, "2500": 1}, 0.5) == pytest.approx(400 + 50 * 5 / 9)
    assert 2000 < (quantile({"450": 9, "2500": 1}, 0.95) or 0) <= 2500
    assert quantile({"slower": 1}, 0.5) == BUCKETS[-1]


def test_the_drawn_histogram_holds_every_reply() -> None:
    counts = {str(high): 1 for high in BUCKETS} | {"slower": 2}
    assert sum(count for _, count in latency(counts)) == len(BUCKETS) + 2


# --- charts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, 1, 2, 3, 9, 10, 11, 99, 100, 101, 12345, 10**9])
def test_the_scale_holds_the_highest_bar_and_halves(value: int) -> None:
    top = ceiling(value)
    assert top >= value and top % 2 == 0
    assert value == 0 or top <= 4 * value


@pytest.mark.parametrize("count", [0, 1, 2, 30, 400])
def test_bars_stay_inside_the_drawing(count: int) -> None:
    labels = [str(n) for n in range(count)]
    chart = bar_chart("x", "X", "things", labels, [part("A", range(count)), part("B", [7] * count)])
    for rect in chart.rects:
        assert float(rect.x[:-1]) + float(rect.width[:-1]) <= 100.001
        assert float(rect.y) >= 0
        assert float(rect.y) + float(rect.height) <= chart.height + 0.11
    assert len(chart.rows) == count and len(chart.names) <= 8


def test_a_chart_says_itself_in_a_sentence() -> None:
    chart = bar_chart("x", "X", "calls", ["1 May", "2 May"], [part("A", [1, 3])])
    assert chart.said == "4 calls from 1 May to 2 May; the most: 2 May, 3."


def test_a_ranking_has_no_empty_lines() -> None:
    rows = ranking([("Answered", 3, ""), ("Busy", 0, ""), ("Failed", -2, "")])
    assert [(row.label, row.width, row.share) for row in rows] == [("Answered", "100.00%", "100 %")]


@pytest.mark.parametrize(
    ("share", "words"),
    [(None, "–"), (0, "0 %"), (0.004, "< 1 %"), (0.5, "50 %"), (0.996, "> 99 %"), (1, "100 %")],
)
def test_shares_never_round_to_all_or_nothing(share: float | None, words: str) -> None:
    assert percent(share) == words


# --- the page ----------------------------------------------------------------------------------


def test_home_asks_no_raw_rows_of_conversations(
    client_for: Any, agent: Agent, django_assert_max_num_queries: Any
) -> None:
    history(agent)
    failures(agent, today())
    client = client_for("support")
    with django_assert_max_num_queries(8) as asked:
        page = client.get("/home/?days=90").content.decode()
    raw = ('FROM "conversations_turn"', 'FROM "conversations_actionrun"',
           'FROM "conversations_conversation"', 'FROM "outbox_delivery"')  # fmt: skip
    assert not [one["sql"] for one in asked.captured_queries if any(t in one["sql"] for t in raw)]
    assert "1 turn failed" in page and "2 deliveries failed" in page


def test_support_sees_figures_and_no_set_up(client_for: Any, agent: Agent) -> None:
    history(agent)
    page = client_for("support").get("/home/").content.decode()
    assert "Conversations by channel" in page
    assert "First steps</h2>" not in page and "problems to correct" not in page
    assert "was never published" not in page and "/integrations/" not in page


def test_an_unknown_agent_is_an_empty_home(client_for: Any, agent: Agent) -> None:
    history(agent, 3)
    for value in (str(uuid4()), "1", "'; DROP TABLE", "x" * 5000):
        response = client_for("admin").get("/home/", {"agent": value, "days": "-1"})
        assert response.status_code == 200


def test_the_first_page_of_everybody(client_for: Any, agent: Agent) -> None:
    for role in ("admin", "builder", "support"):
        assert client_for(role).get("/").headers["Location"] == "/home/"
