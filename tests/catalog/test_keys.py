"""The table of two keys with every type of the catalog, each cell in a conversation."""

from __future__ import annotations

from typing import Any

import pytest

from actions import registry
from actions.base import ActionType, Moment
from agents.conversations.reasons import Reason
from tests.catalog import showcase
from tests.engine.world import Reply, World, make_world

pytestmark = pytest.mark.django_db
TYPES = [kind for kind in registry.all_types() if Moment.DURING in kind.moments]
each_type = pytest.mark.parametrize("kind", TYPES, ids=[kind.slug for kind in TYPES])
HIGH, LOW = 0.99, 0.05
ORDINARY, CONSEQUENTIAL, ONE_KEY = "ordinary", "consequential", "one key"
TABLE = {  # (proposed, judged true) → what each kind of action comes to
    (True, True): (Reason.FIRED, Reason.FIRED, Reason.FIRED),
    (True, False): (Reason.FIRED_UNCONFIRMED, Reason.CONFIRMING, Reason.FIRED_UNCONFIRMED),
    (False, True): (Reason.NOT_CONFIRMED, Reason.NOT_CONFIRMED, Reason.FIRED_UNCONFIRMED),
    (False, False): (Reason.CONDITION_NOT_MET,) * 3,
}


def _weight(kind: ActionType) -> str:
    if kind.one_key:
        return ONE_KEY
    return CONSEQUENTIAL if kind.consequential else ORDINARY


def _world(kind: ActionType, *replies: Reply | str, met: bool, **values: Any) -> World:
    voice = "voice" in {str(channel) for channel in kind.channels}
    return make_world(
        [showcase.one_of(kind.slug, moment="during", **values)],
        *replies,
        verdicts={kind.slug: HIGH if met else LOW},
        channel="voice" if voice else "sms",
        names=showcase.names(),
        contact=showcase.maria(),
    )


def _said(kind: ActionType, proposed: bool) -> list[Reply | str]:
    """The model proposes; or it talks, and when asked again it declines."""
    if proposed:
        return [Reply("", [showcase.called(kind.slug)]), Reply("Done.")]
    return [Reply("All right."), Reply("", []), Reply("All right.")]


@each_type
@pytest.mark.parametrize(("proposed", "met"), TABLE, ids=str)
def test_each_cell(kind: ActionType, proposed: bool, met: bool) -> None:
    world = _world(kind, *_said(kind, proposed), met=met)
    world.say("My name is Maria, I need help")
    column = (ORDINARY, CONSEQUENTIAL, ONE_KEY).index(_weight(kind))
    code = TABLE[proposed, met][column]
    assert world.codes(0)[kind.slug] == code
    acted = code in (Reason.FIRED, Reason.FIRED_UNCONFIRMED)
    statuses = [status for _, status in world.runs()]
    if acted:
        assert statuses[0] in ("done", "running", "asked")
    else:
        assert statuses == (["asked"] if code == Reason.CONFIRMING else [])


@pytest.mark.parametrize(
    "kind", [k for k in TYPES if k.consequential], ids=[k.slug for k in TYPES if k.consequential]
)
@pytest.mark.parametrize(("answer", "leaves"), [("yes", True), ("no", False)], ids=str)
def test_a_consequential_action_asks_and_the_answer_decides(
    kind: ActionType, answer: str, leaves: bool
) -> None:
    world = _world(kind, Reply("", [showcase.called(kind.slug)]), met=False)
    world.say("hm")
    assert world.heard.all.strip().endswith("?")
    world.say(answer)
    assert [status for _, status in world.runs() if status != "cancelled"] or not leaves
    assert leaves or world.runs() == [(kind.slug, "cancelled")]


@pytest.mark.parametrize(
    "kind", [k for k in TYPES if k.consequential], ids=[k.slug for k in TYPES if k.consequential]
)
def test_a_consequential_action_may_be_dropped_instead(kind: ActionType) -> None:
    world = _world(kind, Reply("", [showcase.called(kind.slug)]), met=False, confirm="drop")
    world.say("hm")
    assert world.codes(0)[kind.slug] == Reason.NOT_CONFIRMED and not world.runs()


@pytest.mark.parametrize(
    "kind", [k for k in TYPES if not k.one_key], ids=[k.slug for k in TYPES if not k.one_key]
)
def test_asked_again_the_model_may_call_it(kind: ActionType) -> None:
    """The verdict came before a word was spoken, so that even an ending may be added."""
    world = _world(kind, Reply("Good."), Reply("", [showcase.called(kind.slug)]), met=True)
    world.say("My name is Maria, I need help")
    assert world.codes(0)[kind.slug] == Reason.FIRED_AFTER_RECHECK
    assert world.runs()[0][1] in ("done", "running", "asked")
