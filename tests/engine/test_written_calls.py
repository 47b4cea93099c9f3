"""Calls that the model writes as text are calls, in every question, and are never heard."""

from __future__ import annotations

import pytest

from integrations.llm.types import ModelError
from tests.engine.world import Reply, ScriptedChat, World, action, call, make_world

pytestmark = pytest.mark.django_db
SURE = {"t_save": 0.95}
BARE = '{"name": "t_save", "arguments": {"value": "w"}}'
FORMS = [
    BARE,
    f"{{{BARE}}}}}",
    f"```json\n{BARE}\n```",
    f"<tool_call>\n{BARE}\n</tool_call>",
    't_save(value="w")',
    't_save: {"value": "w"}',
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("between", [" ", "\n\n"])
def test_after_a_sentence(form: str, between: str) -> None:
    world = make_world(
        [action("t_save")], Reply(f"One moment, please.{between}{form}"), verdicts=SURE
    )
    world.say("w")
    assert world.codes() == {"t_save": "fired"} and world.runs() == [("t_save", "done")]
    assert world.heard.all.strip() == "One moment, please."


def test_words_after_a_call_are_heard_once_it_is_settled() -> None:
    world = make_world([action("t_save")], Reply(f"Sure. {BARE}\nIt is noted."), verdicts=SURE)
    world.say("w")
    assert world.runs() == [("t_save", "done")]
    assert world.heard.all.split() == ["Sure.", "It", "is", "noted."]


@pytest.mark.parametrize("form", FORMS)
def test_in_a_recheck(form: str) -> None:
    world = make_world([action("t_save")], "Fine.", Reply(f"Right. {form}"), verdicts=SURE)
    world.say("w")
    assert world.codes() == {"t_save": "fired_after_recheck"}
    assert world.heard.all.strip() == "Fine."


def test_a_recheck_may_be_refused_in_text() -> None:
    refusal = '{"name": "none_of_these", "arguments": {"reason": "not asked for"}}'
    world = make_world([action("t_save")], "Fine.", Reply(refusal), verdicts=SURE)
    world.say("w")
    assert world.runs() == [] and world.heard.all.strip() == "Fine."


@pytest.mark.parametrize("form", ["{}", "```json\n{}\n```", "Of course.\n{}"])
def test_in_the_turn_of_an_event(form: str) -> None:
    written = form.replace("{}", '{"name": "t_ticket", "arguments": {"name": "Maria"}}')
    world = make_world(
        [action("t_move"), action("t_ticket", "help is needed", moment="before_handoff")],
        Reply("", [call("t_move", reason="sales")]),
        Reply(written),
        verdicts={"t_move": 0.99, "t_ticket": 0.99},
    )
    world.say("sales please")
    assert ("t_ticket", "done") in world.runs()
    assert "t_ticket" not in world.heard.all


@pytest.mark.parametrize("text", ["Use { or [ as you like.", "Say t_save to me, or {Name}."])
def test_words_with_a_brace_or_a_name_are_heard(text: str) -> None:
    world = make_world([action("t_save")], Reply(text), verdicts={})
    world.say("how?")
    assert world.heard.all.strip() == text and world.runs() == []


def test_what_cannot_be_read_is_not_heard_and_the_model_is_asked_again() -> None:
    broken = '{"name": "t_save", "arguments": {"value": '
    world = make_world([action("t_save")], Reply(broken), "Fine.", verdicts={})
    world.say("w")
    assert world.heard.all.strip() == "Fine." and len(world.chat.requests) == 2


# --- limits of an answer ---------------------------------------------------------------------


def limited(chat: ScriptedChat, fallback: ScriptedChat | None = None) -> World:
    """A conversation whose models have these limits."""
    world = make_world([action("t_save")], verdicts={}, fallback=fallback)
    world.session.engine.models.chat = chat
    return world


def test_a_model_that_has_used_up_its_time_is_not_asked_again() -> None:
    chat = ScriptedChat(Reply("Late.", delay=30), "Second.")
    chat.limit = 0.05
    world = limited(chat)
    turn = world.say("hello")
    assert len(chat.requests) == 1 and turn.notes[0] == "The model did not answer in time."
    assert "Late." not in world.heard.all and "Second." not in world.heard.all


def test_the_fallback_has_a_limit_of_its_own() -> None:
    chat, other = ScriptedChat(Reply("Late.", delay=30)), ScriptedChat("From the other.")
    chat.limit = 0.05
    world = limited(chat, other)
    world.say("hello")
    assert len(chat.requests) == 1 and world.heard.all.strip() == "From the other."


def test_a_failure_within_the_time_is_tried_again() -> None:
    down = ModelError("unavailable", "The model server failed with error 500.")
    chat = ScriptedChat(Reply(error=down), "Second.")
    world = limited(chat)
    world.say("hello")
    assert world.heard.all.strip() == "Second."


def test_an_answer_may_be_as_long_as_its_channel_bears() -> None:
    asked = []
    for channel in ("voice", "sms", "chat"):
        world = make_world([action("t_save")], "Hi.", Reply(""), verdicts=SURE, channel=channel)
        world.say("w")
        asked.append([request.max_characters for request in world.chat.requests])
    assert asked == [[2_000, 8_000], [4_800, 8_000], [8_000, 8_000]]
