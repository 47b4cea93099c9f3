"""How days, times and lists are said in English."""

from __future__ import annotations

from datetime import datetime

from actions.languages.rooms import Speaking


def _day(moment: datetime) -> str:
    return f"{moment:%A, %B} {moment.day}"


def _clock(moment: datetime) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")


def _time(moment: datetime) -> str:
    return f"{_day(moment)} at {_clock(moment)}"


SPEAKING = Speaking(day=_day, clock=_clock, time=_time, either="or", both="and")
