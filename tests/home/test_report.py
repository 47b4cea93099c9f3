"""The report and its file."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from agents.contacts.models import Disposition, Tag
from agents.conversations.models import DailyTotal
from agents.conversations.totals import What
from agents.home.period import Period, today
from agents.home.report import GROUPS, Report, csv_lines, plain, report, span
from agents.panels.models import Agent
from tests.conversations.factories import make_agent
from tests.home.seeds import history, total

pytestmark = pytest.mark.django_db
MONTH = Period(date(2026, 3, 31), 30)


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent()


def rows(made: Report) -> list[tuple[str, int, str]]:
    return [(row.name, row.count, row.share) for row in made.rows]


def body(response: Any) -> bytes:
    """What a streamed answer carries."""

    async def read() -> bytes:
        return b"".join([part async for part in response])

    return async_to_sync(read)()


def test_by_disposition(agent: Agent) -> None:
    quote, lost = (Disposition.objects.create(name=name) for name in ("Quote", "Lost"))
    earlier = today() - timedelta(days=40)
    DailyTotal.objects.bulk_create(
        [
            total(agent, What.CONVERSATION, "ended", 10),
            total(agent, What.CONVERSATION, "ended", 3, day=earlier),
            total(agent, What.DISPOSITION, f"disposition:{quote.pk}", 2),
            total(agent, What.DISPOSITION, f"disposition:{lost.pk}", 5),
            total(agent, What.DISPOSITION, f"disposition:{lost.pk}", 1, day=earlier),
            total(agent, What.DISPOSITION, "disposition:999999", 1),
        ]
    )
    made = report("disposition", Period(today()))
    assert rows(made) == [
        ("Lost", 5, "50 %"),
        ("Quote", 2, "20 %"),
        ("Deleted dispositions", 1, "10 %"),
        ("No disposition", 2, "20 %"),
    ]
    assert (made.total, made.before) == (10, 3)
    assert [row.before for row in made.rows] == [1, 0, 0, 2]
    assert f"disposition={lost.pk}" in made.rows[0].query and not made.rows[2].query


def test_tags_may_overlap(agent: Agent) -> None:
    tags = [Tag.objects.create(name=name) for name in ("b", "A")]
    total(agent, What.CONVERSATION, "ended", 2).save()
    for tag in tags:
        total(agent, What.TAG, f"tag:{tag.pk}", 2).save()
    assert rows(report("tag", Period(today()))) == [("A", 2, "100 %"), ("b", 2, "100 %")]


def test_by_agent_and_line(agent: Agent) -> None:
    other = make_agent("Desk two", kind="text")
    total(agent, What.CONVERSATION, "ended", 3).save()
    total(other, What.CONVERSATION, "open", 1, channel="sms").save()
    assert rows(report("agent", Period(today()))) == [
        ("Front desk", 3, "75 %"),
        ("Desk two", 1, "25 %"),
    ]
    made = report("line", Period(today()))
    assert rows(made) == [("Call", 3, "75 %"), ("SMS", 1, "25 %")]
    assert "channel=voice" in made.rows[0].query
    only = report("line", Period(today(), agent=str(other.uuid)))
    assert rows(only) == [("SMS", 1, "100 %")] and str(other.uuid) in only.rows[0].query


def test_weeks_begin_on_monday_and_the_newest_is_first(agent: Agent) -> None:
    for day, count in ((date(2026, 3, 29), 1), (date(2026, 3, 30), 2), (date(2026, 3, 2), 4)):
        total(agent, What.CONVERSATION, "ended", count, day=day).save()
    made = report("week", MONTH)
    assert rows(made) == [
        ("30 – 31 Mar", 2, "29 %"),
        ("23 – 29 Mar", 1, "14 %"),
        ("16 – 22 Mar", 0, "0 %"),
        ("9 – 15 Mar", 0, "0 %"),
        ("2 – 8 Mar", 4, "57 %"),
    ]
    assert "since=2026-03-30&until=2026-03-31" in made.rows[0].query


def test_two_days_in_words() -> None:
    assert span(date(2026, 3, 1), date(2026, 3, 1)) == "1 Mar"
    assert span(date(2026, 2, 23), date(2026, 3, 1)) == "23 Feb – 1 Mar"


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("days", [7, 30, 90])
def test_nothing_at_all_is_a_page_too(by: str, days: int, client_for: Any) -> None:
    page = client_for("support").get("/home/report/", {"by": by, "days": days})
    assert "Nothing to report" in page.content.decode()
    file = client_for("support").get("/home/report.csv", {"by": by, "days": days})
    assert b"Total" in body(file)


@pytest.mark.parametrize("by", GROUPS)
def test_a_row_leads_to_the_conversations_it_counts(by: str, client_for: Any, agent: Agent) -> None:
    history(agent)
    client = client_for("support")
    for row in report(by, Period(today())).rows:
        if row.query:
            page = client.get(f"/conversations/?{row.query}")
            assert page.status_code == 200
            assert page.context["filters"].active and page.context["filters"].since


def test_a_report_costs_few_queries(agent: Agent, django_assert_max_num_queries: Any) -> None:
    history(agent)
    for by in GROUPS:
        with django_assert_max_num_queries(3):
            report(by, Period(today(), 90))


@pytest.mark.parametrize("by", ["", "nonsense", "__class__", "x" * 9999])
def test_an_odd_group_is_the_usual_one(by: str, client_for: Any) -> None:
    page = client_for("support").get("/home/report/", {"by": by, "days": "0", "agent": "?"})
    assert page.context["by"] == "disposition"


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=1+2", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x"])
def test_no_name_is_a_formula(name: str) -> None:
    assert plain(name) == f"'{name}"


def test_numbers_stay_numbers() -> None:
    assert plain(-5) == -5 and plain("Quote") == "Quote"


def test_the_file_is_rfc_4180(agent: Agent, client_for: Any) -> None:
    names = ['=HYPERLINK("x","y")', 'Says "no", twice', "Ümläut\nline"]
    total(agent, What.CONVERSATION, "ended", 9).save()
    for name in names:
        row = Disposition.objects.create(name=name)
        total(agent, What.DISPOSITION, f"disposition:{row.pk}", 1).save()
    response = client_for("support").get("/home/report.csv", {"by": "disposition", "days": "7"})
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        f"conversations-by-disposition-{Period(today(), 7).since}"
        in response["Content-Disposition"]
    )
    text = body(response).decode()
    assert text.endswith("\r\n")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[0] == ["Disposition", "From", "To", "Conversations", "Share", "Period before"]
    assert {line[0] for line in read[1:]} == {
        f"'{names[0]}", names[1], names[2], "No disposition", "Total"
    }  # fmt: skip
    assert {len(line) for line in read} == {6}
    assert read[-1][3] == "9"


def test_ten_thousand_rows_leave_line_by_line(agent: Agent) -> None:
    made = report("week", MONTH)
    many = Report("tag", "Tag", made.rows * 2000, 1, 0)
    lines = csv_lines(many, MONTH)
    assert next(lines).startswith("Tag,") and sum(1 for _ in lines) == 10_001


def test_who_is_not_signed_in_gets_no_file(client: Any) -> None:
    for path in ("/home/", "/home/report/", "/home/report.csv", "/help/start/"):
        assert client.get(path).status_code == 302
