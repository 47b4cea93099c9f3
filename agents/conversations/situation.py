"""What ports may know of a conversation, and the sandbox's snapshot of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from actions.facts import Facts
from agents.conversations.services import Fence
from agents.panels.schema import VersionContent


class Situation(Protocol):
    """The conversation as a turn holds it in memory."""

    id: UUID
    agent_uuid: UUID
    contact_id: UUID | None
    facts: Facts
    notes_written: list[str]

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


def world_of(facts: Facts, notes: list[str]) -> dict[str, Any]:
    """The snapshot that a sandbox conversation carries: contact, outcome, notes."""
    contact = asdict(facts.contact)
    contact["tags"], contact["lists"] = sorted(contact["tags"]), sorted(contact["lists"])
    return {
        "contact": contact,
        "disposition": facts.disposition,
        "tags": sorted(facts.tags),
        "notes": list(notes),
    }
