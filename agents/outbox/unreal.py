"""What never leaves, whatever is connected: deliveries of samples and of invented businesses.

A room above registers which agents and contacts are invented. The claim looks here in the same
statement that takes a delivery, so nothing that happens in between lets one through.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from agents.contacts.models import Contact
from agents.outbox.models import Delivery


@dataclass(frozen=True, slots=True)
class Invented:
    """Agents and contacts that exist only to be looked at."""

    agents: Collection[UUID] = ()
    contacts: Collection[UUID] = ()


_known: list[Callable[[], Invented]] = []


def register_invented(look: Callable[[], Invented]) -> None:
    """Say at start-up how to see what is invented."""
    _known.append(look)


def is_invented(*, contact_id: UUID | None, agent_uuid: UUID | None) -> bool:
    """Whether a delivery of this agent, or to this contact, is part of an invented business."""
    return any(
        agent_uuid in found.agents or contact_id in found.contacts
        for found in (look() for look in _known)
    )


def real(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Only what may leave. No join: an UPDATE on these rows looks at every condition again."""
    never = Q(contact_id__in=Contact.objects.filter(sample=True).values("pk"))
    for found in (look() for look in _known):
        never |= Q(agent_uuid__in=found.agents) | Q(contact_id__in=found.contacts)
    return rows.exclude(never)
