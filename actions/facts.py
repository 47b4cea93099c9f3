"""What is known about the contact and the conversation: the input of every pure rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from actions.terms import Channel
from actions.zones import zone_of


@dataclass(slots=True)
class ContactFacts:
    """The contact as the turn sees it; `values` are property values by key."""

    id: str = ""
    values: dict[str, str] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    sequences: set[str] = field(default_factory=set)
    status: str = ""
    dnc: bool = False
    dnc_source: str = ""  # what set the block; a keyword's is lifted by START, no other
    sms_opted_out: bool = False
    disengaged: bool = False
    time_zone: str = ""

    @property
    def name(self) -> str:
        """First and last name, as far as known."""
        return " ".join(filter(None, (self.values.get("first_name"), self.values.get("last_name"))))


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment of this contact; times carry their zone."""

    id: str
    calendar: str
    service: str
    start: datetime
    end: datetime


@dataclass(slots=True)
class RunFact:
    """One run that has ended, as later guards see it."""

    action: str
    outcome: str
    status: str
    turn: int


@dataclass(slots=True)
class Facts:
    """The facts of one conversation at one moment; `notes` are those written in it."""

    channel: Channel
    direction: str
    now: datetime
    contact: ContactFacts = field(default_factory=ContactFacts)
    attempt: int = 1
    turn: int = 0
    message: str = ""
    said: list[str] = field(default_factory=list)
    disposition: str = ""
    tags: set[str] = field(default_factory=set)
    inbox: str = ""
    notes: list[str] = field(default_factory=list)
    simulated: dict[str, str] = field(default_factory=dict)
    bookings: list[Booked] = field(default_factory=list)
    runs: list[RunFact] = field(default_factory=list)
    open_now: bool = True
    zone: str = ""
    """The agent's time zone, else the site's: it holds where the contact's is not known."""

    @property
    def local(self) -> datetime:
        """Now, on the contact's clock."""
        return self.now.astimezone(zone_of(self.contact.time_zone, self.zone))
