"""The gate: whether something may leave now. A pure function over facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NamedTuple

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
    invented: bool = False
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


class RuleResult(NamedTuple):
    """One thing the gate looked at, and what it found, in words."""

    title: str
    held: bool
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer; a stop defers without a time, until it is lifted."""

    decision: Literal["allow", "defer", "deny"]
    code: str
    sentence: str
    until: datetime | None = None
    checks: tuple[RuleResult, ...] = ()

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
            "checks": [check._asdict() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class _Case:
    facts: GateFacts
    channel: str
    purpose: Purpose
    now: datetime


@dataclass(frozen=True, slots=True)
class _Rule:
    """One thing the gate looks at: what objects, and what is on record where nothing does."""

    title: str
    objects: Callable[[_Case], Verdict | None]
    held: str
    spares: Callable[[_Case], str] = lambda case: ""


def may_contact(facts: GateFacts, *, channel: str, purpose: str, now: datetime) -> Verdict:
    """Allowed, deferred or denied: the first rule that objects decides."""
    case = _Case(facts, channel, Purpose(purpose), now)
    checks: list[RuleResult] = []
    for rule in RULES:
        if verdict := rule.objects(case):
            return replace(
                verdict, checks=(*checks, RuleResult(rule.title, False, verdict.sentence))
            )
        checks.append(RuleResult(rule.title, True, rule.spares(case) or rule.held))
    return Verdict("allow", "allowed", "No restriction applies.", checks=tuple(checks))


def _sample(case: _Case) -> Verdict | None:
    if case.facts.invented:
        return Verdict("deny", "invented", "Part of the demo business: nothing of it is sent.")
    if not case.facts.sample:
        return None
    return Verdict("deny", "sample_contact", "A sample contact: nothing is sent to it.")


def _confirmation(case: _Case) -> Verdict | None:
    """The one confirmation passes although blocked: once, and soon after the opt-out."""
    if case.purpose != Purpose.OPT_OUT_CONFIRMATION:
        return None
    if case.facts.confirmed:
        return Verdict("deny", "already_confirmed", "The opt-out has already been confirmed.")
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
    return Verdict("deny", "disengaged", "The contact is disengaged: no more outreach.")


def _hold(case: _Case) -> Verdict | None:
    if case.facts.hold is None:
        return None
    why = f": {case.facts.hold.rstrip('.')}" if case.facts.hold else ""
    return Verdict("defer", "hold", f"Stopped by a hold{why}.")


def _not_confirming(case: _Case) -> str:
    spared = case.purpose != Purpose.OPT_OUT_CONFIRMATION
    return "Not an opt-out confirmation." if spared else ""


def _not_to_contact(case: _Case) -> str:
    if case.purpose == Purpose.RECORD:
        return "A record is not sent to the contact."
    return "" if _to_contact(case) else "The one confirmation of an opt-out is allowed."


def _not_sms(case: _Case) -> str:
    return _not_to_contact(case) or ("" if case.channel == "sms" else "Not a text message.")


def _no_outreach(case: _Case) -> str:
    return "" if case.purpose == Purpose.OUTREACH else "Not outreach."


RULES: tuple[_Rule, ...] = (
    _Rule("Sample contact", _sample, "Not held back as a sample."),
    _Rule("Opt-out confirmation", _confirmation, "The first one, and in time.", _not_confirming),
    _Rule("DNC", _dnc, "The contact is not blocked.", _not_to_contact),
    _Rule("SMS opt-out", _sms_opt_out, "The contact accepts text messages.", _not_sms),
    _Rule("Disengaged", _disengaged, "The contact is not disengaged.", _no_outreach),
    _Rule("Hold", _hold, "No hold is in force."),
)
