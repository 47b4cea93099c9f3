"""Sending: one delivery right after its commit, and the sweep that catches the rest."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from agents.core.writer import InsideTransaction
from agents.outbox import services
from agents.outbox.models import Delivery

log = logging.getLogger(__name__)
State = Delivery.State
BATCH = 100
CLAIMS_FOR = 20.0  # seconds; what is left waits for the next tick


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    expired: int = 0
    unknown: int = 0
    released: int = 0
    claimed: int = 0


def sweep(*, now: datetime, owner: str = "") -> Swept:
    """Expire, give up lost claims, release what nothing holds, send what is due."""
    return Swept(
        expired=expire(now=now),
        unknown=give_up_lost(now=now),
        released=services.release_held(),
        claimed=send_due(now=now, owner=owner),
    )


def expire(*, now: datetime) -> int:
    """What nobody could send in time is no longer wanted."""
    waiting = Delivery.objects.filter(state__in=(State.HELD, State.QUEUED), sandbox=False)
    return services.set_state(waiting.filter(expires_at__lte=now), State.EXPIRED)


def give_up_lost(*, now: datetime) -> int:
    """Who claimed it has died: it may have left, so it is not sent again."""
    lost = Delivery.objects.filter(state=State.SENDING, lease_until__lte=now)
    reason = "Sending was cut off; it may have left."
    return services.set_state(lost, State.UNKNOWN, reason=reason)


def send_due(*, now: datetime, owner: str = "") -> int:
    """Claim and send what is due and has a sender, oldest first."""
    started = time.monotonic()
    rows = services.due(now).filter(kind__in=services.sendable_kinds())
    claimed = 0
    for pk in list(rows.order_by("created_at").values_list("pk", flat=True)[:BATCH]):
        elapsed = time.monotonic() - started
        if elapsed > CLAIMS_FOR:
            break
        claimed += send_one(delivery_id=pk, now=now + timedelta(seconds=elapsed), owner=owner)
    return claimed


def send_one(*, delivery_id: UUID, now: datetime, owner: str = "") -> bool:
    """Claim one delivery and send it; False where it was not ours to send."""
    if connection.in_atomic_block:
        raise InsideTransaction("A delivery cannot be sent from inside a transaction.")
    owner = owner or uuid4().hex
    row = services.claim(delivery_id=delivery_id, owner=owner, now=now)
    if row is None:
        return False
    _send(row, owner)
    return True


def _send(row: Delivery, owner: str) -> None:
    sender = services.sender_of(row.kind)
    if sender is None:
        services.mark_failed(delivery_id=row.pk, owner=owner, reason=services.NOT_CONNECTED)
        return
    try:
        vendor_id = sender(row)
    except services.Refused as refusal:
        services.mark_failed(delivery_id=row.pk, owner=owner, reason=str(refusal))
    except Exception as error:
        log.exception("A %s delivery may or may not have left", row.kind)
        reason = f"No clear answer ({type(error).__name__}); it may have left."
        services.mark_unknown(delivery_id=row.pk, owner=owner, reason=reason)
    else:
        services.mark_sent(delivery_id=row.pk, owner=owner, now=timezone.now(), vendor_id=vendor_id)
