"""Whatever a model, a judge and a contact do with the real types: what always holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import registry
from actions.base import Moment
from agents.conversations.models import USING_UP, ActionRun, Turn
from agents.engine.limits import ACTIONS_A_TURN
from integrations.llm.types import ToolCall
from tests.catalog import showcase
from tests.engine import hostile
from tests.engine.test_properties import happen
from tests.engine.world import Reply, World, ids, make_world

pytestmark = pytest.mark.django_db
SLUGS = [kind.slug for kind in registry.all_types()]
VOICE = [kind.slug for kind in registry.all_types() if "voice" in {str(c) for c in kind.channels}]
TEXT = [kind.slug for kind in registry.all_types() if "sms" in {str(c) for c in kind.channels}]
ODD = ("{", "[]", "null", '{"x": 1}', '{"email": "john at"}', '{"start": "2026-03-08T02:30:00"}')
WORDS = (*hostile.MESSAGES, "204", "tomorrow at nine", "my e-mail is john at", "five five five")


@st.composite
def calls(draw: st.DrawFn) -> ToolCall:
    """A call of the catalog: as its example has it, or wrong."""
    slug = draw(st.sampled_from(SLUGS))
    if draw(st.integers(0, 3)):
        return showcase.called(slug)
    return ToolCall(f"c{next(ids)}", slug, draw(st.sampled_from(ODD)))


REPLIES = st.builds(
    Reply,
    st.sampled_from(hostile.SENTENCES),
    st.lists(calls(), max_size=4),
    st.sampled_from([None, None, None, None, *hostile.DOWN]),
)


@st.composite
def panels(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A channel, and some types that it knows, each at one of its moments."""
    channel = draw(st.sampled_from(["voice", "sms"]))
    slugs = draw(st.lists(st.sampled_from(VOICE if channel == "voice" else TEXT), min_size=1,
                          max_size=7))  # fmt: skip
    made = []
    for slug in slugs:
        kind = registry.get(slug)
        assert kind is not None
        moments = sorted(str(moment) for moment in kind.moments - {Moment.IDLE})
        made.append(
            showcase.one_of(
                slug,
                moment=draw(st.sampled_from([*["during"] * 3, *moments])),
                mode=draw(st.sampled_from(["live", "live", "live", "shadow"])),
                repeat=draw(st.sampled_from(hostile.REPEATS)),
                confirm=draw(st.sampled_from(["ask", "drop"])),
            )
        )
    return channel, [one for one in made if _stands(one)]


def _stands(one: dict[str, Any]) -> bool:
    kind = registry.get(one["type"])
    return kind is not None and one["moment"] in {str(moment) for moment in kind.moments}


VERDICTS = st.one_of(
    st.none(),
    st.dictionaries(st.sampled_from(SLUGS), st.sampled_from([0.0, 0.2, 0.85, 0.99]), max_size=9),
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(WORDS)),
        st.tuples(st.just("say"), st.sampled_from(WORDS)),
        st.tuples(st.just("interrupted"), st.sampled_from(WORDS)),
        st.tuples(st.just("leg"), st.sampled_from(["answered", "busy", "no_answer", "declined"])),
        st.tuples(st.just("skip"), st.sampled_from(["1", "9000", "90000", "900000"])),
        st.tuples(st.just("hang_up"), st.just("")),
    ),
    min_size=1,
    max_size=5,
)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(panels(), st.lists(REPLIES, max_size=6), VERDICTS, EVENTS, st.booleans(), st.booleans())
def test_what_always_holds(
    panel: tuple[str, list[dict[str, Any]]],
    replies: list[Reply],
    verdicts: dict[str, float] | None,
    events: Sequence[tuple[str, str]],
    sandbox: bool,
    practice: bool,
) -> None:
    play(panel, replies, verdicts, events, sandbox=sandbox, practice=practice)


@pytest.mark.soak
@settings(max_examples=3000, deadline=None, suppress_health_check=QUIET)
@given(panels(), st.lists(REPLIES, max_size=6), VERDICTS, EVENTS, st.booleans(), st.booleans())
def test_what_always_holds_for_long(
    panel: tuple[str, list[dict[str, Any]]],
    replies: list[Reply],
    verdicts: dict[str, float] | None,
    events: Sequence[tuple[str, str]],
    sandbox: bool,
    practice: bool,
) -> None:
    play(panel, replies, verdicts, events, sandbox=sandbox, practice=practice)


def play(
    panel: tuple[str, list[dict[str, Any]]],
    replies: Sequence[Reply],
    verdicts: dict[str, float] | None,
    events: Sequence[tuple[str, str]],
    **how: bool,
) -> None:
    """Take a conversation through its events and look at it after each."""
    channel, actions = panel
    world = make_world(
        actions,
        *replies,
        verdicts=None if how["practice"] else verdicts,
        channel=channel,
        names=showcase.names(),
        contact=showcase.maria(),
        **how,
    )
    for number, (what, value) in enumerate(events):
        happen(world, what, value, number)
        check(world)


def check(world: World) -> None:
    """Every action decided once in every turn; nothing twice on one occasion; no crash."""
    uids = [one.uid for one in world.conversation.version.actions]
    runs = list(ActionRun.objects.filter(conversation_id=world.conversation.id))
    for turn in Turn.objects.filter(conversation_id=world.conversation.id):
        assert turn.state == "done"
        assert [entry["action"] for entry in turn.decisions] == uids, turn.kind
        assert len([run for run in runs if run.turn_id == turn.id]) <= ACTIONS_A_TURN
    using_up = [(run.action_uid, run.occasion) for run in runs if run.status in USING_UP]
    assert max(Counter(using_up).values(), default=0) <= 1, "the same occasion twice"
    for run in runs:
        assert run.mode != "shadow" or run.effects == []
        assert "unexpected" not in orjson.dumps(run.error).decode().casefold(), run.error
    assert world.row().state == world.conversation.state
