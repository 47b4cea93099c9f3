"""What leaves: put in once, claimed once, and every end of it written by who holds the claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django_q.tasks import async_task

from actions.facts import ContactFacts
from agents.contacts.models import Contact
from agents.contacts.services import facts_of, record, snapshot
from agents.core.services import audit
from agents.core.waits import wait
from agents.outbox.gate import GateFacts, Purpose, Verdict, may_contact
from agents.outbox.gate_facts import active_holds, gate_facts, hold_on
from agents.outbox.models import Delivery, Hold
from agents.outbox.unreal import is_invented, real
from agents.routing.models import Line

NO_LINE = "no line"
NOT_CONNECTED = "not connected"
LINE_CHANNELS = frozenset({"sms", "voice"})
State = Delivery.State
AFTER_CLAIM = (State.SENDING, State.UNKNOWN)  # a late answer still settles what became unknown


class Outgoing(TypedDict):
    """One thing that is to leave.

    `contact` is who gets it (or whom a record is about), `to` the number or address; a message to
    a fixed number has no contact. `channel` is the way it leaves, empty for a record.
    """

    key: str
    kind: str
    title: str
    purpose: str
    channel: str
    contact: Contact | None
    to: str
    payload: dict[str, Any]
    agent_uuid: NotRequired[UUID | None]
    conversation_id: NotRequired[UUID | None]
    run_id: NotRequired[UUID | None]


Sender = Callable[[Delivery], str]
"""Sends and returns the vendor's id; raises Refused where it surely did not leave. Whatever else
it raises makes the delivery unknown. Its own time limit is well below the lease."""

_senders: dict[str, Sender] = {}


Counter = Callable[[Sequence[Delivery], str], None]
"""Told, in the transaction of the change, which deliveries (as they were) get which state."""

_counters: list[Counter] = []


class Refused(Exception):
    """The vendor said no: nothing left. The text is a sentence for staff."""


def register_sender(kind: str, fn: Sender) -> None:
    """Say at start-up who sends deliveries of a kind."""
    if _senders.get(kind, fn) is not fn:
        raise ValueError(f"{kind} has a sender already.")
    _senders[kind] = fn


def sender_of(kind: str) -> Sender | None:
    """Who sends this kind, if somebody does."""
    return _senders.get(kind)


def sendable_kinds() -> list[str]:
    """The kinds that have a sender."""
    return list(_senders)


def register_counter(fn: Counter) -> None:
    """Say at start-up who counts deliveries by their state."""
    if fn not in _counters:
        _counters.append(fn)


@transaction.atomic
def set_state(rows: QuerySet[Delivery], state: str, **changes: Any) -> int:
    """Move deliveries to another state; who counts them is told."""
    moved = list(rows.select_for_update())
    for count in _counters:
        count(moved, state)
    return rows.filter(pk__in=[row.pk for row in moved]).update(state=state, **changes)


# --- putting in ------------------------------------------------------------------------------


@transaction.atomic
def enqueue(*, now: datetime, **what: Unpack[Outgoing]) -> Delivery:
    """Put it into the outbox; the same key again gives the first one back.

    Of a sample contact or an invented business it is only written down: it would have left.
    """
    if _never_leaves(what):
        return _would_have_left(what, now)
    obstacle = obstacle_of(kind=what["kind"], channel=what["channel"], purpose=what["purpose"])
    state: dict[str, Any] = {"state": State.HELD if obstacle else State.QUEUED, "reason": obstacle}
    if obstacle and Purpose(what["purpose"]) != Purpose.RECORD:
        # A message that waited this long is no longer wanted; a record still is.
        state["expires_at"] = now + timedelta(seconds=wait("no_line_expires"))
    row, new = _insert(what, **state)
    if new and not obstacle:
        transaction.on_commit(partial(_send_soon, row.pk), robust=True)
    return row


@transaction.atomic
def record_left(*, now: datetime, **what: Unpack[Outgoing]) -> Delivery:
    """What has left already, while somebody waited for the answer; no claim ever takes it.

    Of an invented business it would have left: its answers are made up.
    """
    if _of_invented(what):
        return _would_have_left(what, now)
    row, new = _insert(what, state=State.SENDING, attempts=1)
    if new:
        set_state(Delivery.objects.filter(pk=row.pk), State.SENT, sent_at=now)
        row.refresh_from_db()
    return row


def _never_leaves(what: Outgoing) -> bool:
    contact = what["contact"]
    return bool(contact and contact.sample) or _of_invented(what)


def _of_invented(what: Outgoing) -> bool:
    contact = what["contact"]
    return is_invented(
        contact_id=contact.pk if contact else None, agent_uuid=what.get("agent_uuid")
    )


def _would_have_left(what: Outgoing, now: datetime) -> Delivery:
    """With the gate's answer as it would have been for a real contact."""
    contact = what["contact"]
    seen = snapshot(contact=contact, agent_uuid=what.get("agent_uuid")) if contact else None
    facts = facts_of(seen) if seen else ContactFacts()
    return _insert(what, **_practice(what, facts, now))[0]


@transaction.atomic
def record_practice(*, facts: ContactFacts, now: datetime, **what: Unpack[Outgoing]) -> Delivery:
    """What would have left the sandbox, with the gate's answer; no claim ever takes it."""
    return _insert(what, sandbox=True, **_practice(what, facts, now))[0]


def _practice(what: Outgoing, facts: ContactFacts, now: datetime) -> dict[str, Any]:
    channel, purpose = what["channel"], what["purpose"]
    verdict = may_contact(GateFacts.of(facts), channel=channel, purpose=purpose, now=now)
    return {
        "state": State.PRACTICE,
        "reason": "" if verdict.allowed else verdict.sentence,
        "gate": verdict.as_json(channel=channel, purpose=purpose, now=now),
    }


def obstacle_of(*, kind: str, channel: str, purpose: str) -> str:
    """Why nothing of this kind can leave at present, empty where it can."""
    needs_line = channel in LINE_CHANNELS and Purpose(purpose) != Purpose.RECORD
    if needs_line and not Line.objects.filter(practice=False).exists():
        return NO_LINE
    return "" if sender_of(kind) else NOT_CONNECTED


def _insert(what: Outgoing, **state: Any) -> tuple[Delivery, bool]:
    fields = {name: value for name, value in what.items() if name not in ("key", "title")}
    title = what["title"][:300]
    return Delivery.objects.get_or_create(
        key=what["key"], defaults={**fields, "title": title, **state}
    )


def _send_soon(delivery_id: UUID) -> None:
    async_task("agents.outbox.tasks.deliver", str(delivery_id))


# --- the claim -------------------------------------------------------------------------------


def due(now: datetime) -> QuerySet[Delivery]:
    """What may be claimed: queued, its time has come and not passed, and never of the sandbox."""
    return Delivery.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now),
        Q(expires_at=None) | Q(expires_at__gt=now),
        state=State.QUEUED,
        sandbox=False,
    )


def claim(*, delivery_id: UUID, owner: str, now: datetime) -> Delivery | None:
    """Take one delivery for sending; None where it is not due, was taken, or may not leave.

    In one transaction: the rows of whom it reaches are written, so that a STOP comes before or
    after but never during; the gate decides; its answer is stored.
    """
    with transaction.atomic():
        row = due(now).filter(pk=delivery_id).first()
        if row is None:
            return None
        facts = gate_facts(row)
        verdict = may_contact(facts, channel=row.channel, purpose=row.purpose, now=now)
        rows = due(now).filter(pk=row.pk)
        taken = real(rows) if verdict.allowed else rows
        after = {"state": State.QUEUED, **_after(verdict, row, owner, now)}
        if not set_state(taken, **after):
            transaction.set_rollback(True)  # another took it: this one does not count
            return None
    return Delivery.objects.get(pk=row.pk) if verdict.allowed else None


def _after(verdict: Verdict, row: Delivery, owner: str, now: datetime) -> dict[str, Any]:
    """The columns of a delivery after the gate's answer."""
    gate = verdict.as_json(channel=row.channel, purpose=row.purpose, now=now)
    if verdict.allowed:
        until = now + timedelta(seconds=wait("lease"))
        return {
            "gate": gate,
            "state": State.SENDING,
            "reason": "",
            "lease_owner": owner,
            "lease_until": until,
            "attempts": F("attempts") + 1,
        }
    if verdict.decision == "deny":
        return {"gate": gate, "state": State.DENIED, "reason": verdict.sentence}
    if verdict.until:
        return {"gate": gate, "not_before": verdict.until, "reason": verdict.sentence}
    return {"gate": gate, "state": State.HELD, "reason": verdict.sentence}


# --- how it ended ----------------------------------------------------------------------------


def _settle(delivery_id: UUID, owner: str, **changes: Any) -> bool:
    mine = Delivery.objects.filter(pk=delivery_id, lease_owner=owner, state__in=AFTER_CLAIM)
    return bool(set_state(mine, lease_until=None, **changes))


@transaction.atomic
def mark_sent(*, delivery_id: UUID, owner: str, now: datetime, vendor_id: str = "") -> bool:
    """It left; False where the claim is not ours."""
    if not _settle(
        delivery_id, owner, state=State.SENT, reason="", vendor_id=vendor_id, sent_at=now
    ):
        return False
    row = Delivery.objects.get(pk=delivery_id)
    if row.contact_id:
        record(
            contact_id=row.contact_id,
            kind="delivery",
            text=row.title,
            data={"delivery": str(row.pk), "kind": row.kind},
            conversation_id=row.conversation_id,
        )
    return True


def mark_failed(*, delivery_id: UUID, owner: str, reason: str) -> bool:
    """It surely did not leave; False where the claim is not ours."""
    return _settle(delivery_id, owner, state=State.FAILED, reason=reason[:300])


def mark_unknown(*, delivery_id: UUID, owner: str, reason: str) -> bool:
    """It may have left; it is not sent again before the vendor was asked."""
    return _settle(delivery_id, owner, state=State.UNKNOWN, reason=reason[:300])


# --- holds -----------------------------------------------------------------------------------

HOLD_NAMES = {Hold.Scope.AGENT.value: "agent_uuid", Hold.Scope.LINE.value: "line_id"}


@transaction.atomic
def hold(
    *,
    scope: Hold.Scope,
    reason: str,
    agent_uuid: UUID | None = None,
    line_id: int | None = None,
    actor: str = "",
) -> Hold:
    """Stop deliveries of an agent, a line, or all; one that is in force already is given back."""
    names = {"agent_uuid": agent_uuid, "line_id": line_id}
    needed = HOLD_NAMES.get(scope)
    if {name for name, value in names.items() if value} != ({needed} if needed else set()):
        raise ValueError("A hold names what its scope stops, and nothing else.")
    if same := Hold.objects.filter(scope=scope, lifted_at=None, **names).first():
        return same
    made = Hold.objects.create(scope=scope, reason=reason, set_by=actor, **names)
    audit(
        actor=actor,
        verb="placed hold",
        kind="hold",
        object_id=made.pk,
        label=str(made),
        reason=reason,
    )
    return made


@transaction.atomic
def lift_hold(*, hold_id: int, now: datetime, actor: str = "") -> bool:
    """End a stop; what it held goes back into the queue unless another stop holds it."""
    if not Hold.objects.filter(pk=hold_id, lifted_at=None).update(lifted_at=now):
        return False
    label = str(Hold.objects.get(pk=hold_id))
    audit(actor=actor, verb="lifted hold", kind="hold", object_id=hold_id, label=label)
    release_held()
    return True


@transaction.atomic
def release_held() -> int:
    """Put back into the queue what nothing holds any more."""
    return _release_stopped() + _release_unconnected()


def _release_stopped() -> int:
    holds = active_holds()
    held = Delivery.objects.filter(state=State.HELD, gate__code="hold", sandbox=False)
    free = [row.pk for row in held if hold_on(row, holds) is None]
    return _requeue(held.filter(pk__in=free))


def _release_unconnected() -> int:
    held = Delivery.objects.filter(
        state=State.HELD, reason__in=(NO_LINE, NOT_CONNECTED), sandbox=False
    )
    released = 0
    for case in held.order_by().values("kind", "channel", "purpose").distinct():
        obstacle = obstacle_of(**case)
        rows = held.filter(**case)
        if obstacle:
            rows.exclude(reason=obstacle).update(reason=obstacle)
        else:
            released += _requeue(rows)
    return released


def _requeue(rows: QuerySet[Delivery]) -> int:
    return rows.update(state=State.QUEUED, reason="")
