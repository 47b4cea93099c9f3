"""The gate's rules together: what holds for every combination of facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.outbox.gate import CONFIRM_WITHIN, GateFacts, Purpose, Verdict, may_contact

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
steady = settings(deadline=None, derandomize=True)
MOMENT = timedelta(microseconds=1)
CONFIRMATION = Purpose.OPT_OUT_CONFIRMATION
LIMITS = [None, NOW, NOW - CONFIRM_WITHIN, NOW - CONFIRM_WITHIN - MOMENT, NOW + CONFIRM_WITHIN]

every_facts = st.builds(
    GateFacts,
    blocked=st.booleans(),
    sms_opted_out=st.booleans(),
    disengaged=st.booleans(),
    sample=st.booleans(),
    hold=st.sampled_from([None, "", "Wrong text."]),
    opted_out_at=st.sampled_from(LIMITS),
    confirmed=st.booleans(),
)
channels = st.sampled_from(["sms", "voice", "chat", "email", ""])
purposes = st.sampled_from(list(Purpose))
STOPS: list[dict[str, bool | str]] = [
    {"blocked": True},
    {"sms_opted_out": True},
    {"disengaged": True},
    {"sample": True},
    {"hold": "Stop."},
    {"confirmed": True},
]


def verdict(facts: GateFacts, channel: str = "sms", purpose: str = "reply") -> Verdict:
    return may_contact(facts, channel=channel, purpose=purpose, now=NOW)


@steady
@given(every_facts, channels, purposes, st.sampled_from(STOPS))
def test_one_more_stop_never_lets_something_through(
    facts: GateFacts, channel: str, purpose: str, stop: dict[str, bool | str]
) -> None:
    more = verdict(replace(facts, **stop), channel, purpose)  # type: ignore[arg-type]
    before = verdict(facts, channel, purpose)
    assert before.allowed or not more.allowed
    assert before.decision != "deny" or more.decision == "deny"


@steady
@given(every_facts, channels, purposes)
def test_a_hold_changes_only_what_would_have_left(
    facts: GateFacts, channel: str, purpose: str
) -> None:
    free = verdict(replace(facts, hold=None), channel, purpose)
    held = verdict(replace(facts, hold="Wrong text."), channel, purpose)
    assert held.code == ("hold" if free.allowed else free.code)
    assert held.until is None


@steady
@given(every_facts, channels, purposes)
def test_the_checks_end_with_the_one_that_decided(
    facts: GateFacts, channel: str, purpose: str
) -> None:
    found = verdict(facts, channel, purpose)
    assert [check.held for check in found.checks[:-1]] == [True] * (len(found.checks) - 1)
    assert found.checks[-1].held == found.allowed
    assert found.allowed == (len(found.checks) == 6 and found.checks[-1].held)
    assert len({check.title for check in found.checks}) == len(found.checks)
    assert all(check.words.endswith(".") for check in found.checks)
    if not found.allowed:
        assert found.checks[-1].words == found.sentence


@steady
@given(every_facts, channels, purposes)
def test_the_stored_answer_survives_json(facts: GateFacts, channel: str, purpose: str) -> None:
    found = verdict(facts, channel, purpose)
    stored = found.as_json(channel=channel, purpose=purpose, now=NOW)
    assert json.loads(json.dumps(stored)) == stored
    assert datetime.fromisoformat(stored["at"]) == NOW
    assert stored["checks"][-1]["held"] == (stored["decision"] == "allow")


@steady
@given(every_facts, channels)
def test_a_record_is_kept_back_by_a_sample_and_a_hold_alone(facts: GateFacts, channel: str) -> None:
    bare = GateFacts(sample=facts.sample, hold=facts.hold)
    assert verdict(facts, channel, "record").code == verdict(bare, channel, "record").code


@steady
@given(every_facts, channels)
def test_a_confirmation_is_kept_back_by_neither_block_nor_opt_out(
    facts: GateFacts, channel: str
) -> None:
    free = replace(facts, blocked=False, sms_opted_out=False, disengaged=False)
    assert verdict(facts, channel, CONFIRMATION).code == verdict(free, channel, CONFIRMATION).code


@steady
@given(every_facts, channels, st.sampled_from(["reply", "notification"]))
def test_replies_and_notifications_go_on_where_outreach_has_ended(
    facts: GateFacts, channel: str, purpose: str
) -> None:
    engaged = replace(facts, disengaged=False)
    assert verdict(facts, channel, purpose).code == verdict(engaged, channel, purpose).code
    assert verdict(engaged, channel, "outreach").code == verdict(engaged, channel, purpose).code


@steady
@given(every_facts, st.sampled_from(["voice", "chat", "email", ""]), purposes)
def test_an_opt_out_of_text_messages_leaves_the_other_ways_open(
    facts: GateFacts, channel: str, purpose: str
) -> None:
    taking = replace(facts, sms_opted_out=False)
    assert verdict(facts, channel, purpose).code == verdict(taking, channel, purpose).code


@steady
@given(every_facts, channels, st.sampled_from(["reply", "outreach", "notification", "record"]))
def test_the_confirmation_of_an_opt_out_is_nobody_elses_business(
    facts: GateFacts, channel: str, purpose: str
) -> None:
    fresh = replace(facts, opted_out_at=None, confirmed=False)
    assert verdict(facts, channel, purpose).code == verdict(fresh, channel, purpose).code


@pytest.mark.parametrize(
    ("ago", "code"),
    [
        (timedelta(0), "allowed"),
        (CONFIRM_WITHIN, "allowed"),
        (CONFIRM_WITHIN + MOMENT, "too_late"),
        (-timedelta(seconds=2), "allowed"),  # clocks of two machines differ a little
    ],
)
def test_the_last_moment_of_a_confirmation(ago: timedelta, code: str) -> None:
    facts = GateFacts(blocked=True, opted_out_at=NOW - ago)
    assert verdict(facts, purpose=CONFIRMATION).code == code


@pytest.mark.parametrize(
    ("facts", "purpose", "code"),
    [
        (GateFacts(sample=True, blocked=True, hold=""), "outreach", "sample_contact"),
        (GateFacts(sample=True, confirmed=True), "opt_out_confirmation", "sample_contact"),
        (GateFacts(blocked=True, sms_opted_out=True, disengaged=True), "outreach", "dnc"),
        (GateFacts(sms_opted_out=True, disengaged=True), "outreach", "sms_opted_out"),
        (GateFacts(disengaged=True, hold=""), "outreach", "disengaged"),
        (GateFacts(confirmed=True, hold=""), "opt_out_confirmation", "already_confirmed"),
        (GateFacts(blocked=True, hold=""), "opt_out_confirmation", "hold"),
    ],
)
def test_what_is_told_where_several_things_stand_against_it(
    facts: GateFacts, purpose: str, code: str
) -> None:
    assert verdict(facts, purpose=purpose).code == code


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Stopped by a hold."),
        ("Wrong text", "Stopped by a hold: Wrong text."),
        ("Wrong text...", "Stopped by a hold: Wrong text."),
    ],
)
def test_the_reason_of_a_hold_makes_one_sentence(reason: str, sentence: str) -> None:
    assert verdict(GateFacts(hold=reason)).sentence == sentence
