"""Who was rung in a transfer and what they did, as plain views for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agents.conversations.models import ActionRun, Conversation, Turn


@dataclass(frozen=True, slots=True)
class OpenLeg:
    """The destination that is rung at this moment."""

    label: str
    doing: str
    warm: bool
    members: tuple[str, ...]
    in_turn: bool
    each: int
    """Seconds that each one rings."""
    seconds: int
    elapsed: int
    hears: str
    gap: str
    """Why nobody is rung."""

    @property
    def who(self) -> str:
        """The people behind a group or an inbox, as they are rung."""
        return _people(self.members, in_turn=self.in_turn)


def legs_of(run: ActionRun) -> tuple[str, ...]:
    """Everybody whom a transfer rang, in words."""
    transfer = getattr(run, "transfer", None)
    if transfer is None:
        return ()
    return tuple(_leg_words(leg, transfer.plan) for leg in transfer.legs.all())


def _target(leg: Any, plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the plan says about whom a leg rings; the inbox that it falls back to comes last."""
    targets = plan.get("targets", ())
    return targets[leg.position] if leg.position < len(targets) else plan.get("fallback_behind", {})


def _people(names: Sequence[str], *, in_turn: bool) -> str:
    """Members of a group as they are rung."""
    if in_turn:
        return ", then ".join(names)
    return f"{', '.join(names)}{' at once' if len(names) > 1 else ''}"


def open_leg(conversation: Conversation, turn: Turn) -> OpenLeg | None:
    """The destination that rings at this moment, if the transfer of this turn is not over."""
    transfers = (getattr(run, "transfer", None) for run in turn.runs.all())
    legs = [(one, leg) for one in transfers if one for leg in one.legs.all()]
    transfer, leg = next(((t, leg) for t, leg in legs if leg.ended_at is None), (None, None))
    if transfer is None or leg is None:
        return None
    target = _target(leg, transfer.plan)
    members, in_turn = tuple(target.get("members", ())), bool(target.get("in_turn"))
    each = target.get("ring_seconds", 20)
    now = timezone.now() + timedelta(seconds=conversation.clock_offset)
    return OpenLeg(
        label=leg.label,
        doing=leg.state,
        warm=bool(transfer.plan.get("warm")),
        members=members,
        in_turn=in_turn,
        each=each,
        gap=target.get("gap", ""),
        seconds=0 if target.get("gap") else each * max(1, len(members) if in_turn else 1),
        elapsed=_seconds(leg.started_at, now),
        hears=transfer.plan.get("whispered", "") if leg.state == "hearing" else "",
    )


LEGS = {"machine": "voicemail", "caller_gone": "the caller hung up"}
HEARD = {
    "answered": "pressed 1 and was connected",
    "no_answer": "pressed nothing",
    "failed": "was cut off",
}


def _leg_words(leg: Any, plan: Mapping[str, Any]) -> str:
    """Whom it rang, for how long, what they heard and did."""
    target = _target(leg, plan)
    who = _people(target.get("members", ()), in_turn=bool(target.get("in_turn")))
    name = f"{leg.label} ({who})" if who and who != leg.label else leg.label
    state = LEGS.get(leg.state, leg.state.replace("_", " "))
    if target.get("gap"):
        return f"{name}: not rung. {target['gap']}"
    if leg.heard_at:
        picked_up = f"{name}: picked up after {_seconds(leg.started_at, leg.heard_at)} s"
        if leg.ended_at is None:
            return picked_up
        return f"{picked_up}, heard “{plan.get('whispered', '')}”, {HEARD.get(leg.state, state)}"
    if leg.ended_at is None:
        return f"{name}: {state}"
    return f"{name}: {state} after {_seconds(leg.started_at, leg.ended_at)} s"


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, round((end - start).total_seconds()))
