"""Free times, pure: hours, rules, what is taken, and days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.hours import DAYS, Hours
from agents.calendars.slots import Rules, Span, free_times, local, why_not

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # Monday, 7:00 in New York
HALF = timedelta(minutes=30)


def rules(zone: str = "America/New_York", span: str = "9:00-17:00", **values: object) -> Rules:
    hours = Hours.model_validate({"zone": zone, **dict.fromkeys(DAYS, span)})
    return Rules(**{"hours": hours, "length": HALF, "days_ahead": 30, **values})  # type: ignore[arg-type]


def said(found: list[datetime], zone: ZoneInfo = NEW_YORK) -> list[str]:
    return [f"{moment.astimezone(zone):%d %H:%M}" for moment in found]


def day(rule: Rules, when: date, busy: list[Span] | None = None) -> list[datetime]:
    """All free times of one day, seen from the day before."""
    now = datetime.combine(when, time(), rule.zone) - timedelta(days=1)
    return [
        moment
        for moment in free_times(rule, busy or [], now)
        if moment.astimezone(rule.zone).date() == when
    ]


def test_the_next_times() -> None:
    found = list(islice(free_times(rules(), [], NOW), 3))
    assert said(found) == ["02 09:00", "02 09:30", "02 10:00"]
    assert all(moment.tzinfo is UTC for moment in found)


def test_the_last_one_ends_with_the_hours() -> None:
    whole = day(rules(), date(2026, 3, 3))
    assert said(whole)[-1] == "03 16:30" and len(whole) == 16
    long = day(rules(length=timedelta(minutes=90)), date(2026, 3, 3))
    assert said(long)[-1] == "03 15:30"


def test_a_pause_and_a_closed_day() -> None:
    hours = Hours(zone="America/New_York", monday="9:00-10:00, 13:00-14:00", friday="9:00-9:30")
    rule = Rules(hours, HALF)
    found = said(list(islice(free_times(rule, [], NOW), 6)))
    assert found == ["02 09:00", "02 09:30", "02 13:00", "02 13:30", "06 09:00", "09 09:00"]


def test_notice_after_and_ahead() -> None:
    rule = rules(notice=timedelta(hours=4), days_ahead=1)
    found = list(free_times(rule, [], NOW))
    assert said(found)[0] == "02 11:00" and said(found)[-1] == "03 16:30"
    later = datetime(2026, 3, 3, 9, 5, tzinfo=NEW_YORK)
    assert said(list(islice(free_times(rule, [], NOW, later), 1))) == ["03 09:30"]
    assert list(free_times(rule, [], NOW, datetime(9998, 1, 1, tzinfo=UTC))) == []


def test_what_is_taken_with_its_buffer() -> None:
    busy = [(datetime(2026, 3, 3, 15, 0, tzinfo=UTC), datetime(2026, 3, 3, 15, 30, tzinfo=UTC))]
    free = day(rules(span="9:00-12:00"), date(2026, 3, 3), busy)
    assert said(free) == ["03 09:00", "03 09:30", "03 10:30", "03 11:00", "03 11:30"]
    kept = day(rules(span="9:00-12:00", buffer=timedelta(minutes=15)), date(2026, 3, 3), busy)
    assert said(kept) == ["03 09:00", "03 11:00", "03 11:30"]


def test_until_midnight() -> None:
    late = day(rules(span="22:00-24:00"), date(2026, 3, 3))
    assert said(late) == ["03 22:00", "03 22:30", "03 23:00", "03 23:30"]


SPRING = [("America/New_York", date(2026, 3, 8)), ("Europe/Berlin", date(2026, 3, 29))]
AUTUMN = [("America/New_York", date(2026, 11, 1)), ("Europe/Berlin", date(2026, 10, 25))]


@pytest.mark.parametrize(("zone", "when"), SPRING)
def test_a_skipped_hour_is_not_offered(zone: str, when: date) -> None:
    rule = rules(zone, "0:00-5:00")
    found = [f"{m.astimezone(rule.zone):%H:%M}" for m in day(rule, when)]
    skipped = {"America/New_York": "02", "Europe/Berlin": "02"}[zone]
    assert not [clock for clock in found if clock.startswith(skipped)]
    assert found[0] == "00:00" and found[-1] == "04:30" and len(found) == 8
    now = datetime.combine(when, time(), rule.zone) - timedelta(days=1)
    asked = datetime.combine(when, time(2, 30))
    assert why_not(rule, [], asked, now).startswith("That time does not exist")


@pytest.mark.parametrize(("zone", "when"), AUTUMN)
def test_a_doubled_hour_is_offered_once(zone: str, when: date) -> None:
    rule = rules(zone, "0:00-5:00")
    found = day(rule, when)
    clocks = [f"{moment.astimezone(rule.zone):%H:%M}" for moment in found]
    assert len(clocks) == len(set(clocks)) == 10
    doubled = {"America/New_York": time(1, 30), "Europe/Berlin": time(2, 30)}[zone]
    first = datetime.combine(when, doubled, rule.zone).astimezone(UTC)
    second = datetime.combine(when, doubled.replace(fold=1), rule.zone).astimezone(UTC)
    assert first in found and second == first + timedelta(hours=1) and second not in found
    now = datetime.combine(when, time(), rule.zone) - timedelta(days=1)
    assert why_not(rule, [], datetime.combine(when, doubled), now) == ""
    assert why_not(rule, [], second, now) == "No appointment begins at that time."


@pytest.mark.parametrize(("zone", "when"), SPRING + AUTUMN)
def test_the_day_before_and_after_are_usual(zone: str, when: date) -> None:
    rule = rules(zone)
    for offset in (-1, 0, 1):
        found = day(rule, when + timedelta(days=offset))
        assert [f"{m.astimezone(rule.zone):%H:%M}" for m in found][::15] == ["09:00", "16:30"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("2026-03-01T10:00", "That time is in the past."),
        ("2026-03-08T02:30", "That time does not exist: the clocks are put forward."),
        ("2026-03-03T08:30", "That is outside working hours."),
        ("2026-03-03T17:00", "That is outside working hours."),
        ("2026-03-03T16:45", "That is outside working hours."),
        ("2026-03-03T10:07", "No appointment begins at that time."),
        ("2026-03-02T09:00", "That is too soon: at least 3 hours before."),
        ("2026-04-03T09:00", "That is too far ahead: at most 30 days."),
        ("2026-03-03T10:00", "That time is taken."),
        ("0001-01-01T00:00", "There is no such time."),
        ("9999-12-31T23:59-05:00", "There is no such time."),
        ("2026-03-03T10:30", ""),
        ("2026-03-03T16:30+01:00", ""),
    ],
)
def test_why_not(asked: str, sentence: str) -> None:
    busy = [(datetime(2026, 3, 3, 15, 0, tzinfo=UTC), datetime(2026, 3, 3, 15, 30, tzinfo=UTC))]
    start = datetime.fromisoformat(asked)
    assert why_not(rules(notice=timedelta(hours=3)), busy, start, NOW) == sentence


def test_a_calendar_without_hours() -> None:
    rule = Rules(Hours(), HALF)
    assert list(free_times(rule, [], NOW)) == []
    assert why_not(rule, [], NOW, NOW) == "This calendar has no working hours."


# --- properties -----------------------------------------------------------------------------

ZONES = st.sampled_from(["America/New_York", "Europe/Berlin", "UTC", "Australia/Lord_Howe"])
MINUTES = st.integers(0, 24 * 60 * 400).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    values = {}
    for name in draw(st.lists(st.sampled_from(DAYS), min_size=1, unique=True)):
        start = draw(st.integers(0, 22))
        values[name] = f"{start}:00-{draw(st.integers(start + 1, 24))}:00"
    return Hours.model_validate({"zone": draw(ZONES), **values})


@st.composite
def cases(draw: st.DrawFn) -> tuple[Rules, list[Span], datetime]:
    minutes = st.sampled_from([10, 15, 30, 45, 60])
    rule = Rules(
        draw(weeks()),
        timedelta(minutes=draw(minutes)),
        step=timedelta(minutes=draw(minutes)),
        buffer=timedelta(minutes=draw(st.sampled_from([0, 5, 30]))),
        notice=timedelta(hours=draw(st.integers(0, 48))),
        days_ahead=draw(st.integers(1, 9)),
    )
    now = draw(MINUTES)
    starts = draw(st.lists(st.integers(-60, 9 * 24 * 60), max_size=6))
    busy = [(now + timedelta(minutes=n), now + timedelta(minutes=n + 40)) for n in starts]
    return rule, busy, now


@settings(max_examples=60, deadline=None)
@given(cases())
def test_what_is_offered_can_be_booked(case: tuple[Rules, list[Span], datetime]) -> None:
    rule, busy, now = case
    found = list(free_times(rule, busy, now))
    assert found == sorted(set(found))
    for start in found:
        end = start + rule.length
        there = start.astimezone(rule.zone)
        assert why_not(rule, busy, start, now) == ""
        assert why_not(rule, busy, there, now) == ""
        assert start >= now + rule.notice
        assert rule.hours.is_open(start) and rule.hours.is_open(end - timedelta(minutes=1))
        assert all(
            end + rule.buffer <= taken or start >= ended + rule.buffer for taken, ended in busy
        )
        assert there.fold == 0


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(-3, 12), st.integers(0, 24 * 60 - 1))
def test_every_other_time_has_a_reason(
    case: tuple[Rules, list[Span], datetime], days: int, minute: int
) -> None:
    rule, busy, now = case
    midnight = datetime.combine(now.astimezone(rule.zone).date(), time()) + timedelta(days=days)
    asked = midnight + timedelta(minutes=minute)
    reason = why_not(rule, busy, asked, now)
    at = local(asked.date(), asked.time(), rule.zone)
    assert (at in set(free_times(rule, busy, now))) is (reason == "")
    assert reason == "" or reason.endswith(".")
