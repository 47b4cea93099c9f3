"""Background tasks of the outbox; each may run twice."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from agents.outbox.sweep import send_one, sweep


def tick() -> None:
    """Sweep the outbox."""
    sweep(now=timezone.now())


def deliver(delivery_id: str) -> None:
    """Send one delivery right after its commit."""
    send_one(delivery_id=UUID(delivery_id), now=timezone.now())
