"""What belongs to the demo business."""

from __future__ import annotations

from uuid import UUID

from agents.demo.models import THE_ONE, Demo, DemoRow
from agents.outbox.unreal import Invented


def the_demo() -> Demo | None:
    """The demo business, where there is one."""
    return Demo.objects.filter(pk=THE_ONE).first()


def keys_of(*kinds: str) -> list[str]:
    """The keys of what it made of these kinds, oldest first."""
    rows = DemoRow.objects.filter(kind__in=kinds).order_by("pk")
    return list(rows.values_list("key", flat=True))


def invented() -> Invented:
    """Its agents and contacts, for the outbox: one query."""
    found: dict[str, list[UUID]] = {"agent": [], "contact": []}
    rows = DemoRow.objects.filter(kind__in=found).values_list("kind", "key")
    for kind, key in rows:
        found[kind].append(UUID(key))
    return Invented(found["agent"], found["contact"])


def marked() -> frozenset[str]:
    """Everything that it made, as references (`contact:…`)."""
    return frozenset(f"{kind}:{key}" for kind, key in DemoRow.objects.values_list("kind", "key"))
