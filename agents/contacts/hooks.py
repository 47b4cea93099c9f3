"""What else ends when outreach to a contact ends; other rooms register at start-up."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Handler = Callable[[UUID, UUID | None], object]
_handlers: list[Handler] = []


def on_disengage(handler: Handler) -> None:
    """Call this with contact and agent (None: every agent), inside the same transaction.

    A handler may be called again for what has ended already.
    """
    _handlers.append(handler)


def outreach_ended(contact_id: UUID, agent_uuid: UUID | None) -> None:
    """Tell all who registered: a contact is blocked or disengaged."""
    for handler in _handlers:
        handler(contact_id, agent_uuid)
