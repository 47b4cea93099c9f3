"""The gate: every purpose against every fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from actions.facts import ContactFacts
from agents.outbox.gate import GateFacts, Purpose, may_contact

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TO_CONTACT = ["reply", "outreach", "notification"]


def code(facts: GateFacts, purpose: str, channel: str = "sms") -> str:
    verdict = may_contact(facts, channel=channel, purpose=purpose, now=NOW)
    assert verdict.sentence.endswith(".")
    return verdict.code


@pytest.mark.parametrize("purpose", list(Purpose))
def test_nothing_stands_against_it(purpose: str) -> None:
    assert code(GateFacts(), purpose) == "allowed"


@pytest.mark.parametrize("channel", ["sms", "voice", "chat"])
@pytest.mark.parametrize("purpose", TO_CONTACT)
def test_a_blocked_contact_gets_nothing(purpose: str, channel: str) -> None:
    assert code(GateFacts(blocked=True), purpose, channel) == "dnc"


@pytest.mark.parametrize("purpose", TO_CONTACT)
def test_an_sms_opt_out_is_about_sms(purpose: str) -> None:
    facts = GateFacts(sms_opted_out=True)
    assert code(facts, purpose, "sms") == "sms_opted_out"
    assert code(facts, purpose, "voice") == "allowed"


def test_disengaged_denies_outreach_only() -> None:
    facts = GateFacts(disengaged=True)
    assert code(facts, "outreach") == "disengaged"
    assert [code(facts, purpose) for purpose in ("reply", "notification")] == ["allowed"] * 2


def test_the_one_confirmation_passes_although_blocked() -> None:
    facts = GateFacts(blocked=True, sms_opted_out=True, opted_out_at=NOW - timedelta(minutes=1))
    assert code(facts, "opt_out_confirmation") == "allowed"


def test_a_second_confirmation_does_not() -> None:
    facts = GateFacts(blocked=True, opted_out_at=NOW, confirmed=True)
    assert code(facts, "opt_out_confirmation") == "already_confirmed"


def test_a_late_confirmation_does_not() -> None:
    facts = GateFacts(blocked=True, opted_out_at=NOW - timedelta(minutes=5, seconds=1))
    assert code(facts, "opt_out_confirmation") == "too_late"


def test_a_record_is_not_about_dnc_but_about_holds() -> None:
    everything = GateFacts(blocked=True, sms_opted_out=True, disengaged=True)
    assert code(everything, "record", "") == "allowed"
    assert code(GateFacts(hold="Too many complaints."), "record", "") == "hold"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_nothing_reaches_a_sample_contact(purpose: str) -> None:
    assert code(GateFacts(sample=True), purpose) == "sample_contact"


@pytest.mark.parametrize("reason", ["", "Wrong text sent.", "Wrong text sent"])
def test_a_hold_defers_until_it_is_lifted(reason: str) -> None:
    verdict = may_contact(GateFacts(hold=reason), channel="sms", purpose="reply", now=NOW)
    assert (verdict.decision, verdict.until, verdict.allowed) == ("defer", None, False)


def test_a_block_is_stronger_than_a_hold() -> None:
    assert code(GateFacts(blocked=True, hold="x."), "reply") == "dnc"


def test_an_unknown_purpose_never_passes() -> None:
    with pytest.raises(ValueError, match="marketing"):
        may_contact(GateFacts(), channel="sms", purpose="marketing", now=NOW)


def test_facts_of_a_sandbox() -> None:
    facts = GateFacts.of(ContactFacts(dnc=True, disengaged=True))
    assert facts == GateFacts(blocked=True, disengaged=True)


def test_the_record_keeps_every_check_up_to_the_one_that_decided() -> None:
    facts = GateFacts(sms_opted_out=True, hold="Maintenance")
    verdict = may_contact(facts, channel="sms", purpose="reply", now=NOW)
    record = verdict.as_json(channel="sms", purpose="reply", now=NOW)
    assert [(check["title"], check["held"]) for check in record["checks"]] == [
        ("Sample contact", True),
        ("Opt-out confirmation", True),
        ("DNC", True),
        ("SMS opt-out", False),
    ]
    assert record["checks"][-1]["words"] == record["sentence"]


@pytest.mark.parametrize(
    ("channel", "purpose", "words"),
    [
        ("", "record", "A record is not sent to the contact."),
        ("sms", "opt_out_confirmation", "The one confirmation of an opt-out is allowed."),
        ("sms", "reply", "The contact is not blocked."),
    ],
)
def test_a_check_that_does_not_apply_says_why(channel: str, purpose: str, words: str) -> None:
    checks = {
        check.title: check
        for check in may_contact(GateFacts(), channel=channel, purpose=purpose, now=NOW).checks
    }
    assert len(checks) == 6
    assert checks["DNC"].words == words
