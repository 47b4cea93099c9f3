"""How sure the judge must be: the action's number, else the agent's, else the judge's own."""

from __future__ import annotations

from typing import Any

import pytest

from agents.conversations.models import Turn
from agents.engine.compiled import CompiledAction, compile_version
from agents.engine.judging import ChatJudge, DecisionsJudge, Judge, RulesJudge, threshold_of
from agents.panels.schema import VersionContent
from integrations.llm.judge import DEFAULT_THRESHOLDS
from integrations.llm.types import Endpoint
from tests.engine.world import Reply, World, action, call, make_version, make_world

ENDPOINT = Endpoint("http://127.0.0.1:1", "", "m")
JUDGES: list[Judge] = [DecisionsJudge(ENDPOINT), ChatJudge(ENDPOINT), RulesJudge()]
BETWEEN = (DEFAULT_THRESHOLDS["chat"] + DEFAULT_THRESHOLDS["decisions"]) / 2

pytestmark = pytest.mark.django_db


def compiled(settings: dict[str, Any], **values: Any) -> CompiledAction:
    """One action of a version."""
    version = make_version([action("t_move", **values)], **settings)
    return compile_version(version.id, VersionContent.model_validate(version.content)).actions[0]


@pytest.mark.parametrize("judge", JUDGES)
def test_a_judge_brings_its_own_where_nothing_is_set(judge: Judge) -> None:
    assert threshold_of(compiled({}), judge) == DEFAULT_THRESHOLDS[judge.name]
    assert threshold_of(compiled({"threshold": None}), judge) == DEFAULT_THRESHOLDS[judge.name]


@pytest.mark.parametrize("judge", [*JUDGES, None])
def test_the_agents_number_and_the_actions_number_come_first(judge: Judge | None) -> None:
    assert threshold_of(compiled({"threshold": 85}), judge) == 0.85, "as older versions hold it"
    assert threshold_of(compiled({"threshold": 85}, threshold=0.6), judge) == 0.6
    assert threshold_of(compiled({}, threshold=0.6), judge) == 0.6


def asked(judge: type[ChatJudge] | type[DecisionsJudge], **settings: Any) -> World:
    """A proposed transfer about which the judge is neither sure nor against it."""
    world = make_world(
        [action("t_move", confirm="drop")],
        Reply("", [call("t_move", reason="x")]),
        verdicts={"t_move": BETWEEN},
        channel="voice",
        settings=settings,
    )
    assert world.judge is not None
    world.judge.upfront, world.judge.name = judge.upfront, judge.name
    world.judge.default_threshold = judge.default_threshold
    world.say("a person please")
    return world


def decided(world: World) -> tuple[str, float]:
    """The decision of the contact's turn, and the threshold that was used."""
    turn = Turn.objects.get(conversation_id=world.conversation.id, kind="message")
    (entry,) = turn.decisions
    return entry["code"], entry["threshold"]


def test_the_same_probability_means_more_from_a_chat_model() -> None:
    assert decided(asked(ChatJudge)) == ("fired", DEFAULT_THRESHOLDS["chat"])
    found = decided(asked(DecisionsJudge))
    assert found == ("not_confirmed", DEFAULT_THRESHOLDS["decisions"])


def test_an_agents_own_number_counts_with_every_judge() -> None:
    assert decided(asked(ChatJudge, threshold=100)) == ("not_confirmed", 1.0)
    assert decided(asked(DecisionsJudge, threshold=50)) == ("fired", 0.5)
