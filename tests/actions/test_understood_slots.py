"""Answers to offered times: what is meant, and where nobody can know."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.languages import ENGLISH
from actions.understood import find_option

TUE_10, TUE_15, WED_10, WED_1130 = (
    "2026-03-10T10:00:00-04:00",
    "2026-03-10T15:00:00-04:00",
    "2026-03-11T10:00:00-04:00",
    "2026-03-11T11:30:00-04:00",
)
FOUR = [(value, ENGLISH.speaking.time(datetime.fromisoformat(value))) for value in
        (TUE_10, TUE_15, WED_10, WED_1130)]  # fmt: skip
MONDAY = datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
LATE_ON_MONDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # 22:00 where the options are
TUESDAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 11, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Tuesday, March 10 at 10:00 AM", TUE_10),
        (TUE_15, TUE_15),
        ("Tuesday at 10", TUE_10),
        ("tue 10am please", TUE_10),
        ("Tuesday at 3 works for me", TUE_15),
        ("3pm", TUE_15),
        ("3 p.m. please", TUE_15),
        ("at three o'clock", TUE_15),
        ("15:00", TUE_15),
        ("11:30", WED_1130),
        ("eleven thirty", WED_1130),
        ("half past eleven", WED_1130),
        ("the second one", TUE_15),
        ("second", TUE_15),
        ("option 3", WED_10),
        ("number four please", WED_1130),
        ("#1", TUE_10),
        ("2", TUE_15),
        ("the 2nd one", TUE_15),
        ("the first one please", TUE_10),
        ("the earliest", TUE_10),
        ("the last one", WED_1130),
        ("the latest", WED_1130),
        ("Wednesday morning at 10", WED_10),
        ("Tuesday morning", TUE_10),
        ("in the afternoon", TUE_15),
        ("the afternoon one", TUE_15),
        ("March 10 at 3", TUE_15),
        ("3/11 at 10", WED_10),
        ("the 11th at 10", WED_10),
        ("the 10th, 10 am", TUE_10),
        ("not Tuesday, Wednesday at 10", WED_10),
        ("Tuesday doesn't work, but Wednesday at 10 does", WED_10),
        ("No, Tuesday at 10", TUE_10),
        ("what about Tuesday at 3?", TUE_15),
        ("ok, quarter to four... no, 11:30", WED_1130),
        ("Yes, Wednesday at 11:30", WED_1130),
        ("Let's do Tuesday at 10, thank you", TUE_10),
    ],
)
def test_what_is_meant(said: str, meant: str) -> None:
    assert find_option(said, FOUR) == (None if "quarter to four" in said else meant)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "Tuesday",
        "10",
        "at 10",
        "yes",
        "sounds good",
        "Thursday at 10",
        "Tuesday or Wednesday at 10",
        "not the second one",
        "I can't do Tuesday at 10",
        "none of them",
        "neither",
        "something after 3pm",
        "later",
        "another day",
        "5",
        "9",
        "option 7",
        "the fifth one",
        "12:00",
        "noon",
        "tomorrow at 3pm",
        "is Tuesday at 10 in your shop?",
        "how long does the one at 3pm take?",
        "do you have parking on Tuesday at 10?",
        "March 10",
        "Tuesday at 10 and Wednesday at 10",
        "my number is 415 555 0142",
        "99:99",
        "Tuesday at 77",
        "٣",
    ],
)
def test_nobody_can_know(said: str) -> None:
    assert find_option(said, FOUR) is None


@pytest.mark.parametrize(
    ("said", "now", "meant"),
    [
        ("tomorrow at 3pm", MONDAY, TUE_15),
        ("tomorrow at 10", MONDAY, TUE_10),
        ("tomorrow at 3pm", LATE_ON_MONDAY, TUE_15),
        ("tomorrow at 3pm", TUESDAY, None),
        ("the day after tomorrow at 10", MONDAY, WED_10),
        ("today at 10", MONDAY, None),
        ("today at 11:30", WEDNESDAY, WED_1130),
        ("in two days at 11:30", MONDAY, WED_1130),
        ("tomorrow", MONDAY, None),
    ],
)
def test_words_that_need_the_day(said: str, now: datetime, meant: str | None) -> None:
    assert find_option(said, FOUR, now=now) == meant


def test_a_number_that_is_a_place_and_an_hour_is_neither() -> None:
    two = [("2026-03-10T09:00", "9"), ("2026-03-10T10:00", "10"), ("2026-03-10T14:00", "14")]
    assert find_option("2", two) is None
    assert find_option("2 pm", two) == "2026-03-10T14:00"
    assert find_option("option 2", two) == "2026-03-10T10:00"


def test_the_only_one_is_taken_with_a_yes() -> None:
    assert find_option("yes please", FOUR[:1]) == TUE_10
    assert find_option("Sounds good", FOUR[:1]) == TUE_10
    assert find_option("no", FOUR[:1]) is None
    assert find_option("Wednesday", FOUR[:1]) is None


def test_other_options_by_label() -> None:
    options = [("r", "Red"), ("b", "Dark blue"), ("g", "Green")]
    assert find_option("dark blue please", options) == "b"
    assert find_option("the first one", options) == "r"
    assert find_option("b", options) == "b"
    assert find_option("red or green", options) is None
    assert find_option("yellow", options) is None
    assert find_option("red", []) is None


def test_two_that_look_the_same_are_never_guessed() -> None:
    assert find_option("Same", [("1", "Same"), ("2", "Same")]) is None


def test_how_times_are_said() -> None:
    moment = datetime.fromisoformat(TUE_15)
    assert ENGLISH.speaking.day(moment) == "Tuesday, March 10"
    assert ENGLISH.speaking.clock(moment) == "3:00 PM"
    assert ENGLISH.speaking.time(moment) == "Tuesday, March 10 at 3:00 PM"


@given(st.text(max_size=80))
def test_any_text_is_read_without_a_crash(said: str) -> None:
    assert find_option(said, FOUR, now=MONDAY) in (None, TUE_10, TUE_15, WED_10, WED_1130)


@given(st.sampled_from(FOUR), st.sampled_from(["{}", "{} please", "I take {}", "{}, thanks"]))
def test_every_label_leads_back(option: tuple[str, str], frame: str) -> None:
    assert find_option(frame.format(option[1]), FOUR) == option[0]
