"""The contact speaks: at every stage of a turn what has not been claimed is dropped."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actions.base import Outcome
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.outbox.models import Delivery
from agents.transfers.models import Transfer
from tests.engine.slow import Slow
from tests.engine.slow import threads as threads
from tests.engine.test_orders import SURE, _call
from tests.engine.world import Reply, ScriptedChat, World, action, call, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_ways")]


class Interrupting(ScriptedChat):
    """A model during whose nth answer the contact speaks."""

    def __init__(self, at: int, *replies: Reply | str) -> None:
        super().__init__(*replies)
        self.at = at
        self.session: Any = None

    async def stream(self, request: Any) -> Any:
        """Interrupt before the first token of that answer."""
        async for event in super().stream(request):
            if len(self.requests) == self.at:
                self.session.interrupt("")
            yield event


def _with_help(*, at: int, **more: Any) -> World:
    """A transfer with a ticket; the contact speaks during the model's `at`th answer."""
    world = make_world(
        [
            action("t_save"),
            action("t_move"),
            action("t_ticket", moment="before_handoff"),
            action("t_note", "", moment="after_end"),
        ],
        verdicts=SURE,
        channel="voice",
        **more,
    )
    chat = Interrupting(
        at,
        Reply("", [_call("t_save"), _call("t_move")]),
        Reply("", [_call("t_ticket")]),
        Reply("", [_call("t_save"), _call("t_move")]),
        Reply("", [_call("t_ticket")]),
    )
    chat.session = world.session
    world.session.engine.models.chat = chat
    return world


def _nothing_left(world: World) -> None:
    assert world.row().state == "open" and not Transfer.objects.exists()
    assert not Delivery.objects.exists()
    left = ActionRun.objects.filter(conversation_id=world.conversation.id)
    assert not left.filter(status__in=("proposed", "running", "unknown")).exists()
    assert not left.filter(type="t_move", status="done").exists()


def test_an_interruption_while_the_model_speaks_runs_nothing() -> None:
    world = _with_help(at=1)
    world.say("a person please")
    _nothing_left(world)
    assert world.runs() == []
    assert world.codes() == {
        "t_save": "interrupted",
        "t_move": "interrupted",
        "t_ticket": "wrong_moment",
        "t_note": "wrong_moment",
    }


def test_an_interruption_during_the_barrier_cancels_all_that_would_leave() -> None:
    world = _with_help(at=2)
    world.say("a person please")
    _nothing_left(world)
    assert ("t_save", "done") in world.runs() and ("t_move", "interrupted") in world.runs()
    assert world.codes(0)["t_save"] == "fired" and world.codes(0)["t_move"] == "interrupted"


def test_an_interruption_of_the_closing_words_cancels_and_a_later_ending_works(
    settings: Any,
) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 0.3}
    world = _with_help(at=0)
    world.heard.on_piece = lambda piece: world.session.interrupt(piece)
    world.say("a person please")
    _nothing_left(world)
    assert dict(world.runs())["t_ticket"] == "interrupted"
    world.heard.on_piece = lambda piece: None
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 0.01}
    world.say("do it")
    assert world.row().state == "ringing" and Delivery.objects.count() == 1


def test_an_interruption_in_the_grace_window_cancels(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 5}
    world = _with_help(at=0)

    def later(piece: str) -> None:
        asyncio.get_running_loop().call_later(0.02, world.session.interrupt, None)

    world.heard.on_piece = later
    world.say("a person please")
    _nothing_left(world)
    assert world.heard.all == "Connecting you now."


def test_after_the_claim_an_interruption_changes_nothing() -> None:
    world = _with_help(at=0)
    world.say("a person please")
    world.session.interrupt("hey")
    assert world.row().state == "ringing" and Delivery.objects.count() == 1
    assert dict(world.runs()) == {"t_save": "done", "t_move": "running", "t_ticket": "done"}


def test_what_runs_when_the_contact_speaks_comes_to_its_end(threads: Any) -> None:
    world = make_world(
        [action("t_slow"), action("t_save")],
        Reply("", [call("t_slow"), _call("t_save")]),
        verdicts=SURE,
    )
    world.session.engine.asking = threads
    before = Slow.execute

    def speak(self: Any, ctx: Any, config: Any, args: Any) -> Outcome:
        loop.call_soon_threadsafe(world.session.interrupt, "")
        return before(self, ctx, config, args)

    async def turn() -> None:
        nonlocal loop
        from agents.engine.turn import Inbound

        loop = asyncio.get_running_loop()
        await world.session.say(Inbound("go"))

    loop: Any = None
    Slow.execute = speak  # type: ignore[method-assign]
    try:
        world.do(turn())
    finally:
        Slow.execute = before  # type: ignore[method-assign]
    assert world.runs() == [("t_slow", "done")]
    assert world.codes() == {"t_slow": "fired", "t_save": "interrupted"}
    assert Turn.objects.get(conversation_id=world.conversation.id).state == "done"
    assert world.row().state == Conversation.State.OPEN
