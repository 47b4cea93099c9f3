"""What a turn stores of itself: memory and plan come back from JSON as they were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.facts import RunFact
from agents.engine.memory import LINES, NEVER, Memory, Used, recalled
from agents.engine.plan import Firing, Leaving, Message, Plan, in_list_order, read_plan
from agents.engine.speech import SpeechBuffer
from agents.engine.tools import Proposal, digest_of, read_call
from integrations.llm.types import ToolCall
from tests.engine.world import action, make_world, on_loop

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
moments = st.none() | st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
memories = st.builds(
    Memory,
    turn=st.integers(0, 999),
    exchanges=st.integers(0, 999),
    runs=st.integers(0, 999),
    began_at=moments,
    last_contact_at=moments,
    told_closed=st.booleans(),
    closed=st.booleans(),
    words_due=text,
    script=st.dictionaries(text, json, max_size=3),
    notes_to_model=st.lists(text, max_size=3),
    done_lines=st.lists(text, max_size=3),
    used=st.dictionaries(text, st.builds(Used, st.booleans(), st.integers(NEVER, 99)), max_size=3),
    ended=st.lists(st.builds(RunFact, text, text, text, st.integers(0, 99)), max_size=3),
)


# --- memory -----------------------------------------------------------------------------------


@given(memories)
def test_a_memory_comes_back_from_json_as_it_was(memory: Memory) -> None:
    assert recalled(orjson.loads(orjson.dumps(memory.stored()))) == memory


@given(memories)
def test_a_copy_shares_nothing_with_what_it_was_taken_from(memory: Memory) -> None:
    before, copy = memory.stored(), memory.copy()
    copy.ran(RunFact("new", "done", "done", 5), "a line")
    copy.script["reads"] = "extension"
    copy.notes_to_model.append("a note")
    for used in copy.used.values():
        used.last_turn = 77
    assert memory.stored() == before


def test_the_memory_of_another_release_is_read() -> None:
    assert recalled({}) == Memory()
    assert recalled(
        {"turn": 4, "mood": "good", "used": {"a": {"done": True, "by": "x"}}}
    ) == Memory(turn=4, used={"a": Used(done=True)})


def test_a_prompt_repeats_the_last_lines_only_and_conditions_see_every_run() -> None:
    memory = Memory()
    for turn in range(LINES + 8):
        memory.ran(RunFact("a", "done", "done", turn), f"line {turn}")
    memory.ran(RunFact("a", "done", "done", 99), "")
    assert memory.done_lines == [f"line {turn}" for turn in range(8, LINES + 8)]
    assert [run.turn for run in memory.ended] == [*range(LINES + 8), 99]
    assert memory.used == {"a": Used(done=True, last_turn=99)}


# --- plan -------------------------------------------------------------------------------------


class Heard:
    """What a buffer spoke."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.buffer = SpeechBuffer(self.say)

    async def say(self, piece: str) -> None:
        self.pieces.append(piece)


def _version() -> Any:
    listed = [action("t_save"), action("t_move"), action("t_look"), action("t_save")]
    return make_world(listed, channel="voice").conversation.version


def _firing(version: Any, index: int, **values: Any) -> Firing:
    one = version.actions[index]
    call = ToolCall(f"c{index}", one.tool_name, orjson.dumps(values).decode())
    return Firing(one, read_call(one.uid, call, one.arguments))


@pytest.mark.django_db
def test_a_plan_comes_back_with_the_same_firings() -> None:
    version = _version()
    fire = [_firing(version, 0, value="é “x”\n"), _firing(version, 2)]
    calls = tuple(ToolCall(f.proposal.call_id, f.proposal.tool, f.proposal.raw) for f in fire)
    refused = [(Proposal("", "c9", "no_such_tool", "{", None), "This tool is not available now.")]
    heard, again = Heard(), Heard()
    ask = _firing(version, 1, reason="a quote")
    plan = Plan(Message(heard.buffer, "One moment.", calls), fire, ask, refused=refused)
    read = read_plan(version, orjson.loads(orjson.dumps(plan.stored())), again.buffer)
    assert read.stored() == plan.stored()
    assert [f.key for f in read.fire] == [f.key for f in fire]
    assert [f.action for f in read.fire] == [f.action for f in fire]
    assert read.ask and read.ask.key == ask.key
    assert read.ask.proposal.args == ask.proposal.args
    assert [(p.call_id, p.tool, why) for p, why in read.refused] == [
        ("c9", "no_such_tool", "This tool is not available now.")
    ]


@pytest.mark.django_db
def test_of_a_plan_that_a_crash_left_nothing_has_been_spoken() -> None:
    version, heard = _version(), Heard()
    stored = Plan(Message(Heard().buffer, "I will look that up.")).stored()
    read = read_plan(version, stored, heard.buffer)
    assert read.message and not read.message.speech.has_spoken
    assert not read.acts and heard.pieces == []
    on_loop(heard.buffer.release())
    assert heard.pieces == ["I will look that up."]


@pytest.mark.django_db
def test_a_plan_without_a_message_comes_back_empty() -> None:
    read = read_plan(_version(), Plan().stored(), Heard().buffer)
    assert read.message and read.message.empty
    assert (read.fire, read.ask, read.refused) == ([], None, [])


@pytest.mark.django_db
def test_an_ending_runs_after_everything_else_and_the_list_decides_the_rest() -> None:
    version = _version()
    move, look = _firing(version, 1, reason="x"), _firing(version, 2)
    last, first = _firing(version, 3, value="b"), _firing(version, 0, value="a")
    plan = Plan(fire=in_list_order([last, move, look, first]))
    assert [f.action.index for f in plan.fire] == [0, 1, 2, 3]
    assert plan.endings == [move]
    assert plan.others == [first, look, last]
    assert Leaving(move, Message(Heard().buffer)).run is None


@pytest.mark.django_db
def test_a_watched_ending_does_not_leave() -> None:
    listed = [action("t_move", mode="shadow")]
    version = make_world(listed, channel="voice").conversation.version
    plan = Plan(fire=[_firing(version, 0, reason="x")])
    assert (plan.endings, len(plan.others)) == ([], 1)


@given(st.dictionaries(text, json, max_size=4), st.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_the_order_of_the_values(
    values: dict[str, Any], random: Any
) -> None:
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert digest_of(dict(shuffled)) == digest_of(values)
    assert digest_of({**values, "one more": 1}) != digest_of(values)
