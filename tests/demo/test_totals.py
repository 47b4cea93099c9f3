"""Home has the figures of the demo business as if its week had just happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.conversations.models import Conversation, DailyTotal
from agents.home.figures import sums
from agents.home.period import Period, today
from tests.conversations.totals import assert_kept, by_kind
from tests.demo.conftest import DemoBusiness

pytestmark = pytest.mark.django_db


def test_its_week_is_counted_day_by_day(demo: DemoBusiness) -> None:
    days = set(DailyTotal.objects.exclude(count=0).values_list("day", flat=True))
    assert len(days) >= 4 and min(days) >= today() - timedelta(days=9)
    now, before = sums(Period(today(), 30))
    assert now.conversations == Conversation.objects.count() > 0
    assert before.conversations == 0
    assert now.finished and now.success and now.first_word(0.5) is not None
    assert not [kind for kind in by_kind() if kind.startswith("delivery")], "nothing of it leaves"
    assert_kept()
