"""The gate: whether something may leave now. A pure function over facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from actions.facts import ContactFacts

CONFIRM_WITHIN = timedelta(minutes=5)  # the law's limit for the one confirmation of an opt-out


class Purpose(StrEnum):
    """Why something leaves; a record (ticket, CRM) does not go to a contact."""

    REPLY = "reply"
    OUTREACH = "outreach"
    NOTIFICATION = "notification"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the gate looks at. `hold` is the reason of the stop in force, None where none is."""

    blocked: bool = False
    sms_opted_out: bool = False
    disengaged: bool = False
    sample: bool = False
    hold: str | None = None
    opted_out_at: datetime | None = None
    confirmed: bool = False

    @classmethod
    def of(cls, contact: ContactFacts) -> GateFacts:
        """The facts of a sandbox conversation, where a sample contact is as good as a real one."""
        return cls(
            blocked=contact.dnc,
            sms_opted_out=contact.sms_opted_out,
            disengaged=contact.disengaged,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer; a stop defers without a time, until it is lifted."""

    decision: Literal["allow", "defer", "deny"]
    code: str
    sentence: str
    until: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Whether it may leave now."""
        return self.decision == "allow"

    def as_json(self, *, channel: str, purpose: str, now: datetime) -> dict[str, Any]:
        """What is stored on the Delivery."""
        return {
            "decision": self.decision,
            "code": self.code,
            "sentence": self.sentence,
            "until": self.until.isoformat() if self.until else None,
            "channel": channel,
            "purpose": purpose,
            "at": now.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class _Case:
    facts: GateFacts
    channel: str
    purpose: Purpose
    now: datetime


def may_contact(facts: GateFacts, *, channel: str, purpose: str, now: datetime) -> Verdict:
    """Allowed, deferred or denied: the first rule that objects decides."""
    case = _Case(facts, channel, Purpose(purpose), now)
    for rule in RULES:
        if verdict := rule(case):
            return verdict
    return Verdict("allow", "allowed", "Nothing stands against it.")


def _sample(case: _Case) -> Verdict | None:
    if not case.facts.sample:
        return None
    return Verdict("deny", "sample_contact", "A sample contact: nothing reaches it.")


def _confirmation(case: _Case) -> Verdict | None:
    """The one confirmation passes although blocked: once, and soon after the opt-out."""
    if case.purpose != Purpose.OPT_OUT_CONFIRMATION:
        return None
    if case.facts.confirmed:
        return Verdict("deny", "already_confirmed", "The opt-out was confirmed already.")
    at = case.facts.opted_out_at
    if at and case.now - at > CONFIRM_WITHIN:
        return Verdict(
            "deny", "too_late", "An opt-out is confirmed within 5 minutes or not at all."
        )
    return None


def _to_contact(case: _Case) -> bool:
    return case.purpose not in (Purpose.RECORD, Purpose.OPT_OUT_CONFIRMATION)


def _dnc(case: _Case) -> Verdict | None:
    if not (case.facts.blocked and _to_contact(case)):
        return None
    return Verdict("deny", "dnc", "The contact does not want to be called or written to.")


def _sms_opt_out(case: _Case) -> Verdict | None:
    if not (case.facts.sms_opted_out and case.channel == "sms" and _to_contact(case)):
        return None
    return Verdict("deny", "sms_opted_out", "The contact does not want text messages.")


def _disengaged(case: _Case) -> Verdict | None:
    if not (case.facts.disengaged and case.purpose == Purpose.OUTREACH):
        return None
    return Verdict("deny", "disengaged", "The contact is disengaged: no outreach any more.")


def _hold(case: _Case) -> Verdict | None:
    if case.facts.hold is None:
        return None
    why = f": {case.facts.hold.rstrip('.')}" if case.facts.hold else ""
    return Verdict("defer", "hold", f"Stopped by a hold{why}.")


Rule = Callable[[_Case], Verdict | None]
RULES: tuple[Rule, ...] = (_sample, _confirmation, _dnc, _sms_opt_out, _disengaged, _hold)
