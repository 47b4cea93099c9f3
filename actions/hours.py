"""Opening hours: a week of time spans in one time zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Self
from zoneinfo import available_timezones

from pydantic import field_validator

from actions.base import Settings
from actions.fields import choice, line
from actions.zones import exists, zone_of

STEP, WEEK = timedelta(minutes=15), timedelta(days=7)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ZONES = {
    zone: zone.replace("_", " ")
    for zone in sorted(available_timezones())
    if zone == "UTC" or zone.partition("/")[0] in REGIONS
}


class Hours(Settings):
    """Opening hours; a day without a span is closed, no day at all is always open."""

    zone: str = choice("Time zone", "", labels={"": "Not chosen", **ZONES})
    monday: str = line("Monday", "", placeholder="8:00-18:00")
    tuesday: str = line("Tuesday", "", placeholder="8:00-18:00")
    wednesday: str = line("Wednesday", "", placeholder="8:00-18:00")
    thursday: str = line("Thursday", "", placeholder="8:00-18:00")
    friday: str = line("Friday", "", placeholder="8:00-18:00")
    saturday: str = line("Saturday", "", placeholder="closed")
    sunday: str = line("Sunday", "", placeholder="closed")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value and not exists(value):
            raise ValueError(f"There is no time zone “{value}”.")
        return value

    @field_validator(*DAYS)
    @classmethod
    def _spans_parse(cls, value: str) -> str:
        spans(value)
        return value

    def in_zone(self, zone: str) -> Self:
        """The same hours; where no zone was chosen, in this one."""
        return self if self.zone else self.model_copy(update={"zone": zone})

    @property
    def known(self) -> bool:
        """Whether any day has a span; without one it is always open."""
        return any(getattr(self, day) for day in DAYS)

    def next_time(self, now: datetime, *, open: bool) -> datetime | None:
        """The first time from `now` on at which it is open, or closed; None: there is none."""
        if not self.known:
            return now if open else None
        quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        later = (quarter + STEP * n for n in range(1, WEEK // STEP + 2))
        return next((at for at in (now, *later) if self.is_open(at) is open), None)

    def is_open(self, now: datetime) -> bool:
        """Whether `now` (aware) lies within a span."""
        if not self.known:
            return True
        local = now.astimezone(zone_of(self.zone))
        return any(
            start <= local.time() < end
            for start, end in spans(getattr(self, DAYS[local.weekday()]))
        )


def spans(text: str) -> list[tuple[time, time]]:
    """`8:00-12:00, 13:00-18:00` as times; raises ValueError with a sentence."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        start, dash, end = part.partition("-")
        try:
            if not dash:
                raise ValueError
            first, last = _clock(start), _clock(end)
        except ValueError:
            raise ValueError(f"“{part}” is not a span of time such as 8:00-18:00.") from None
        if last <= first:
            raise ValueError(f"“{part}” ends before it starts.")
        found.append((first, last))
    return found


def _clock(text: str) -> time:
    hour, _, minute = text.strip().partition(":")
    if hour == "24" and minute in ("", "00"):
        return time.max
    return time(int(hour), int(minute or 0))
