"""A turn that fails ends: failed, with words for the contact, its cause, and an item for staff."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actions.base import Moment
from agents.conversations.models import ActionRun, Conversation, InboxItem, Turn
from agents.engine import events, ledger, message
from agents.engine.tools import read_call
from agents.engine.turn import Inbound, new_turn
from agents.outbox.models import Delivery
from agents.ports.live import LiveAdapters
from agents.ports.live_answers import LiveAnswers
from integrations.llm.types import ModelError
from tests.engine.inline import beside
from tests.engine.test_orders import SURE, _call
from tests.engine.world import Reply, ScriptedChat, World, action, call, join, make_world

pytestmark = pytest.mark.django_db


class Broken(ScriptedChat):
    """A model client with a bug."""

    async def stream(self, request: Any) -> Any:
        """Raise what nobody expects."""
        self.requests.append(request)
        raise RuntimeError("a bug")
        yield


class Breaking(LiveAdapters):
    """Adapters with a bug, for a while."""

    broken = True

    def context(self, *args: Any, **more: Any) -> Any:
        """Raise what nobody expects."""
        if self.broken:
            raise RuntimeError("a bug")
        return super().context(*args, **more)


def _turns() -> list[tuple[str, str]]:
    return beside(lambda: list(Turn.objects.order_by("number").values_list("kind", "state")))


def _broken(chat: Any = None, sandbox: bool = False, **more: Any) -> World:
    world = make_world([action("t_save")], verdicts={}, sandbox=sandbox, **more)
    world.session.engine.models.chat = chat or Broken()
    return world


def test_a_turn_that_raises_is_failed_with_words_and_its_cause() -> None:
    world = _broken()
    world.say("hello")
    row = Turn.objects.get()
    assert row.state == Turn.State.FAILED
    assert row.reply.strip() and world.heard.all == row.reply
    assert any("RuntimeError" in note for note in row.notes)
    assert world.codes() == {"t_save": "turn_failed"}


@pytest.mark.parametrize("sandbox", [True, False])
def test_staff_are_told_of_a_live_turn_that_failed(sandbox: bool) -> None:
    _broken(sandbox=sandbox).say("hello")
    items = list(InboxItem.objects.values_list("inbox_id", "released_at"))
    assert items == ([] if sandbox else [(None, None)])


def test_no_colleague_is_promised_where_none_is_told_to_come() -> None:
    world = _broken()
    world.say("hello")
    assert "colleague" not in world.heard.all
    written = _broken(settings={"fallback_words": "Please call 555 0100."})
    written.say("hello")
    assert written.heard.all == "Please call 555 0100."


def test_a_failed_turn_is_not_executed_again_and_the_next_message_is_answered() -> None:
    world = _broken()
    world.say("hello", "k1")
    again = join(world.row(), "Good morning.", verdicts={})
    again.do(again.session.resume())
    assert not again.chat.requests and _turns() == [("message", "failed")]
    again.do(again.session.say(Inbound("hello", "k1")))
    assert len(_turns()) == 1, "the same message again is known"
    again.say("are you there?")
    assert again.heard.all.strip() == "Good morning."
    assert _turns()[-1] == ("message", "done")


def test_in_the_same_process_the_next_message_is_answered_too() -> None:
    world = _broken()
    world.say("hello")
    world.session.engine.models.chat = world.chat
    world.chat.replies = [Reply("Good morning.")]
    assert world.say("are you there?").spoken.strip() == "Good morning."


def test_a_failed_turn_leaves_no_task_behind() -> None:
    world = make_world([action("t_save")], verdicts={}, judge_delay=30, sandbox=False)

    class Late(Broken):
        async def stream(self, request: Any) -> Any:
            """Raise once the judge has been asked."""
            await asyncio.sleep(0.01)
            raise RuntimeError("a bug")
            yield

    world.session.engine.models.chat = Late()

    async def turn() -> set[Any]:
        await world.session.say(Inbound("hello"))
        await asyncio.sleep(0)
        return {t for t in asyncio.all_tasks() if t is not asyncio.current_task()}

    left = world.do(turn())
    assert world.judge is not None and world.judge.asked and left == set()


def test_adapters_that_raise_in_the_middle_of_a_run_do_not_block_the_thread() -> None:
    world = make_world(
        [action("t_save")],
        Reply("", [call("t_save", value="a")]),
        "Good morning.",
        verdicts=SURE,
        sandbox=False,
    )
    adapters = Breaking(LiveAnswers())
    world.session.engine.adapters = adapters
    world.say("save it")
    assert Turn.objects.get().state == Turn.State.FAILED and world.heard.all.strip()
    assert not ActionRun.objects.filter(status__in=("running", "proposed")).exists()
    adapters.broken = False
    assert world.say("hello?").spoken.strip() == "Good morning."
    again = join(world.row(), verdicts={})
    again.do(again.session.resume())
    assert not again.chat.requests


# --- cut off --------------------------------------------------------------------------------------


def _cut(world: World, *messages: str, attempts: int = 1) -> None:
    """Turns whose process died after it had written what came in."""

    async def begin() -> None:
        for text in messages:
            turn = new_turn(world.session.engine, world.conversation, "message", Inbound(text))
            turn.row.attempts = attempts
            await turn.ensure_written()

    world.do(begin())


def test_every_turn_that_was_cut_off_is_taken_up_in_order() -> None:
    world = make_world([action("t_save")], verdicts={})
    _cut(world, "first", "second")
    again = join(world.row(), "One.", "Two.", verdicts={})
    again.do(again.session.resume())
    rows = list(Turn.objects.order_by("number").values_list("inbound", "reply", "state"))
    assert [(a, b.strip(), c) for a, b, c in rows] == [
        ("first", "One.", "done"),
        ("second", "Two.", "done"),
    ]
    said = [m["content"] for m in again.chat.requests[1].messages]
    assert any("One." in text for text in said) and "second" in said[-1]
    said = [m["content"] for m in again.chat.requests[0].messages]
    assert not any("second" in text for text in said)


@pytest.mark.parametrize(("attempts", "state"), [(1, "done"), (2, "done"), (3, "failed")])
def test_a_turn_is_taken_up_twice_and_then_failed(attempts: int, state: str) -> None:
    world = make_world([action("t_save")], verdicts={}, sandbox=False)
    _cut(world, "hello", attempts=attempts)
    again = join(world.row(), "Hello.", verdicts={})
    again.do(again.session.resume())
    row = Turn.objects.get()
    assert row.state == state and row.reply.strip()
    assert bool(again.chat.requests) == (state == "done")
    assert InboxItem.objects.exists() == (state == "failed")
    third = join(world.row(), "Good.", verdicts={})
    third.do(third.session.resume())
    assert not third.chat.requests, "nothing is left to be taken up"
    assert third.say("and now?").spoken.strip() == "Good."


def test_what_a_turn_was_in_when_it_was_cut_off_too_often_is_not_executed_again() -> None:
    world = make_world([action("t_save", repeat="once")], verdicts={}, sandbox=False)

    async def begin() -> None:
        turn = new_turn(world.session.engine, world.conversation, "message", Inbound("save it"))
        turn.row.attempts = 3
        kind = world.conversation.version.actions[0]
        proposal = read_call(kind.uid, call("t_save", value="a"), kind.arguments)
        run = ledger.new_run(world.conversation, turn.row, kind, proposal)
        assert await turn.enter(run, "running")

    world.do(begin())
    again = join(world.row(), verdicts={})
    again.do(again.session.resume())
    assert again.runs() == [("t_save", "failed")] and Turn.objects.get().state == "failed"
    assert "email" not in again.conversation.facts.contact.values


# --- turns that events make -----------------------------------------------------------------------


def _bug(*args: Any, **more: Any) -> Any:
    raise RuntimeError("a bug")


def test_a_hand_off_turn_that_raises_does_not_keep_the_call_from_its_transfer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world(
        [action("t_move"), action("t_ticket", moment="before_handoff")],
        Reply("", [_call("t_move")]),
        verdicts=SURE,
        channel="voice",
        sandbox=False,
    )
    monkeypatch.setattr(events.prompt, "event_message", _bug)
    world.say("a person please")
    assert world.row().state == Conversation.State.RINGING
    turn = Turn.objects.get(kind="handoff")
    assert turn.state == Turn.State.FAILED
    assert any("failed" in note for note in turn.notes)
    assert world.heard.all == "Connecting you now." and not Delivery.objects.exists()


def test_a_run_in_which_the_hand_off_turn_failed_ends_with_it() -> None:
    class BreakingThere(Breaking):
        def context(self, *args: Any, **more: Any) -> Any:
            """Raise before a hand-off alone."""
            self.broken = args[2].moment == Moment.BEFORE_HANDOFF
            return super().context(*args, **more)

    world = make_world(
        [action("t_move"), action("t_note", "", moment="before_handoff", repeat="once")],
        Reply("", [_call("t_move")]),
        verdicts=SURE,
        channel="voice",
        sandbox=False,
    )
    world.session.engine.adapters = BreakingThere(LiveAnswers())
    world.say("a person please")
    assert world.row().state == Conversation.State.RINGING
    assert dict(world.runs()) == {"t_move": "running", "t_note": "failed"}


def test_a_closing_that_raises_leaves_the_conversation_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world(
        [action("t_bye"), action("t_note", moment="after_end")],
        Reply("", [_call("t_bye")]),
        verdicts=SURE,
        channel="voice",
        sandbox=False,
    )
    monkeypatch.setattr(events.prompt, "event_message", _bug)
    world.say("bye")
    assert world.row().state == Conversation.State.ENDED
    assert ("closing", "failed") in _turns()
    assert world.heard.all == "Goodbye.", "nobody is spoken to after the end"
    again = join(world.row(), verdicts={})
    again.do(again.session.resume())
    assert len(_turns()) == 2 and not again.chat.requests


def test_a_closing_that_cannot_even_begin_is_not_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world(
        [action("t_note", moment="after_end")], verdicts={}, channel="voice", sandbox=False
    )
    monkeypatch.setattr(events, "sort_out", _bug)
    world.do(world.session.hang_up())
    assert _turns() == [("closing", "failed")]
    again = join(world.row(), verdicts={})
    again.do(again.session.resume())
    assert _turns() == [("closing", "failed")]


def test_a_call_that_nobody_answered_is_over_although_its_turn_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world(
        [action("t_note", "", moment="no_answer")],
        verdicts={},
        channel="voice",
        direction="outbound",
        sandbox=False,
    )
    monkeypatch.setattr(events.performing, "event_firing", _bug)
    world.do(world.session.not_answered("busy"))
    row = world.row()
    assert (row.state, row.outcome) == (Conversation.State.ENDED, "busy") and row.ended_at
    assert _turns() == [("no_answer", "failed")] and world.heard.all == ""


def test_a_greeting_that_fails_is_not_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world([action("t_save")], "Good morning.", verdicts={}, channel="voice")
    monkeypatch.setattr(message, "outside_thread", _bug)
    world.do(world.session.greet())
    assert world.heard.all.strip() and _turns() == [("greeting", "failed")]
    monkeypatch.undo()


# --- a model that is dead -------------------------------------------------------------------------

DOWN = ModelError("timeout", "The model did not answer in time.")


def _dead(**more: Any) -> World:
    replies = [Reply(error=DOWN) for _ in range(4)]
    return make_world([action("t_save")], *replies, verdicts={}, sandbox=False, **more)


def test_a_dead_model_hands_a_call_to_the_fallback_destination() -> None:
    world = _dead(
        channel="voice",
        settings={"fallback_ref": "person:1", "fallback_words": "A colleague takes over."},
    )
    world.say("hello")
    assert world.heard.all.strip() == "A colleague takes over."
    assert world.row().state == Conversation.State.RINGING


def test_the_default_words_promise_a_colleague_where_one_takes_over() -> None:
    world = _dead(channel="voice", settings={"fallback_ref": "person:1"})
    world.say("hello")
    assert "colleague" in world.heard.all


def test_a_dead_model_without_a_destination_is_honest_and_tells_staff() -> None:
    world = _dead()
    world.say("hello")
    assert world.heard.all.strip() and "colleague" not in world.heard.all
    assert world.row().state == Conversation.State.OPEN
    item = InboxItem.objects.get()
    assert item.inbox is None and item.conversation_id == world.conversation.id


def test_what_the_admin_wrote_is_said_as_it_is() -> None:
    world = _dead(settings={"fallback_words": "My colleague Ben calls you back today."})
    world.say("hello")
    assert world.heard.all.strip() == "My colleague Ben calls you back today."
    assert InboxItem.objects.exists()
