"""How days, times and lists are said in English."""

from __future__ import annotations

from datetime import datetime

from actions.languages.rooms import Speaking, pattern

_NAMES_AI = pattern(
    r"\b(?:ai|a\.i\.|artificial intelligence|virtual (?:assistant|agent)|digital assistant|"
    r"automated (?:assistant|agent|system)|(?:chat|voice|ro)?bot)(?!\w)"
)


def _day(moment: datetime) -> str:
    return f"{moment:%A, %B} {moment.day}"


def _clock(moment: datetime) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")


def _time(moment: datetime) -> str:
    return f"{_day(moment)} at {_clock(moment)}"


SPEAKING = Speaking(day=_day, clock=_clock, time=_time, names_ai=_NAMES_AI, either="or", both="and")
