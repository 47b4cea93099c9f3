"""Which days and whose figures are looked at: read from the address, written back into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from agents.conversations.pages import as_uuid
from agents.conversations.totals import day_of

DAYS = (7, 30, 90)
USUAL = 30


@dataclass(frozen=True, slots=True)
class Period:
    """The last days up to today, and as many before them; nonsense in the address is ignored."""

    until: date
    days: int = USUAL
    agent: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], today: date) -> Period:
        """From the address of the page."""
        days = next((n for n in DAYS if query.get("days") == str(n)), USUAL)
        return cls(today, days, as_uuid(query.get("agent", "")))

    @property
    def since(self) -> date:
        """The first day."""
        return self.until - timedelta(days=self.days - 1)

    @property
    def before(self) -> date:
        """The first day of the period before."""
        return self.since - timedelta(days=self.days)

    @property
    def query(self) -> str:
        """As it stands in the address."""
        return urlencode({"days": self.days} | ({"agent": self.agent} if self.agent else {}))

    def conversations(self, **filters: str) -> str:
        """The query of the conversation list for this period and these filters."""
        kept = {"agent": self.agent, **filters}
        dates = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return urlencode(dates | {name: value for name, value in kept.items() if value})


def today() -> date:
    """The site's day."""
    return day_of(timezone.now())
