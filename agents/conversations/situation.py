"""What ports may know of a conversation, and the sandbox's snapshot of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from actions.facts import Booked, Facts
from agents.conversations.services import Fence
from agents.panels.schema import VersionContent


class Situation(Protocol):
    """The conversation as a turn holds it in memory."""

    id: UUID
    agent_uuid: UUID
    contact_id: UUID | None
    facts: Facts
    ahead: dict[tuple[str, str, str], asyncio.Future[str | None]]

    @property
    def fence(self) -> Fence:
        """What every write carries."""

    @property
    def content(self) -> VersionContent:
        """The version it runs on."""

    def now(self) -> datetime:
        """The conversation's clock."""

    def transcript(self, last: int | None = None) -> str:
        """What was said, one line each."""


def world_of(facts: Facts) -> dict[str, Any]:
    """The snapshot that a sandbox conversation carries: contact, outcome, notes, simulations."""
    contact = asdict(facts.contact)
    contact |= {name: sorted(contact[name]) for name in ("tags", "lists", "sequences")}
    return {
        "contact": contact,
        "disposition": facts.disposition,
        "tags": sorted(facts.tags),
        "notes": list(facts.notes),
        "inbox": facts.inbox,
        "bookings": stored_bookings(facts.bookings),
        "simulated": dict(facts.simulated),
    }


def simulated_in(world: Mapping[str, Any]) -> dict[str, str]:
    """What is simulated by a snapshot; older ones call it `played`."""
    return dict(world.get("simulated", world.get("played", {})))


def stored_bookings(bookings: Iterable[Booked]) -> list[dict[str, str]]:
    """Appointments as a snapshot holds them."""
    return [
        {**asdict(one), "start": one.start.isoformat(), "end": one.end.isoformat()}
        for one in bookings
    ]


def bookings_in(world: Mapping[str, Any]) -> list[Booked]:
    """The appointments that a snapshot holds."""
    return [
        Booked(
            one["id"],
            one["calendar"],
            one["service"],
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
        )
        for one in world.get("bookings", ())
    ]
