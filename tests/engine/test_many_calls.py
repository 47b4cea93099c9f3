"""Several calls of one tool, in one message and in the rounds after it: each gets its result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agents.conversations.models import ActionRun
from agents.engine.limits import ROUNDS
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = pytest.mark.django_db
SURE = {"t_save": 0.99, "t_look": 0.99, "t_pick": 0.99, "t_note": 0.99}


def _save(*values: str) -> Reply:
    return Reply("", [call("t_save", value=value) for value in values])


def _values(world: World) -> list[str]:
    rows = ActionRun.objects.filter(type="t_save", status="done").order_by("at")
    return [row.arguments["value"] for row in rows]


def _results(world: World, number: int = -1) -> dict[str, list[str]]:
    """The results that stand in a request, by call; each call's id was named once."""
    messages = world.chat.requests[number].messages
    named = [one["id"] for m in messages for one in m.get("tool_calls") or ()]
    assert len(named) == len(set(named))
    found: dict[str, list[str]] = {one: [] for one in named}
    for message in messages:
        if message["role"] == "tool":
            found[message["tool_call_id"]].append(message["content"])
    return found


def _answered(world: World) -> None:
    """In every request each call has exactly one result, right after the message that made it."""
    for number, request in enumerate(world.chat.requests):
        assert all(len(one) == 1 for one in _results(world, number).values())
        open_: list[str] = []
        for message in request.messages:
            if message["role"] == "tool":
                assert message["tool_call_id"] == open_.pop(0)
            else:
                assert not open_
                open_ = [one["id"] for one in message.get("tool_calls") or ()]
        assert not open_


def _entry(world: World, slug: str) -> dict[str, Any]:
    turn = world.turns[-1]
    return next(dict(e) for e in turn.listed() if e["type"] == slug)


def test_several_calls_in_one_message_all_run_under_one_decision() -> None:
    world = make_world([action("t_save")], _save("a", "b", "c"), "All saved.", verdicts=SURE)
    world.say("a, b and c")
    assert _values(world) == ["a", "b", "c"]
    assert world.runs() == [("t_save", "done")] * 3 and world.codes() == {"t_save": "fired"}
    assert world.heard.all.strip() == "All saved."
    assert len(_results(world)) == 3
    _answered(world)


def test_further_calls_over_the_rounds_run_and_the_tool_stays_offered() -> None:
    world = make_world(
        [action("t_save"), action("t_look")],
        Reply("", [call("t_save", value="a"), call("t_look")]),
        _save("b"),
        _save("c"),
        "All saved.",
        verdicts=SURE,
    )
    world.say("a, b and c")
    assert _values(world) == ["a", "b", "c"]
    assert all("t_save" in world.chat.tools(number) for number in (1, 2))
    assert world.codes() == {"t_save": "fired", "t_look": "fired"}
    assert world.heard.all.strip() == "All saved."
    _answered(world)
    assert len(_results(world)) == 4


def test_the_same_call_again_runs_once_and_is_told_so() -> None:
    world = make_world([action("t_save")], _save("a", "a"), _save("a"), "Saved.", verdicts=SURE)
    world.say("a")
    assert _values(world) == ["a"] and world.heard.all.strip() == "Saved."
    _answered(world)
    assert sum("Already done" in one[0] for one in _results(world).values()) == 2


def test_one_of_several_that_fails_does_not_keep_the_others() -> None:
    world = make_world([action("t_save")], _save("a", "bad", "b"), "Two saved.", verdicts=SURE)
    world.say("a, bad and b")
    assert _values(world) == ["a", "b"]
    assert "“bad” cannot be saved." in [one[0] for one in _results(world).values()]
    _answered(world)


def test_a_call_with_wrong_values_beside_a_right_one_is_refused_alone() -> None:
    wrong = call("t_save", value=3)
    world = make_world(
        [action("t_save")], Reply("", [call("t_save", value="a"), wrong]), "One.", verdicts=SURE
    )
    world.say("a and 3")
    assert _values(world) == ["a"]
    assert _results(world)[wrong.id][0].startswith("Refused:")
    assert "value" in _entry(world, "t_save")["note"]
    _answered(world)


def test_a_tool_for_one_call_refuses_the_second_in_words_that_stand_in_its_decision() -> None:
    second = call("t_pick", choice="blue")
    world = make_world(
        [action("t_pick")],
        Reply("", [call("t_pick", choice="red"), second]),
        "Red it is.",
        verdicts=SURE,
    )
    world.say("red and blue")
    assert world.runs() == [("t_pick", "done")]
    told = _results(world)[second.id][0]
    assert told.startswith("Refused: only one call")
    entry = _entry(world, "t_pick")
    assert entry["code"] == "fired" and told in entry["note"]
    _answered(world)


def test_a_tool_for_one_call_is_told_in_a_later_round_that_it_is_done() -> None:
    again = call("t_look")
    world = make_world(
        [action("t_look"), action("t_save")],
        Reply("", [call("t_look")]),
        Reply("", [again]),
        "It is 42.",
        verdicts={"t_look": 0.99},
    )
    world.say("look twice")
    assert world.runs() == [("t_look", "done")] and world.heard.all.strip() == "It is 42."
    assert _results(world)[again.id][0]
    _answered(world)


def test_after_the_last_round_what_was_done_is_said() -> None:
    replies = [_save(f"v{number}") for number in range(ROUNDS + 2)]
    world = make_world([action("t_save")], *replies, verdicts=SURE)
    turn = world.say("go on and on")
    assert len(world.chat.requests) == ROUNDS
    assert world.chat.tools(ROUNDS - 1) == [], "the last answer can only be words"
    done = _values(world)
    assert done == [f"v{number}" for number in range(ROUNDS - 1)]
    assert all(f"Saved {value}" in turn.spoken for value in done)
    assert "cannot answer" not in turn.spoken
    _answered(world)


@pytest.mark.parametrize("name", ["", "call_0"])
def test_calls_that_a_server_does_not_tell_apart_get_each_their_own_result(name: str) -> None:
    def named(*values: str) -> Reply:
        return Reply("", [replace(call("t_save", value=value), id=name) for value in values])

    world = make_world([action("t_save")], named("a", "bad"), named("c"), "Saved.", verdicts=SURE)
    world.say("a, bad and c")
    assert _values(world) == ["a", "c"]
    _answered(world)
    told = [one[0] for one in _results(world).values()]
    assert told == ["Done.", "“bad” cannot be saved.", "Done."]


def test_several_calls_of_a_watched_action_are_watched_alike() -> None:
    world = make_world(
        [action("t_save", mode="shadow")], _save("a", "b"), "All right.", verdicts=SURE
    )
    world.say("a and b")
    assert world.codes() == {"t_save": "shadow"}
    assert "email" not in world.conversation.facts.contact.values
    _answered(world)


@pytest.mark.parametrize("repeat", ["once", "once_per_contact"])
def test_what_runs_once_runs_once_whatever_the_model_asks(repeat: str) -> None:
    world = make_world(
        [action("t_save", repeat=repeat)], _save("a", "b"), _save("c"), "Saved.", verdicts=SURE
    )
    world.say("a, b, c")
    assert _values(world) == ["a"]
    _answered(world)
