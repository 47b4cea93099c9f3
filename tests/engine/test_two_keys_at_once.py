"""Chat and judge at the same time, what a verdict may still do, and how a turn ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from agents.conversations.models import ActionRun, Turn
from agents.engine.compiled import CompiledAction
from agents.engine.judging import JudgeAnswer, Judged, Reading
from integrations.llm.types import ChatRequest, Event, ModelError
from tests.engine.inline import beside
from tests.engine.test_speaking import staged
from tests.engine.world import Reply, ScriptedJudge, World, action, call, make_world

pytestmark = pytest.mark.django_db


# --- chat and judge at once ------------------------------------------------------------------


def test_chat_and_judge_are_asked_at_once() -> None:
    world = make_world([action("t_save")], "Hello.", verdicts={"t_save": 0.1})
    both = asyncio.Barrier(2)
    met: list[str] = []
    stream, ask = world.chat.stream, world.judge.ask  # type: ignore[union-attr]

    async def chat_stream(request: ChatRequest) -> AsyncIterator[Event]:
        async with both:  # each waits until the other has been asked as well
            met.append("chat")
        async for event in stream(request):
            yield event

    async def judge_ask(actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        async with both:
            met.append("judge")
        return await ask(actions, reading)

    world.chat.stream = chat_stream  # type: ignore[method-assign]
    world.judge.ask = judge_ask  # type: ignore[union-attr,method-assign]
    world.say("hi")
    assert sorted(met) == ["chat", "judge"] and world.heard.all.strip() == "Hello."


class LazyJudge(ScriptedJudge):
    """Chat predicates: asked only about what was proposed."""

    upfront = False
    name = "chat"


def _lazily(verdicts: dict[str, float], actions: list[dict[str, Any]], *replies: Any) -> World:
    world = make_world(actions, *replies, channel="voice")
    world.judge = world.session.engine.models.judge = LazyJudge(verdicts)
    return world


def test_chat_predicates_are_asked_only_about_proposed_consequential_actions() -> None:
    world = _lazily(
        {"t_move": 0.99, "t_save": 0.99, "t_bye": 0.99},
        [action("t_save"), action("t_move"), action("t_bye")],
        Reply("", [call("t_save", value="v"), call("t_move", reason="x")]),
    )
    world.say("a person please")
    assert world.judge and world.judge.asked == [["t_move"]]
    assert world.row().state == "ringing"
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="message")
    notes = {entry["type"]: (entry["code"], entry["note"]) for entry in turn.decisions}
    assert notes["t_move"][0] == "fired" and notes["t_bye"] == (
        "condition_not_met",
        "judge not asked",
    )


def test_chat_predicates_ask_nothing_where_nothing_consequential_is_proposed() -> None:
    world = _lazily({"t_move": 0.99}, [action("t_save"), action("t_move")], "We open at eight.")
    world.say("when?")
    assert world.judge and world.judge.asked == []
    assert set(world.codes().values()) == {"condition_not_met"}


def test_at_most_two_chat_predicates_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    from agents.engine import judging
    from integrations.llm.types import Endpoint

    asked: list[str] = []

    async def predicate(endpoint: Any, text: str, question: str) -> Any:
        asked.append(question)
        return type("Verdict", (), {"tokens": 3, "probability": 0.2, "engine": "chat"})

    monkeypatch.setattr(judging, "chat_predicate", predicate)
    many = [action("t_move", "it is so"), action("t_bye", "bye"), action("t_move", "again")]
    world = make_world(
        many,
        Reply("", [call("t_move", reason="x"), call("t_bye"), call("t_move_2", reason="y")]),
        channel="voice",
    )
    judge = judging.ChatJudge(Endpoint("http://127.0.0.1:1", "", "m"))
    world.session.engine.models.judge = judge
    turn = world.say("hm")
    assert len(asked) == 2 and turn.usage["judge_requests"] == 2


# --- endings ---------------------------------------------------------------------------------


def test_an_ending_never_goes_back_to_the_model() -> None:
    world = make_world(
        [action("t_bye"), action("t_look")],
        Reply("", [call("t_look"), call("t_bye")]),
        verdicts={"t_bye": 0.99, "t_look": 0.99},
        channel="voice",
    )
    world.say("bye")
    assert len(world.chat.requests) == 1 and world.heard.all == "Goodbye."
    assert dict(world.runs()) == {"t_bye": "done", "t_look": "done"}


def test_what_was_heard_of_the_message_is_the_closing() -> None:
    world = staged(
        [action("t_bye")],
        "Take care. ", call("t_bye"), "See you soon.",
        verdicts={"t_bye": 0.99}, judge_delay=0.01, channel="voice",
    )  # fmt: skip
    world.say("bye")
    assert world.heard.all == "Take care. See you soon." and world.row().state == "ended"


def test_text_that_was_not_heard_yields_to_the_configured_words() -> None:
    world = make_world(
        [action("t_move")],
        Reply("I'm connecting you.", [call("t_move", reason="x")]),
        verdicts={"t_move": 0.99},
        channel="voice",
    )
    world.say("a person please")
    assert world.heard.all == "Connecting you now."


def test_the_closing_is_played_before_the_claim() -> None:
    world = make_world(
        [action("t_move")],
        Reply("", [call("t_move", reason="x")]),
        verdicts={"t_move": 0.99},
        channel="voice",
    )
    status: list[str] = []
    world.heard.on_piece = lambda piece: status.append(beside(ActionRun.objects.get).status)
    world.say("a person please")
    assert status == ["proposed"] and ActionRun.objects.get().status == "running"


def test_a_pause_at_the_last_moment_keeps_the_conversation() -> None:
    world = make_world(
        [action("t_move")],
        Reply("", [call("t_move", reason="x")]),
        verdicts={"t_move": 0.99},
        channel="voice",
    )
    world.heard.on_piece = lambda piece: setattr(world.conversation, "paused", True)
    world.say("a person please")
    assert world.row().state == "open" and world.codes(0) == {"t_move": "agent_paused"}
    assert world.runs() == [("t_move", "cancelled")]


def test_a_run_that_happened_keeps_its_decision_when_it_is_proposed_again() -> None:
    world = make_world(
        [action("t_look"), action("t_save")],
        Reply("", [call("t_look")]),
        Reply("", [call("t_look"), call("t_save", value=3)]),
        "It is 42.",
        verdicts={"t_look": 0.99, "t_save": 0.1},
    )
    world.say("what is it?")
    assert world.runs() == [("t_look", "done")] and world.codes()["t_look"] == "fired"


def test_a_verdict_of_the_one_key_comes_late_and_still_blocks() -> None:
    world = make_world(
        [action("set_dnc"), action("t_save")],
        "I see.",
        verdicts={"set_dnc": 0.99, "t_save": 0.99},
        judge_delay=0.03,
    )
    turn = world.say("I have had enough")
    entries = {entry["type"]: entry for entry in turn.decisions.values()}
    assert (entries["set_dnc"]["code"], entries["set_dnc"]["p"]) == ("fired_unconfirmed", 0.99)
    assert (entries["t_save"]["code"], entries["t_save"]["p"]) == ("condition_not_met", 0.99)
    assert entries["t_save"]["note"] == "judge late"
    assert world.runs() == [("set_dnc", "done")]


def test_a_judge_that_fails_leaves_it_to_the_tool_call() -> None:
    world = make_world([action("t_save")], Reply("Ok.", [call("t_save", value="v")]), verdicts={})

    async def down(actions: Any, reading: Any) -> JudgeAnswer:
        raise ModelError("unavailable", "The judge is down.")

    world.judge.ask = down  # type: ignore[union-attr,method-assign]
    turn = world.say("v")
    entry = turn.decisions[world.conversation.version.actions[0].uid]
    assert entry["code"] == "fired" and "the tool call alone decided" in entry["note"]


def test_after_a_result_the_model_may_call_another_tool_that_is_judged_again() -> None:
    seen: list[str] = []

    class Twice(ScriptedJudge):
        async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
            seen.append(reading.text)
            p = 0.99 if len(seen) > 1 else 0.1
            return JudgeAnswer({a.uid: Judged(p, "decisions", {"": p}) for a in actions}, 1, 1)

    world = make_world(
        [action("t_look"), action("t_move")],
        Reply("", [call("t_look")]),
        Reply("", [call("t_move", reason="42")]),
        verdicts={},
        channel="voice",
    )
    world.session.engine.models.judge = Twice()
    world.say("if it is 42, get me a person")
    assert len(seen) == 2 and "The answer is 42." in seen[1]
    assert world.row().state == "ringing"
