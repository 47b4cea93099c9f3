"""What is heard when: each rule of speaking and acting, of rechecks and of endings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from agents.engine.compiled import CompiledAction
from agents.engine.judging import JudgeAnswer, Reading
from integrations.llm.types import ChatRequest, Done, Event, ModelError, Text, ToolOpened, Usage
from tests.engine.world import Reply, ScriptedJudge, World, action, call, make_world

pytestmark = pytest.mark.django_db


@dataclass
class Stage:
    """A chat model that is led from outside: words, pauses, tools, in a fixed order."""

    script: Sequence[Any]
    later: Sequence[Reply] = ()
    requests: list[ChatRequest] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    limit: float = 20.0

    async def stream(self, request: ChatRequest) -> AsyncIterator[Event]:
        """Play the script once; whatever is asked later is answered from `later`."""
        self.requests.append(request)
        parts = self.script
        if number := len(self.requests) - 1:
            reply = self.later[number - 1] if number <= len(self.later) else Reply("All right.")
            parts = [*reply.words(), *reply.calls]
        said, calls = "", []
        for part in parts:
            if isinstance(part, str):
                said += part
                yield Text(part)
            elif callable(part):
                await part()
            else:
                calls.append(part)
                yield ToolOpened(len(calls) - 1, part.name)
        yield Done(said.strip(), tuple(calls), "stop", Usage(10, 5))


def staged(
    actions: list[dict[str, Any]], *script: Any, later: Sequence[Reply] = (), **more: Any
) -> World:
    """A world whose chat model plays this script."""
    world = make_world(actions, **more)
    world.session.engine.models.chat = Stage(script, later)
    return world


def marking() -> tuple[list[str], list[World], Any]:
    """Marks, the world they look at (put in later), and the step."""
    marks: list[str] = []
    worlds: list[World] = []

    async def look() -> None:
        await asyncio.sleep(0.02)
        marks.append(worlds[0].heard.all)

    return marks, worlds, look


SAVE = {"t_save": 0.99}


# --- the speech -------------------------------------------------------------------------------


def test_it_speaks_before_the_message_is_complete() -> None:
    marks, worlds, look = marking()
    world = staged([action("t_save")], "We ", "open ", look, "at eight.", verdicts={"t_save": 0.1})
    worlds.append(world)
    world.say("when?")
    assert marks == ["We open "] and world.heard.all == "We open at eight."


def test_an_opened_tool_closes_it_at_the_end_of_the_running_sentence() -> None:
    marks, worlds, look = marking()
    world = staged(
        [action("t_save")],
        "We open", call("t_save", value="v"), " at eight. And we", " close at six.", look,
        verdicts=SAVE,
    )  # fmt: skip
    worlds.append(world)
    world.say("when?")
    assert marks == ["We open at eight."]
    assert world.heard.all == "We open at eight. And we close at six.", "spoken once it is settled"


def test_a_verdict_at_its_threshold_closes_it_too() -> None:
    marks, worlds, look = marking()
    world = staged(
        [action("t_save")],
        look, "We open at eight. ", "And then we close.", look,
        verdicts=SAVE, later=[Reply("", [call("t_save", value="v")])],
    )  # fmt: skip
    worlds.append(world)
    world.say("my email is a@b.co")
    assert marks == ["", ""], "before the first token: nothing is spoken"
    assert world.codes() == {"t_save": "fired_after_recheck"}
    assert world.heard.all == "We open at eight. And then we close."


def test_a_verdict_below_its_threshold_leaves_it_open() -> None:
    marks, worlds, look = marking()
    world = staged([action("t_save")], look, "We open at eight. ", look, verdicts={"t_save": 0.84})
    worlds.append(world)
    world.say("when?")
    assert marks == ["", "We open at eight. "]


def test_a_verdict_during_a_sentence_lets_it_end() -> None:
    marks, worlds, look = marking()
    world = staged(
        [action("t_save")],
        "We ", look, "open at eight. ", "And so on.", look,
        verdicts=SAVE, judge_delay=0.005, later=[Reply("", [call("none_of_these", reason="no")])],
    )  # fmt: skip
    worlds.append(world)
    world.say("when?")
    assert marks == ["We ", "We open at eight."]
    assert world.heard.all == "We open at eight. And so on."


def test_a_tail_that_may_begin_a_promise_waits_for_the_next_word() -> None:
    marks, worlds, look = marking()
    world = staged(
        [action("t_save")], "Sure, I've", look, " heard that.", look, verdicts={"t_save": 0.1}
    )
    worlds.append(world)
    world.say("hm")
    assert marks[0].rstrip() == "Sure," and marks[1] == "Sure, I've heard that."


def test_held_text_is_dropped_where_a_follow_up_is_due() -> None:
    world = make_world(
        [action("t_look")],
        Reply("One moment. It is surely 7.", [call("t_look")]),
        "It is 42.",
        verdicts={"t_look": 0.99},
    )
    world.say("what is it?")
    assert "7" not in world.heard.all and world.heard.all.strip().endswith("It is 42.")


def test_a_refused_proposal_makes_a_follow_up_due() -> None:
    world = make_world(
        [action("t_save")],
        Reply("", [call("t_save", value=3)]),
        "What is it, please?",
        verdicts=SAVE,
    )
    world.say("hm")
    assert world.heard.all.strip() == "What is it, please?"
    assert world.chat.requests[1].messages[-1]["content"].startswith("Refused:")


def test_no_follow_up_where_a_run_has_nothing_to_say() -> None:
    world = make_world(
        [action("t_save")], Reply("I've saved it.", [call("t_save", value="v")]), verdicts=SAVE
    )
    world.say("v")
    assert len(world.chat.requests) == 1 and world.heard.all.strip() == "I've saved it."


def test_a_promise_whose_run_failed_is_not_spoken() -> None:
    world = make_world(
        [action("t_save")],
        Reply("I've saved it.", [call("t_save", value="bad")]),
        "That did not work.",
        verdicts=SAVE,
    )
    world.say("bad")
    assert world.heard.all.strip() == "That did not work."


def test_a_promise_of_a_watched_action_is_not_spoken() -> None:
    world = make_world(
        [action("t_save", mode="shadow")],
        Reply("I've saved it.", [call("t_save", value="v")]),
        verdicts=SAVE,
    )
    turn = world.say("v")
    assert "saved" not in world.heard.all and "I cannot do that" in world.heard.all
    assert any("promised" in note for note in turn.notes)


# --- recheck ---------------------------------------------------------------------------------


class AfterTheWords(ScriptedJudge):
    """Its verdicts arrive when the whole message has been heard."""

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """Wait for the words first."""
        while not self.heard.all.rstrip().endswith("."):
            await asyncio.sleep(0)
        return await super().ask(actions, reading)

    heard: Any = None


def test_after_everything_was_spoken_only_quiet_actions_are_added() -> None:
    world = make_world(
        [action("t_save"), action("t_move", confirm="drop")],
        "We open at eight.",
        Reply("", [call("t_save", value="v"), call("t_move", reason="x")]),
        verdicts={},
        channel="voice",
    )
    judge = AfterTheWords({"t_save": 0.99, "t_move": 0.99})
    judge.heard = world.heard
    world.session.engine.models.judge = judge
    world.say("my email is v")
    assert world.codes() == {"t_save": "fired_after_recheck", "t_move": "not_confirmed"}
    assert "t_move" not in world.chat.tools(1) and "none_of_these" in world.chat.tools(1)
    assert world.row().state == "open"
    assert any("Move" in note for note in world.conversation.memory.notes_to_model), (
        "named in the next prompt"
    )
    world.say("and now?")
    assert "Move seemed due" in orjson.dumps(world.chat.requests[2].messages).decode()


def test_a_recheck_happens_once_a_turn() -> None:
    world = make_world(
        [action("t_save"), action("t_look")],
        "Fine.",
        Reply("", [call("t_look")]),
        "It is 42.",
        verdicts={"t_save": 0.99, "t_look": 0.99},
    )
    world.say("hm")
    asked = [n for n in range(len(world.chat.requests)) if "none_of_these" in world.chat.tools(n)]
    assert asked == [1]
    assert world.codes() == {"t_save": "not_confirmed", "t_look": "fired_after_recheck"}


def test_a_recheck_that_fails_leaves_the_first_answer() -> None:
    down = ModelError("unavailable", "The model does not answer.")
    world = make_world(
        [action("t_save"), action("t_note")],
        Reply("Fine.", [call("t_note")]),
        Reply(error=down),
        Reply(error=down),
        verdicts={"t_save": 0.99, "t_note": 0.99},
    )
    turn = world.say("hm")
    assert world.codes() == {"t_save": "not_confirmed", "t_note": "fired"}
    assert world.runs() == [("t_note", "done")] and world.heard.all.strip() == "Fine."
    assert turn.notes == ["The model does not answer."]


def test_a_recheck_is_never_spoken() -> None:
    world = make_world(
        [action("t_save")],
        "Fine.",
        Reply("I should have done that.", [call("t_save", value="v")]),
        verdicts=SAVE,
    )
    world.say("v")
    assert world.heard.all.strip() == "Fine."


# --- careful speech, silence -----------------------------------------------------------------


@pytest.mark.parametrize("careful", [True, False])
def test_careful_speech_waits_for_the_verdict_before_the_first_word(careful: bool) -> None:
    marks, worlds, look = marking()
    world = staged(
        [action("t_save")],
        "We open at eight. ", look,
        verdicts=SAVE, judge_delay=0.04, settings={"careful_speech": careful},
        later=[Reply("", [call("t_save", value="v")])],
    )  # fmt: skip
    worlds.append(world)
    world.say("v")
    assert marks == ["" if careful else "We open at eight. "]


def test_careful_speech_waits_no_longer_than_it_may() -> None:
    world = make_world(
        [action("t_save")],
        "We open at eight.",
        verdicts={},
        settings={"careful_speech": True},
    )
    judge = AfterTheWords({"t_save": 0.1})  # it would wait for ever if the words waited for it
    judge.heard = world.heard
    world.session.engine.models.judge = judge
    turn = world.say("v")
    assert world.heard.all.strip() == "We open at eight."
    assert turn.decisions[world.conversation.version.actions[0].uid]["p"] == 0.1


def test_silence_on_a_call_gets_filler_words(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "first_token": 0.02}
    world = make_world(
        [action("t_save")], Reply("It is 42.", delay=0.1), verdicts={}, channel="voice"
    )
    world.say("what is it?")
    assert world.heard.all.strip() == "One moment, please. It is 42."


def test_nobody_is_kept_company_in_a_chat(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "first_token": 0.02}
    world = make_world([action("t_save")], Reply("It is 42.", delay=0.1), verdicts={})
    world.say("what is it?")
    assert world.heard.all.strip() == "It is 42."


def test_a_model_that_only_asks_for_tools_never_leaves_silence() -> None:
    world = make_world(
        [action("t_look")],
        *[Reply("", [call("nothing_of_ours")]) for _ in range(9)],
        verdicts={"t_look": 0.1},
    )
    turn = world.say("hm")
    assert len(world.chat.requests) == 4 and turn.notes
    assert "I cannot answer right now" in world.heard.all
