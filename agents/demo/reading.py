"""What belongs to the demo business."""

from __future__ import annotations

from uuid import UUID

from agents.core.models import Role
from agents.core.roles import has_role
from agents.demo.models import THE_ONE, Demo, DemoRow
from agents.outbox.unreal import Invented
from agents.panels.models import Agent


def the_demo() -> Demo | None:
    """The demo business, where there is one."""
    return Demo.objects.filter(pk=THE_ONE).first()


def welcomes(user: object) -> bool:
    """Whether this user is to choose how to begin, or to see how far the demo business is."""
    if not has_role(user, Role.ADMIN):
        return False
    demo = the_demo()
    return demo.state != Demo.State.READY if demo else not Agent.objects.exists()


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
