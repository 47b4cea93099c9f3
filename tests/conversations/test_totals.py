"""What is counted per day: once, on the day of the thing itself, and again from the rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agents.contacts.models import Disposition, Tag
from agents.conversations import services
from agents.conversations.models import ActionRun, Conversation, DailyTotal
from agents.conversations.totals import BUCKETS, bucket_of, day_of
from agents.core.counting import gathered
from agents.outbox import services as outbox
from agents.outbox.models import Delivery
from agents.outbox.sweep import expire, give_up_lost
from agents.panels.models import Agent
from tests.conversations.factories import (
    make_agent,
    make_example,
    make_run,
    make_turn,
    make_version,
)
from tests.conversations.totals import assert_kept, by_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent()


def opened(agent: Agent, **more: Any) -> Conversation:
    """A conversation as a channel opens it."""
    return services.open_conversation(
        agent=agent,
        version=make_version(agent, uuid4().int % 100000),
        contact=None,
        **{"channel": "chat", "direction": "inbound"} | more,
    )


def fence(row: Conversation) -> services.Fence:
    return services.Fence(row.pk, row.lease_no, services.way_of(row))


def test_a_conversation_stands_in_one_state_only(agent: Agent) -> None:
    row = opened(agent)
    for state in ("staff", "open", "open", "ended"):
        services.change(fence=fence(row), state=state)
    assert by_kind() == {"conversation ended": 1}
    assert_kept()


def test_who_lost_the_conversation_counts_nothing(agent: Agent) -> None:
    row = opened(agent)
    late = fence(row)
    services.take_lease(conversation_id=row.pk, owner="another", now=timezone.now(), seconds=30)
    with pytest.raises(services.LostLease):
        services.change(fence=late, state="ended")
    assert by_kind() == {"conversation open": 1}


def test_the_day_is_the_sites_whatever_zone_a_page_has(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    late = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    with timezone.override("America/Los_Angeles"):
        assert day_of(late) == date(2026, 3, 2)


def test_a_conversation_with_a_clock_of_its_own_counts_on_its_own_day(agent: Agent) -> None:
    row = opened(agent, clock_offset=-3 * 86400.0)
    services.change(fence=fence(row), state="ended")
    three_days_ago = day_of(timezone.now() - timedelta(days=3))
    assert set(DailyTotal.objects.values_list("day", flat=True)) == {three_days_ago}
    assert by_kind() == {"conversation ended": 1}
    assert_kept()


def test_the_last_disposition_and_every_tag_count_once(agent: Agent) -> None:
    row = opened(agent)
    first, last = (Disposition.objects.create(name=name) for name in ("Callback", "Sold"))
    tags = [Tag.objects.create(name=name) for name in ("Heat", "Water")]
    for one in (first, last, last):
        services.set_disposition(fence=fence(row), disposition_id=one.pk)
    services.add_tags(fence=fence(row), tag_ids=[tags[0].pk])
    services.add_tags(fence=fence(row), tag_ids=[tags[0].pk, tags[1].pk, tags[1].pk])
    counted = by_kind()
    assert counted.pop("conversation open") == 1
    assert counted == {
        f"disposition disposition:{last.pk}": 1,
        f"tag tag:{tags[0].pk}": 1,
        f"tag tag:{tags[1].pk}": 1,
    }
    assert_kept()


def put(agent: Agent | None, number: int) -> Delivery:
    return outbox.enqueue(
        key=f"run:{number}",
        kind="sms",
        title="SMS",
        purpose="record",
        channel="",
        contact=None,
        to="+12025550101",
        payload={"line": "line:7"},
        agent_uuid=agent.uuid if agent else None,
        now=timezone.now(),
    )


@pytest.fixture
def _sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_senders", {"sms": lambda row: "v1"})


@pytest.mark.usefixtures("_sender")
def test_a_delivery_counts_when_it_has_come_to_an_end(agent: Agent) -> None:
    now = timezone.now()
    rows = [put(agent, n) for n in range(5)]
    assert by_kind() == {}
    for row in rows[:4]:
        assert outbox.claim(delivery_id=row.pk, owner="me", now=now)
    outbox.mark_sent(delivery_id=rows[0].pk, owner="me", now=now)
    outbox.mark_sent(delivery_id=rows[0].pk, owner="somebody else", now=now)
    outbox.mark_failed(delivery_id=rows[1].pk, owner="me", reason="No.")
    outbox.mark_unknown(delivery_id=rows[2].pk, owner="me", reason="Perhaps.")
    give_up_lost(now=now + timedelta(hours=1))
    Delivery.objects.filter(pk=rows[4].pk).update(expires_at=now)
    expire(now=now + timedelta(hours=1))
    assert by_kind() == {
        "delivery sent": 1, "delivery failed": 1, "delivery unknown": 2, "delivery expired": 1
    }  # fmt: skip
    outbox.mark_sent(delivery_id=rows[2].pk, owner="me", now=now)
    assert by_kind()["delivery sent"] == 2 and by_kind()["delivery unknown"] == 1
    assert set(DailyTotal.objects.values_list("line", flat=True)) == {"line:7"}
    # Every one of them belongs to no conversation that was begun: only its own day is counted.
    kept = by_kind()
    today = day_of(now)
    call_command("recount", since=today, until=today, verbosity=0)
    assert by_kind() == kept


def test_what_has_left_already_counts_once(agent: Agent) -> None:
    what: Any = {"key": "run:9", "kind": "function", "title": "Points", "purpose": "record",
                 "channel": "", "contact": None, "to": "", "payload": {},
                 "agent_uuid": agent.uuid, "now": timezone.now()}  # fmt: skip
    assert outbox.record_left(**what).state == outbox.record_left(**what).state == "sent"
    assert by_kind() == {"delivery sent": 1}


@pytest.mark.usefixtures("_sender")
def test_a_delivery_of_nobody_is_not_counted(agent: Agent) -> None:
    row = put(None, 1)
    assert outbox.claim(delivery_id=row.pk, owner="me", now=timezone.now())
    assert outbox.mark_failed(delivery_id=row.pk, owner="me", reason="No.")
    assert by_kind() == {}


def test_several_of_one_transaction_are_written_once_each(agent: Agent) -> None:
    row = opened(agent)
    with gathered():
        services.change(fence=fence(row), state="staff")
        services.change(fence=fence(row), state="ended")
    assert by_kind() == {"conversation ended": 1}


@pytest.mark.parametrize("milliseconds", [0, 50, 50.5, 30000, 30000.1, 1e9])
def test_every_time_has_its_bucket(milliseconds: float) -> None:
    name = bucket_of(milliseconds)
    if name == "slower":
        assert milliseconds > BUCKETS[-1]
        return
    place = BUCKETS.index(int(name))
    assert (BUCKETS[place - 1] if place else -1) < milliseconds <= BUCKETS[place]


def test_rows_of_before_are_counted_where_nothing_is_yet(capsys: Any) -> None:
    make_example()
    make_example(sandbox=True)
    call_command("recount", if_empty=True)
    counted = by_kind()
    assert counted["conversation handed_off"] == 1 and counted["transfer answered"] == 1
    assert counted["run done:transfer_call"] == 1 and counted["turn done"] == 5
    DailyTotal.objects.update(count=7)
    call_command("recount", if_empty=True)
    assert set(by_kind().values()) == {7}
    call_command("recount")
    assert by_kind() == counted
    assert "1 day again" in capsys.readouterr().out


def test_days_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(CommandError, match="lies after"):
        call_command("recount", since=date(2026, 2, 2), until=date(2026, 2, 1))


# --- runs ----------------------------------------------------------------------------------------


def entered(row: Conversation, status: str, slug: str = "send_sms", **more: Any) -> ActionRun:
    """A run of a turn that is going on."""
    number = row.turns.count() + 1
    turn = make_turn(row, number, state="running", at=timezone.now())
    run: ActionRun = make_run(turn, slug, status=status, outcome="", **more)
    return run


def ends(row: Conversation, run: ActionRun, **more: Any) -> None:
    services.end_turn(
        fence=fence(row),
        end=services.TurnEnd(
            turn_id=run.turn_id,
            kind="message",
            at=run.turn.at,
            turn={"state": "done", "timings": {"first_ms": 420.0}, "decisions": []},
            agent_id=row.agent_id,
            **more,
        ),
    )


def test_a_run_that_is_dropped_counts_when_it_comes_to_its_end(agent: Agent) -> None:
    row = opened(agent)
    run = entered(row, "proposed", "transfer_call")
    for status in ("asked", "cancelled", "interrupted"):
        services.drop_run(fence=fence(row), run_id=run.pk, status=status)
    assert by_kind() == {"conversation open": 1, "run cancelled:transfer_call": 1}
    ends(row, run)
    assert_kept()


def test_a_run_that_never_began_is_interrupted_with_its_turn(agent: Agent) -> None:
    row = opened(agent)
    left, gone = entered(row, "proposed"), entered(row, "done", "call_disposition")
    ends(row, left, left=[left, gone])
    ends(row, gone)
    counted = by_kind()
    assert counted["run interrupted:send_sms"] == 1
    assert "run interrupted:call_disposition" not in counted
    assert (counted["turn done"], counted["first_word 450"]) == (2, 2)


def test_a_run_ends_once(agent: Agent) -> None:
    row = opened(agent)
    run = entered(row, "running")
    assert services.finish_run(fence=fence(row), run=run, status="failed")
    assert not services.finish_run(fence=fence(row), run=run, status="done")
    assert by_kind() == {"conversation open": 1, "run failed:send_sms": 1}
    ends(row, run)
    assert_kept()
