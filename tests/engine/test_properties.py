"""Whatever a model, a judge and a contact do: what always holds of turns and of the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.conversations.models import USING_UP, ActionRun, Conversation, Turn
from agents.conversations.reasons import FIRED
from agents.engine.limits import ACTIONS_A_TURN
from agents.engine.turn import Inbound
from tests.engine import hostile
from tests.engine.world import Reply, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_ways")]
OVER = ("ended", "handed_off")
CODES = {str(code) for code in FIRED}


@dataclass
class Case:
    """One conversation that hypothesis made up."""

    actions: list[dict[str, Any]]
    replies: list[Reply]
    verdicts: dict[str, float] | None
    events: list[tuple[str, str]]
    channel: str
    sandbox: bool
    judge_delay: float
    upfront: bool
    fallback_ref: str
    uids: list[str] = field(default_factory=list)


CASES = st.builds(
    Case,
    actions=hostile.actions(),
    replies=st.lists(hostile.replies(), max_size=8),
    verdicts=hostile.VERDICTS,
    events=hostile.EVENTS,
    channel=st.sampled_from(["chat", "voice", "voice", "sms"]),
    sandbox=st.booleans(),
    judge_delay=st.sampled_from([0.0, 0.0, 0.0, 0.004, 0.03]),
    upfront=st.sampled_from([True, True, True, False]),
    fallback_ref=st.sampled_from(["", "", "person:1"]),
)


@pytest.fixture(autouse=True)
def _waits(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "judge": 0.015, "grace": 0.005, "barrier": 0.5}


def play(case: Case) -> World:
    """Take the conversation through its events and look at it after each."""
    world = make_world(
        case.actions,
        *case.replies,
        verdicts=case.verdicts,
        channel=case.channel,
        sandbox=case.sandbox,
        judge_delay=case.judge_delay,
        settings={"fallback_ref": case.fallback_ref},
    )
    if world.judge:
        world.judge.upfront = case.upfront
    case.uids = [action.uid for action in world.conversation.version.actions]
    for number, (what, value) in enumerate(case.events):
        before = _look(world)
        happen(world, what, value, number)
        check(world, case)
        silence = what == "skip" and case.channel == "voice"  # counts on after a call
        if before[0] in OVER and not silence:
            assert _look(world) == before, "nothing acts after the conversation is over"
    return world


def _look(world: World) -> tuple[str, int, int]:
    runs = ActionRun.objects.filter(conversation_id=world.conversation.id).count()
    return world.row().state, runs, len(world.chat.requests)


def happen(world: World, what: str, value: str, number: int) -> None:
    """One event of the conversation."""
    session = world.session
    world.heard.on_piece = lambda piece: None
    if what == "interrupted":
        world.heard.on_piece = lambda piece: session.interrupt(piece)
    if what in ("say", "interrupted"):
        world.do(session.say(Inbound(value, f"{world.conversation.id}:{number}")))
    elif what == "again":
        world.do(session.say(Inbound(value, f"{world.conversation.id}:{max(number - 1, 0)}")))
    elif what == "leg":
        world.do(session.leg(value))
    elif what == "skip":
        world.do(session.skip(float(value)))
    elif what == "hang_up":
        world.do(session.hang_up())
    else:
        world.conversation.paused = not world.conversation.paused


def check(world: World, case: Case) -> None:
    """Everything that must hold between two events."""
    turns = list(Turn.objects.filter(conversation_id=world.conversation.id).order_by("number"))
    runs = list(ActionRun.objects.filter(conversation_id=world.conversation.id))
    assert [turn.number for turn in turns] == sorted({turn.number for turn in turns})
    for turn in turns:
        check_turn(turn, [run for run in runs if run.turn_id == turn.id], case)
    using_up = [(r.action_uid, r.occasion) for r in runs if r.status in USING_UP]
    assert max(Counter(using_up).values(), default=0) <= 1, "the same occasion twice"
    ringing = world.row().state == Conversation.State.RINGING
    for run in runs:
        left = run.status == "running" and ringing and run.type == "t_move"
        assert left or run.status not in ("proposed", "running", "unknown"), (run, run.status)
    once = {a["uid"] for a in case.actions if a["repeat"] != "every_time"}
    done = Counter(str(run.action_uid) for run in runs if run.status == "done")
    assert all(done[uid] <= 1 for uid in once), "once means once"
    assert world.row().state == world.conversation.state


def check_turn(turn: Turn, runs: list[ActionRun], case: Case) -> None:
    """One decision per action in the version's order, and a run for what fired."""
    assert turn.state == Turn.State.DONE, (turn.kind, turn.state)
    assert [entry["action"] for entry in turn.decisions] == case.uids, turn.kind
    assert len(runs) <= ACTIONS_A_TURN
    ran = {str(run.action_uid) for run in runs}
    for entry in turn.decisions:
        if entry["code"] in CODES and entry["note"] != "opt-out":
            assert entry["action"] in ran, (turn.kind, entry)
    codes = {entry["action"]: entry["code"] for entry in turn.decisions}
    for run in runs:
        if run.status == "done":
            expected = {"shadow"} if run.mode == "shadow" else CODES
            assert codes[str(run.action_uid)] in expected, (turn.kind, run, codes)
        if run.mode == "shadow":
            assert run.effects == [], "a watched action changes nothing"
    if turn.kind == Turn.Kind.MESSAGE and turn.heard is None:
        assert turn.reply.strip() or turn.notes, "never silence"


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(CASES)
def test_what_always_holds(case: Case) -> None:
    play(case)


@pytest.mark.soak
@settings(max_examples=3000, deadline=None, suppress_health_check=QUIET)
@given(CASES)
def test_what_always_holds_for_long(case: Case) -> None:
    play(case)
