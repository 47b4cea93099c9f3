"""Endings in every order: the rest first, then the barrier, one leaves, then the closing turn."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any

import orjson
import pytest

from agents.conversations.models import ActionRun, Turn
from agents.conversations.reasons import FIRED
from agents.outbox.models import Delivery
from agents.transfers.models import Transfer
from tests.engine.inline import beside
from tests.engine.slow import threads as threads
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_ways")]
SURE = {"t_save": 0.99, "t_look": 0.99, "t_move": 0.99, "t_bye": 0.99, "t_note": 0.99}
SURE |= {"t_ticket": 0.99, "t_slow": 0.99}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "t_save": {"value": "v"},
    "t_move": {"reason": "help"},
    "t_ticket": {"name": "Maria"},
}
DURING = ("t_save", "t_note", "t_move", "t_bye")
EVENTS = ("t_save", "t_note", "t_ticket")
FIRED_CODES = {str(code) for code in FIRED}


def _call(slug: str) -> Any:
    return call(slug, **ARGUMENTS.get(slug, {}))


def _ordered(orders: Any) -> list[Any]:
    return [pytest.param(list(order), id=" ".join(order)) for order in orders]


def _ended(world: World) -> list[tuple[str, str]]:
    return [entry for entry in world.runs() if entry[0] in ("t_move", "t_bye")]


@pytest.mark.parametrize("order", _ordered([*permutations(DURING, 2), *permutations(DURING, 3)]))
def test_the_list_order_decides_which_ending_leaves_and_never_what_runs_before(
    order: list[str],
) -> None:
    world = make_world(
        [action(slug) for slug in order],
        Reply("", [_call(slug) for slug in reversed(order)]),
        verdicts=SURE,
        channel="voice",
    )
    done_when_spoken: list[set[str]] = []
    world.heard.on_piece = lambda piece: done_when_spoken.append(
        {type for type, status in world.runs() if status == "done"}
    )
    world.say("go")
    endings = [slug for slug in order if slug in ("t_move", "t_bye")]
    others = {slug for slug in order if slug not in endings}
    codes = world.codes(0)
    assert {slug for slug in order if codes[slug] in FIRED_CODES} == others | set(endings[:1])
    assert [codes[slug] for slug in endings[1:]] == ["conversation_over"] * len(endings[1:])
    assert len(_ended(world)) == min(len(endings), 1)
    if endings:
        expected = {"t_move": "ringing", "t_bye": "ended"}[endings[0]]
        assert world.row().state == expected
        assert all(others <= done for done in done_when_spoken), "the rest ends before the closing"
    else:
        assert world.row().state == "open"
    assert {type for type, status in world.runs() if status == "done"} >= others


@pytest.mark.parametrize("order", _ordered(permutations((*EVENTS, "t_move"), 3)))
def test_before_a_hand_off_everything_runs_and_then_it_leaves(order: list[str]) -> None:
    if "t_move" not in order:
        order = [*order[:1], "t_move", *order[1:]]
    events = [slug for slug in order if slug != "t_move"]
    world = make_world(
        [action(slug, moment="during" if slug == "t_move" else "before_handoff") for slug in order],
        Reply("", [call("t_move", reason="help")]),
        Reply("", [_call(slug) for slug in reversed(events)]),
        verdicts=SURE,
        channel="voice",
    )
    ringing: list[bool] = []
    world.heard.on_piece = lambda piece: ringing.append(beside(Transfer.objects.exists))
    world.say("a person please")
    assert ringing == [False] and Transfer.objects.count() == 1
    assert dict(world.runs()) == {**dict.fromkeys(events, "done"), "t_move": "running"}
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="handoff")
    codes = {entry["type"]: entry["code"] for entry in turn.decisions}
    assert codes == {**dict.fromkeys(events, "fired"), "t_move": "wrong_moment"}
    assert Delivery.objects.count() == ("t_ticket" in events)


@pytest.mark.parametrize("ending", ["t_bye", "t_move"])
@pytest.mark.parametrize("order", _ordered(permutations(EVENTS, 2)))
def test_after_the_end_the_closing_turn_runs(order: list[str], ending: str) -> None:
    world = make_world(
        [
            action(order[0], moment="after_end"),
            action(ending),
            action(order[1], moment="after_end"),
        ],
        Reply("", [_call(ending)]),
        Reply("", [_call(slug) for slug in order]),
        verdicts=SURE,
        channel="voice",
    )
    world.say("bye")
    if ending == "t_move":
        assert not Turn.objects.filter(
            conversation_id=world.conversation.id, kind="closing"
        ).exists()
        world.do(world.session.leg("answered"))
    assert dict(world.runs()) == dict.fromkeys([*order, ending], "done")
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="closing")
    assert [e["code"] for e in turn.decisions] == ["fired", "wrong_moment", "fired"]
    ended = ActionRun.objects.get(conversation_id=world.conversation.id, type=ending)
    closing = ActionRun.objects.filter(conversation_id=world.conversation.id, turn=turn)
    assert all(run.at >= ended.at for run in closing) and not closing.filter(type=ending)


@pytest.mark.parametrize("order", _ordered(permutations(("t_save", "t_note", "t_bye"), 2)))
def test_when_nobody_answers_every_order_is_legal(order: list[str]) -> None:
    world = make_world(
        [action(slug, "", moment="no_answer") for slug in order],
        channel="voice",
        direction="outbound",
    )
    world.do(world.session.not_answered("busy"))
    assert world.codes() == dict.fromkeys(order, "fired_by_rule")
    assert world.row().state == "ended" and not world.chat.requests


def test_a_watched_ending_does_not_leave_and_is_marked() -> None:
    world = make_world(
        [action("t_move", mode="shadow"), action("t_bye", mode="shadow")],
        Reply("Let me see.", [_call("t_move"), _call("t_bye")]),
        verdicts=SURE,
        channel="voice",
    )
    world.say("a person please")
    assert world.codes() == {"t_move": "shadow", "t_bye": "shadow"}
    assert world.row().state == "open" and not Transfer.objects.exists()
    assert world.heard.all.strip() == "Let me see."


def test_a_watched_consequential_action_asks_nothing() -> None:
    world = make_world(
        [action("t_move", mode="shadow")],
        Reply("", [_call("t_move")]),
        "How can I help?",
        verdicts={"t_move": 0.1},
        channel="voice",
    )
    world.say("hm")
    assert world.heard.all.strip() == "How can I help?" and world.row().memory["script"] == {}


def test_what_is_watched_at_a_hand_off_changes_nothing() -> None:
    world = make_world(
        [action("t_move"), action("t_ticket", moment="before_handoff", mode="shadow")],
        Reply("", [_call("t_move")]),
        Reply("", [_call("t_ticket")]),
        verdicts=SURE,
        channel="voice",
    )
    world.say("a person please")
    assert world.row().state == "ringing" and not Delivery.objects.exists()
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="handoff")
    assert [e["code"] for e in turn.decisions] == ["wrong_moment", "shadow"]


# --- the barrier's time ----------------------------------------------------------------------


def test_the_transfer_leaves_when_the_barriers_time_is_over(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "barrier": 0.05}
    world = make_world(
        [action("t_move"), action("t_note", moment="before_handoff")],
        Reply("", [_call("t_move")]),
        Reply("", [_call("t_note")], delay=2),
        verdicts={"t_move": 0.99, "t_note": 0.99},
        channel="voice",
    )
    world.say("a person please")
    assert world.row().state == "ringing"
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="handoff")
    assert [e["code"] for e in turn.decisions] == ["wrong_moment", "time_limit"]
    assert turn.notes and dict(world.runs()) == {"t_move": "running"}


async def _and_wait(work: Any) -> None:
    """Stay in the loop until what runs has come to its end."""
    await work
    await asyncio.sleep(0.5)


def test_what_runs_at_the_barriers_end_comes_to_its_own_end(settings: Any, threads: Any) -> None:
    from agents.engine.turn import Inbound

    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "barrier": 0.05}
    world = make_world(
        [
            action("t_move"),
            action("t_slow", moment="before_handoff"),
            action("t_slow_ticket", moment="before_handoff"),
            action("t_note", moment="before_handoff"),
        ],
        Reply("", [_call("t_move")]),
        Reply("", [call("t_slow"), call("t_slow_ticket"), call("t_note")]),
        verdicts=SURE | {"t_slow_ticket": 0.99},
        channel="voice",
    )
    world.session.engine.asking = threads
    world.do(_and_wait(world.session.say(Inbound("a person please"))))
    assert world.row().state == "ringing" and not Delivery.objects.exists()
    assert dict(world.runs()) == {"t_move": "running", "t_slow": "done"}
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="handoff")
    codes = {entry["type"]: entry["code"] for entry in turn.decisions}
    assert codes["t_slow"] == "fired"
    assert (codes["t_slow_ticket"], codes["t_note"]) == ("time_limit", "time_limit")


def test_a_ticket_that_is_not_ready_in_time_does_not_leave(settings: Any, threads: Any) -> None:
    from agents.engine.turn import Inbound

    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "barrier": 0.05}
    world = make_world(
        [action("t_move"), action("t_slow_ticket", moment="before_handoff")],
        Reply("", [_call("t_move")]),
        Reply("", [call("t_slow_ticket")]),
        verdicts=SURE | {"t_slow_ticket": 0.99},
        channel="voice",
    )
    world.session.engine.asking = threads
    world.do(_and_wait(world.session.say(Inbound("a person please"))))
    assert world.row().state == "ringing" and not Delivery.objects.exists()
    assert dict(world.runs()) == {"t_move": "running", "t_slow_ticket": "cancelled"}
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="handoff")
    assert [e["code"] for e in turn.decisions] == ["wrong_moment", "time_limit"]


def test_what_was_said_last_is_known_at_the_hand_off() -> None:
    world = make_world(
        [action("t_move"), action("t_ticket", moment="before_handoff")],
        Reply("", [_call("t_move")]),
        Reply("", [_call("t_ticket")]),
        verdicts=SURE,
        channel="voice",
    )
    world.say("My boiler shows E4, a person please")
    asked = orjson.dumps(world.chat.requests[1].messages).decode()
    assert asked.count("My boiler shows E4") == 1
    assert world.conversation.facts.said == ["My boiler shows E4, a person please"]
