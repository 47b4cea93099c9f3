"""Which time zone holds, around midnight and where the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from actions.base import Channel
from actions.facts import ContactFacts, Facts
from actions.hours import Hours
from actions.zones import elsewhere, exists, zone_of, zone_words

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        ((BERLIN, NEW_YORK, "UTC"), BERLIN),
        (("", NEW_YORK, "UTC"), NEW_YORK),
        (("", "", BERLIN), BERLIN),
        (("Mars/North", NEW_YORK), NEW_YORK),
        (("", ""), "UTC"),
        ((), "UTC"),
        (("../etc/passwd", "\x00", BERLIN), BERLIN),
    ],
)
def test_the_first_that_is_set_holds(names: tuple[str, ...], zone: str) -> None:
    assert zone_of(*names) == ZoneInfo(zone)
    assert exists(zone) and not exists("")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 1, 5, tzinfo=ZoneInfo(NEW_YORK)), "EST"),
        (datetime(2026, 7, 5, tzinfo=ZoneInfo(NEW_YORK)), "EDT"),
        (datetime(2026, 7, 5, tzinfo=ZoneInfo("America/Sao_Paulo")), "UTC-03"),
        (datetime(2026, 7, 5, tzinfo=timezone(-timedelta(hours=5))), "UTC-05:00"),
        (datetime(2026, 7, 5, tzinfo=UTC), "UTC"),
    ],
)
def test_a_zone_has_a_name(moment: datetime, words: str) -> None:
    assert zone_words(moment) == words


def test_a_zone_is_named_only_where_the_contact_s_clock_shows_another_time() -> None:
    start = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo(NEW_YORK))
    assert elsewhere(start, BERLIN) == " EST"
    assert elsewhere(start, NEW_YORK) == "" and elsewhere(start, "America/Toronto") == ""
    assert elsewhere(start, "") == "" and elsewhere(start, "Mars/North") == ""
    between = datetime(2026, 3, 20, 10, tzinfo=ZoneInfo(NEW_YORK))
    assert elsewhere(between, "America/Bogota") == " EDT", "the same in winter only"


def facts(now: datetime, contact: str = "", agent: str = "") -> Facts:
    """A conversation's facts at a moment."""
    return Facts(Channel.CHAT, "inbound", now, ContactFacts(time_zone=contact), zone=agent)


@pytest.mark.parametrize(
    ("now", "contact", "agent", "clock"),
    [
        ("2026-03-03T02:30", "America/Los_Angeles", BERLIN, "2026-03-02 18:30"),
        ("2026-03-02T23:30", "", BERLIN, "2026-03-03 00:30"),
        ("2026-12-31T23:59", "Pacific/Auckland", "", "2027-01-01 12:59"),
        ("2026-03-08T06:59", NEW_YORK, "", "2026-03-08 01:59"),
        ("2026-03-08T07:00", NEW_YORK, "", "2026-03-08 03:00"),
        ("2026-11-01T05:30", NEW_YORK, "", "2026-11-01 01:30"),
        ("2026-11-01T06:30", NEW_YORK, "", "2026-11-01 01:30"),
        ("2026-03-02T23:30", "", "", "2026-03-02 23:30"),
    ],
)
def test_now_on_the_contact_s_clock(now: str, contact: str, agent: str, clock: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    local = facts(moment, contact, agent).local
    assert f"{local:%Y-%m-%d %H:%M}" == clock
    assert local.timestamp() == moment.timestamp()


def test_hours_without_a_zone_take_the_one_that_is_given() -> None:
    hours = Hours(monday="9:00-17:00")
    morning = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)  # 9:30 in Berlin
    assert not hours.is_open(morning) and hours.in_zone(BERLIN).is_open(morning)
    chosen = Hours(zone=NEW_YORK, monday="9:00-17:00")
    assert chosen.in_zone(BERLIN) == chosen


def test_only_zones_that_exist_can_be_chosen() -> None:
    assert Hours(zone="").zone == ""
    with pytest.raises(ValueError, match="no time zone"):
        Hours(zone="Mars/North")
