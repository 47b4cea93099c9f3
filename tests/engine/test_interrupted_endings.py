"""The contact speaks at any moment of an ending: all of it has left, or nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import pytest

from agents.conversations.models import ActionRun, Conversation, Turn
from agents.engine.turn import Inbound
from agents.outbox.models import Delivery
from agents.transfers.models import Transfer
from integrations.llm.types import ModelError
from tests.engine.inline import BesideWriter, beside
from tests.engine.test_orders import SURE, _call
from tests.engine.world import Reply, World, action, make_world

pytestmark = pytest.mark.django_db
T = TypeVar("T")
FAR = 200  # more pauses than any of these turns has
LATER = 0.002


class Slow(BesideWriter):
    """A writer whose answers take a moment; the contact speaks before or during the nth write."""

    def __init__(self, at: int, *, before: bool) -> None:
        self.at, self.before, self.writes = at, before, 0
        self.session: Any = None

    def submit(self, call: Callable[[], T], *, urgent: bool = True) -> Future[T]:
        """Write at once, answer a moment later."""
        now, self.writes = self.writes == self.at, self.writes + 1
        if now and self.before:
            self.session.interrupt(None)
        done = super().submit(call, urgent=urgent)
        if now and not self.before:
            self.session.interrupt(None)
        answer: Future[T] = Future()
        asyncio.get_running_loop().call_later(LATER, _pass_on, done, answer)
        return answer


def _pass_on(done: Future[Any], answer: Future[Any]) -> None:
    if answer.cancelled():
        return
    if error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result())


def _call_that_moves() -> World:
    return make_world(
        [action("t_save"), action("t_move"), action("t_ticket", moment="before_handoff")],
        Reply("", [_call("t_save"), _call("t_move")]),
        Reply("", [_call("t_ticket")]),
        verdicts=SURE,
        channel="voice",
        sandbox=False,
    )


def _call_that_ends() -> World:
    return make_world(
        [action("t_bye"), action("t_note", moment="after_end")],
        Reply("", [_call("t_bye")]),
        verdicts=SURE,
        channel="voice",
        sandbox=False,
    )


def _call_that_confirms() -> World:
    world = make_world(
        [action("t_move")],
        Reply("", [_call("t_move")]),
        verdicts={"t_move": 0.2},
        channel="voice",
        sandbox=False,
    )
    world.say("hm")
    return world


def _call_whose_model_is_dead() -> World:
    down = ModelError("unavailable", "The model does not answer.")
    return make_world(
        [action("t_save"), action("t_ticket", "", moment="before_handoff")],
        Reply(error=down),
        Reply(error=down),
        Reply("", [_call("t_ticket")]),
        verdicts={},
        channel="voice",
        sandbox=False,
        settings={"fallback_ref": "person:1"},
    )


CASES = {
    "a transfer": (_call_that_moves, "go"),
    "an end": (_call_that_ends, "bye"),
    "a confirmed transfer": (_call_that_confirms, "yes"),
    "a fallback": (_call_whose_model_is_dead, "hello"),
}
by_case = pytest.mark.parametrize(("made", "words"), CASES.values(), ids=list(CASES))


def _whole(world: World) -> None:
    """Either everything has left or nothing."""
    state, statuses = world.row().state, dict(world.runs())
    assert state == world.conversation.state
    assert not Turn.objects.filter(state="running").exists()
    waiting = ActionRun.objects.filter(status__in=("proposed", "unknown"))
    assert not waiting.exists(), statuses
    running = [slug for slug, status in world.runs() if status == "running"]
    if state == Conversation.State.OPEN:
        assert not running and not Transfer.objects.exists() and not Delivery.objects.exists()
        assert statuses.get("t_bye") != "done" and statuses.get("t_move") != "done"
    elif state == Conversation.State.RINGING:
        assert running == [slug for slug in statuses if slug == "t_move"]
        assert Transfer.objects.filter(outcome="").count() == 1
        assert statuses.get("t_ticket", "done") == "done"
        assert Delivery.objects.count() == ("t_ticket" in statuses)
    else:
        assert state == Conversation.State.ENDED and statuses["t_bye"] == "done"


def _forget() -> None:
    """Room for the next conversation of the same test."""
    for model in (Delivery, Transfer, Conversation.everything):
        getattr(model, "objects", model).all().delete()


@pytest.fixture(autouse=True)
def _waits(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 0.005, "barrier": 2.0}


@by_case
@pytest.mark.parametrize("before", [True, False], ids=["before", "during"])
def test_at_every_write(made: Callable[[], World], words: str, before: bool) -> None:
    states = set()
    for number in range(FAR):
        world = made()
        writer = Slow(number, before=before)
        writer.session, world.session.engine.writer = world.session, writer
        world.do(world.session.say(Inbound(words)))
        _whole(world)
        states.add(world.row().state)
        _forget()
        if writer.writes <= number:
            break
    assert len(states) > 1 and number < FAR, "interrupted before the claim, and after it"


@by_case
def test_at_every_pause_of_the_turn(made: Callable[[], World], words: str) -> None:
    states = set()
    for number in range(0, FAR, 3):
        world = made()
        late = world.do(_interrupted_after(world, words, number))
        _whole(world)
        states.add(world.row().state)
        _forget()
        if late:
            break
    assert len(states) > 1


async def _interrupted_after(world: World, words: str, pauses: int) -> bool:
    """Take a message; the contact speaks after so many pauses. Whether it was over by then."""
    turn = asyncio.ensure_future(world.session.say(Inbound(words)))
    for _ in range(pauses):
        await asyncio.sleep(0)
    over = turn.done()
    world.session.interrupt(None)
    await turn
    return over


@pytest.mark.parametrize(("made", "words"), list(CASES.values())[:3], ids=list(CASES)[:3])
def test_after_an_interruption_the_same_ending_works(made: Callable[[], World], words: str) -> None:
    world = made()
    world.heard.on_piece = lambda piece: world.session.interrupt(piece)
    world.do(world.session.say(Inbound(words)))
    assert world.row().state == Conversation.State.OPEN
    world.heard.on_piece = lambda piece: None
    slug = "t_bye" if words == "bye" else "t_move"
    world.chat.replies = [Reply("", [_call(slug)])]
    assert world.judge
    world.judge.verdicts = SURE
    world.do(world.session.say(Inbound("do it")))
    assert beside(lambda: world.row().state) in ("ringing", "ended")
