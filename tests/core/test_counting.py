"""Counters are added to, and made where they are missing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.conversations.models import DailyCount, TokenUse
from agents.core.counting import add_up, gathered
from agents.panels.services import create_agent

pytestmark = pytest.mark.django_db
DAY, UID = date(2026, 3, 11), UUID(int=7)


def test_rows_are_made_and_added_to() -> None:
    agent = create_agent(name="Desk", kind="text")
    for tokens in (30, 12):
        add_up(TokenUse, ("day", "agent"), ("tokens", "requests"), [(DAY, agent.pk, tokens, 1)])
    assert list(TokenUse.objects.values_list("day", "agent", "tokens", "requests")) == [
        (DAY, agent.pk, 42, 2)
    ]


def test_many_at_once_each_for_itself() -> None:
    agent = create_agent(name="Desk", kind="text")
    keys = ("day", "agent", "action_uid", "code")
    rows = [(DAY, agent.pk, str(UID), code, 1) for code in ("fired", "fired", "cooling_down")]
    add_up(DailyCount, keys, ("count",), rows)
    counted = DailyCount.objects.filter(action_uid=UID).order_by("code")
    assert list(counted.values_list("code", "count")) == [("cooling_down", 1), ("fired", 2)]


def test_nothing_is_nothing() -> None:
    add_up(DailyCount, ("day", "agent", "action_uid", "code"), ("count",), [])
    assert not DailyCount.objects.exists()


def test_what_is_gathered_is_written_once_for_each_counter() -> None:
    agent = create_agent(name="Desk", kind="text")
    row = (DAY, agent.pk, 30, 1)
    with CaptureQueriesContext(connection) as asked:
        with gathered():
            for _ in range(3):
                add_up(TokenUse, ("day", "agent"), ("tokens", "requests"), [row])
        assert list(TokenUse.objects.values_list("tokens", "requests")) == [(90, 3)]
    assert len(asked) == 2, "one statement writes, one reads"


def test_what_is_gathered_before_a_failure_is_dropped() -> None:
    agent = create_agent(name="Desk", kind="text")
    with pytest.raises(ValueError, match="no"), gathered():
        add_up(TokenUse, ("day", "agent"), ("tokens", "requests"), [(DAY, agent.pk, 30, 1)])
        raise ValueError("no")
    assert not TokenUse.objects.exists()
