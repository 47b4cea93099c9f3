"""Silence: what waits for it keeps a thread open, and a call counts it once it is over."""

from __future__ import annotations

import pytest

from tests.engine.world import Reply, World, action, call, make_world

pytestmark = pytest.mark.django_db
HOUR, DAY = 3600, 24 * 3600


def note(**event: object) -> dict[str, object]:
    return action("summarize_note", "", moment="idle", event=event)


def skip(world: World, seconds: float) -> str:
    world.do(world.session.skip(seconds))
    return world.row().state


def test_a_thread_closes_after_its_time() -> None:
    world = make_world([])
    world.say("Hello")
    assert skip(world, 23 * HOUR) == "open"
    assert skip(world, HOUR) == "ended"


def test_an_idle_condition_that_waits_keeps_the_thread_open() -> None:
    world = make_world([note(kind="silent_days", n=3)])
    world.say("Hello")
    assert skip(world, DAY) == "open" and world.runs() == []
    assert skip(world, 2 * DAY) == "ended"
    assert world.runs() == [("summarize_note", "done")]


def test_a_call_counts_silence_once_it_is_over() -> None:
    world = make_world(
        [note(kind="silent_days", n=3), action("t_bye")],
        Reply("", [call("t_bye")]),
        verdicts={"t_bye": 0.99},
        channel="voice",
    )
    assert skip(world, 3 * DAY) == "open" and world.runs() == []
    world.say("That is all")
    assert skip(world, 3 * DAY) == "ended"
    assert world.runs() == [("t_bye", "done"), ("summarize_note", "done")]


def test_a_call_that_nobody_answered_counts_from_its_start() -> None:
    world = make_world([note(kind="silent_days", n=1)], channel="voice", direction="outbound")
    world.do(world.session.not_answered("busy"))
    skip(world, DAY)
    assert world.codes()["summarize_note"] == "fired_by_rule"
