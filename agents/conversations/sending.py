"""What left or would have left, with the gate's record, as plain views for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from actions import registry
from agents.conversations.contents import Part, parts_of, refs_in
from agents.conversations.models import ActionRun, Conversation
from agents.core import picks
from agents.outbox.models import Delivery
from agents.outbox.services import NO_LINE, NOT_CONNECTED

DELIVERY_ICONS = {
    "sms": "message-square",
    "hubspot_ticket": "ticket",
    "hubspot_note": "notebook-pen",
    "call": "phone-forward",
    "voicemail": "voicemail",
    "notice": "bell",
    "email": "mail",
    "function": "function-square",
}
PURPOSES = {
    "reply": "a reply",
    "outreach": "outreach",
    "notification": "a notification",
    "opt_out_confirmation": "the confirmation of an opt-out",
    "record": "a record",
}
OBSTACLES = {
    NO_LINE: "No line can send it yet.",
    NOT_CONNECTED: "The service that would send it is not connected.",
}
NOT_LEFT = {
    Delivery.State.SENT: "at a time that was not recorded",
    Delivery.State.UNKNOWN: "perhaps",
    Delivery.State.PRACTICE: "never, a test",
    Delivery.State.QUEUED: "not yet",
    Delivery.State.HELD: "not yet",
    Delivery.State.SENDING: "not yet",
}
VERDICTS = {
    "allow": ("allowed", "ok"),
    "defer": ("later", "warn"),
    "deny": ("denied", "bad"),
}


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One thing the gate looked at, and what it found."""

    title: str
    held: bool
    words: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate's record, as it was stored when it was asked."""

    verdict: str
    tone: str
    sentence: str
    purpose: str = ""
    checks: tuple[GateCheck, ...] = ()
    at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The turn and the action that it came from."""

    turn: int
    action: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One thing that left or would have left, with the gate's answer."""

    id: UUID
    parts: tuple[Part, ...]
    title: str
    icon: str
    to: str
    text: str
    state: str
    gate: Gate
    attempts: int
    vendor_id: str
    made_at: datetime
    sent_at: datetime | None
    left: str
    origin: Origin | None
    conversation_id: UUID | None
    sandbox: bool

    @property
    def at(self) -> datetime:
        """When it left, else when it was put into the outbox."""
        return self.sent_at or self.made_at


def deliveries(conversation: Conversation) -> list[DeliveryView]:
    """Everything this conversation put into the outbox."""
    rows = Delivery.objects.filter(conversation_id=conversation.pk)
    return delivery_views(rows.select_related("contact").order_by("created_at"))


def delivery_views(rows: Iterable[Delivery]) -> list[DeliveryView]:
    """With where each came from: one more query."""
    known = list(rows)
    labels = picks.labels(refs_in(known))
    ids = [row.run_id for row in known if row.run_id]
    runs = ActionRun.objects.filter(pk__in=ids).select_related("turn") if ids else ()
    origins = {run.pk: Origin(run.turn.number, _label(run.type)) for run in runs}
    return [_view(row, origins, labels) for row in known]


def _label(slug: str) -> str:
    kind = registry.get(slug)
    return kind.label if kind else slug.replace("_", " ").capitalize()


def _view(row: Delivery, origins: Mapping[UUID, Origin], labels: Mapping[str, str]) -> DeliveryView:
    return DeliveryView(
        id=row.pk,
        parts=parts_of(row, labels),
        title=row.title,
        icon=DELIVERY_ICONS.get(row.kind, "send"),
        to=row.to,
        text=str(row.payload.get("text") or row.payload.get("body") or ""),
        state=row.get_state_display(),
        gate=gate_of(row),
        attempts=row.attempts,
        vendor_id=row.vendor_id,
        made_at=row.created_at,
        sent_at=row.sent_at,
        left=NOT_LEFT.get(Delivery.State(row.state), "was not sent"),
        origin=origins.get(row.run_id) if row.run_id else None,
        conversation_id=row.conversation_id,
        sandbox=row.sandbox,
    )


def gate_of(row: Delivery) -> Gate:
    """What was decided; where the gate was not asked yet, where the delivery stands."""
    record: Mapping[str, Any] = row.gate
    verdict, tone = _verdict(row)
    purpose = str(record.get("purpose") or row.purpose)
    return Gate(
        verdict=verdict,
        tone=tone,
        sentence=str(record.get("sentence") or OBSTACLES.get(row.reason, row.reason)),
        purpose=PURPOSES.get(purpose, purpose.replace("_", " ")),
        checks=tuple(
            GateCheck(str(one["title"]), bool(one["held"]), str(one["words"]))
            for one in record.get("checks", ())
        ),
        at=_time(record.get("at")),
        until=_time(record.get("until")),
    )


def _time(text: object) -> datetime | None:
    return parse_datetime(text) if isinstance(text, str) else None


def _verdict(row: Delivery) -> tuple[str, str]:
    said = str(row.gate.get("decision", ""))
    if said in VERDICTS:
        return VERDICTS[said]
    tones = {Delivery.State.SENT: "ok", Delivery.State.DENIED: "bad", Delivery.State.FAILED: "bad"}
    state = Delivery.State(row.state)
    return state.label.lower(), tones.get(state, "warn")
