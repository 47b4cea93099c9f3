"""The pure machine: every sequence of events ends, with exactly one outcome."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.transfers.machine import (
    ACCEPTS,
    Outcome,
    Stage,
    Standing,
    TransferStep,
    advance,
    destinations,
    first_step,
)

NOBODY = ["declined", "no_answer", "busy", "failed", "machine"]
ANA = {"ref": "person:1", "label": "Ana", "ring_seconds": 20}
TEAM = {"ref": "ring_group:1", "label": "Team", "ring_seconds": 30}
DESK = {"ref": "inbox:1", "label": "Desk", "ring_seconds": 15}


def plan(*targets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "targets": list(targets),
        "fallback": "agent",
        "fallback_ref": "",
        "fallback_label": "",
        "fallback_words": "Nobody is free.",
    } | changes


def play(the_plan: dict[str, Any], *events: str) -> list[TransferStep]:
    steps = [first_step(the_plan)]
    standing = Standing()
    for event in events:
        step = advance(the_plan, standing, Outcome(event))
        steps.append(step)
        if step.next != "unchanged":
            standing = Standing(step.position, step.stage)
    return steps


def story(the_plan: dict[str, Any], *events: str) -> list[tuple[str, str]]:
    return [(step.next, step.label) for step in play(the_plan, *events)]


def test_the_first_who_answers_gets_the_call() -> None:
    told = story(plan(ANA, TEAM), "declined", "answered")
    assert told == [("ring", "Ana"), ("ring", "Team"), ("answered", "Team")]


@pytest.mark.parametrize("outcome", NOBODY)
def test_nobody_left_goes_back_to_the_agent_with_its_words(outcome: str) -> None:
    last = play(plan(ANA), outcome)[-1]
    assert (last.next, last.words, last.outcome) == ("fallback_agent", "Nobody is free.", outcome)
    assert last.final


@pytest.mark.parametrize("outcome", NOBODY)
def test_or_to_the_end(outcome: str) -> None:
    last = play(plan(ANA, fallback="end"), outcome)[-1]
    assert (last.next, last.words, last.outcome) == ("end", "Nobody is free.", outcome)


def test_or_to_an_inbox_that_rings_first_and_then_takes_a_message() -> None:
    the_plan = plan(ANA, fallback="inbox", fallback_ref="inbox:1", fallback_label="Desk")
    steps = play(the_plan, "busy", "no_answer", "message_taken")
    assert [(step.next, step.label) for step in steps] == [
        ("ring", "Ana"),
        ("ring", "Desk"),
        ("fallback_inbox", "Desk"),
        ("end", "Desk"),
    ]
    assert steps[2].words == "Nobody is free."
    assert not steps[2].final
    assert steps[3].outcome == "message_taken"
    assert story(the_plan, "busy", "answered")[-1] == ("answered", "Desk")


def test_an_inbox_as_last_destination_takes_a_message_whatever_the_fallback() -> None:
    for fallback in ("agent", "end", "inbox"):
        the_plan = plan(ANA, DESK, fallback=fallback, fallback_ref="inbox:2")
        assert len(destinations(the_plan)) == 2
        assert story(the_plan, "busy", "declined")[-1] == ("fallback_inbox", "Desk")


def test_an_inbox_in_between_only_rings() -> None:
    assert story(plan(DESK, ANA), "no_answer")[-1] == ("ring", "Ana")


@pytest.mark.parametrize(
    ("fallback", "then"), [("agent", "fallback_agent"), ("inbox", "fallback_agent"), ("end", "end")]
)
def test_a_recording_that_fails_falls_back(fallback: str, then: str) -> None:
    the_plan = plan(DESK, fallback=fallback, fallback_ref="inbox:1")
    assert play(the_plan, "no_answer", "failed")[-1].next == then


def test_a_fallback_inbox_that_is_not_named_is_the_agent() -> None:
    assert play(plan(ANA, fallback="inbox"), "busy")[-1].next == "fallback_agent"


@pytest.mark.parametrize("before", [[], ["busy"], ["busy", "no_answer"]])
def test_a_caller_who_hangs_up_ends_it_anywhere(before: list[str]) -> None:
    last = play(plan(ANA, DESK), *before, "caller_gone")[-1]
    assert (last.next, last.outcome, last.final) == ("gone", "caller_gone", True)


def test_what_does_not_fit_changes_nothing() -> None:
    assert play(plan(ANA), "message_taken")[-1].next == "unchanged"
    assert play(plan(DESK), "no_answer", "answered")[-1].next == "unchanged"
    assert play(plan(ANA), "answered", "caller_gone")[-1].next == "unchanged"


targets = st.lists(st.sampled_from([ANA, TEAM, DESK]), min_size=1, max_size=5)
plans = st.builds(
    lambda them, fallback, ref: plan(
        *them, fallback=fallback, fallback_ref=ref, fallback_label="Desk"
    ),
    targets,
    st.sampled_from(["agent", "inbox", "end"]),
    st.sampled_from(["", "inbox:1", "person:1"]),
)


@given(plans, st.lists(st.sampled_from(list(Outcome)), max_size=40))
def test_there_is_never_more_than_one_final_outcome(
    the_plan: dict[str, Any], events: list[str]
) -> None:
    steps = play(the_plan, *events)
    finals = [step for step in steps if step.final]
    assert len(finals) <= 1
    for step in finals:
        assert step.outcome in set(Outcome)
        after = steps[steps.index(step) + 1 :]
        assert {one.next for one in after} <= {"unchanged"}


@given(plans, st.data())
def test_every_sequence_of_events_ends(the_plan: dict[str, Any], data: st.DataObject) -> None:
    standing, taken, outcome = Standing(), 0, ""
    while standing.stage != Stage.OVER:
        event = data.draw(st.sampled_from(sorted(ACCEPTS[standing.stage])))
        step = advance(the_plan, standing, event)
        assert step.next != "unchanged"
        assert step.position in (standing.position, standing.position + 1)
        standing, taken, outcome = Standing(step.position, step.stage), taken + 1, step.outcome
    assert taken <= len(destinations(the_plan)) + 1
    assert outcome in set(Outcome)


@given(plans, st.lists(st.sampled_from(NOBODY), min_size=12, max_size=12))
def test_everybody_is_rung_in_order_once(the_plan: dict[str, Any], events: list[str]) -> None:
    rung = [step.position for step in play(the_plan, *events) if step.next == "ring"]
    assert rung == list(range(len(destinations(the_plan))))
