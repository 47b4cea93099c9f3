"""Time zones: which one holds for a contact, and how it is named."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

UTC = "UTC"


def zone_of(*names: str) -> ZoneInfo:
    """The first that is set: the contact's, else the agent's, else the site's; at last UTC."""
    return ZoneInfo(next(filter(exists, names), UTC))


@cache
def exists(name: str) -> bool:
    """Whether there is a zone of this name."""
    return name in available_timezones()


def zone_words(moment: datetime) -> str:
    """The zone of a moment as people say it: EST, CET; UTC-03 where it has no name of its own."""
    name = moment.tzname() or UTC
    return name if name[0].isalpha() else f"{UTC}{name}"


def elsewhere(moment: datetime, zone: str) -> str:
    """The zone of a moment, with a blank before it, where clocks in `zone` show another time."""
    if not exists(zone) or moment.utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset():
        return ""
    return f" {zone_words(moment)}"
