"""Who keeps the agent from answering: staff, a pause, a limit, a ringing transfer."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from agents.contacts.models import Contact
from agents.contacts.services import block_source
from agents.conversations.models import Conversation, InboxItem, Turn
from agents.routing.models import Inbox
from agents.transfers.models import Transfer
from tests.engine.test_orders import SURE, _call
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = pytest.mark.django_db


# --- START ------------------------------------------------------------------------------------


def _stopped() -> World:
    """A live SMS thread whose contact has sent STOP."""
    contact = Contact.objects.create(values={"first_name": "Maria"}, phone="+14155550142")
    world = make_world(
        [action("t_save")], verdicts={}, channel="sms", sandbox=False, contact=contact
    )
    world.say("STOP")
    contact.refresh_from_db()
    assert contact.blocked and block_source(contact=contact) == "keyword"
    world.heard.pieces.clear()
    return world


def _with_staff(world: World) -> str:
    Conversation.everything.update(state="staff")
    world.conversation.state = Conversation.State.STAFF
    return "staff_in_control"


def _paused(world: World) -> str:
    world.conversation.paused = True
    return "agent_paused"


def _long(world: World) -> str:
    world.conversation.memory.exchanges = world.conversation.version.settings.max_turns + 1
    return "time_limit"


def _expensive(world: World) -> str:
    world.conversation.tokens_used = world.conversation.version.settings.tokens_a_day
    return "model_failed"


@pytest.mark.parametrize("why", [_with_staff, _paused, _long, _expensive])
def test_start_lifts_the_block_and_the_agent_does_not_answer_over(why: Any) -> None:
    world = _stopped()
    code = why(world)
    turn = world.say("START")
    contact = Contact.objects.get()
    assert not contact.blocked and not contact.sms_opted_out
    assert Turn.objects.filter(inbound="START", state="done").exists()
    assert not world.chat.requests and world.codes() == {"t_save": code}
    if why in (_with_staff, _long):
        assert turn.spoken == ""


def test_start_with_nobody_in_control_is_answered() -> None:
    world = _stopped()
    world.chat.replies = [Reply("Welcome back.")]
    assert world.say("START").spoken.strip() == "Welcome back."


def test_start_does_not_lift_what_words_have_set() -> None:
    contact = Contact.objects.create(values={"first_name": "Maria"}, phone="+14155550142")
    world = make_world(
        [action("t_save")], verdicts={}, channel="sms", sandbox=False, contact=contact
    )
    world.say("Please never contact me again")
    world.say("START")
    contact.refresh_from_db()
    assert contact.blocked and not world.chat.requests


# --- a pause ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "Please call 555 0100."])
def test_a_paused_agent_promises_nobody_and_staff_are_told(words: str) -> None:
    settings = {"fallback_words": words} if words else {}
    world = make_world([action("t_save")], verdicts={}, sandbox=False, settings=settings)
    world.conversation.paused = True
    turn = world.say("hello")
    assert turn.spoken.strip() and "colleague" not in turn.spoken
    assert not words or turn.spoken == words
    world.say("hello?")
    assert InboxItem.objects.filter(released_at=None).count() == 1


# --- an answer that never comes ---------------------------------------------------------------


@pytest.mark.parametrize("sandbox", [True, False])
def test_what_never_matches_goes_to_the_staff_of_an_inbox(sandbox: bool) -> None:
    inbox = Inbox.objects.create(name="Support desk")
    ref = f"inbox:{inbox.pk}"
    step = {
        "id": "1",
        "messages": [{"id": "1", "text": "What is your email?"}],
        "expected": "A valid email",
        "max_reasks": 1,
        "never": "inbox",
        "never_ref": ref,
    }
    world = make_world(
        [action("sms_sequence", config={"steps": [step], "completion": "Thank you."})],
        Reply("", [call("sms_sequence")]),
        channel="sms",
        sandbox=sandbox,
        names={ref: inbox.name},
        verdicts={"sms_sequence": 0.99},
    )
    world.say("start")
    world.say("hm")
    assert world.row().state == Conversation.State.OPEN and not InboxItem.objects.exists()
    world.say("no idea")
    row = world.row()
    assert row.state == Conversation.State.STAFF and row.memory["script"] == {}
    assert row.outcome == "assigned to Support desk"
    assert world.conversation.facts.inbox == ref
    if sandbox:
        assert row.world["inbox"] == ref and not InboxItem.objects.exists()
    else:
        item = InboxItem.objects.get()
        assert item.inbox == inbox and item.released_at is None and item.note
    assert world.say("hello?").spoken == ""


# --- while it rings ---------------------------------------------------------------------------


def _ringing() -> World:
    world = make_world(
        [action("t_move"), action("t_save")],
        Reply("", [_call("t_move")]),
        verdicts=SURE,
        channel="voice",
        sandbox=False,
    )
    world.say("a person please")
    assert world.row().state == Conversation.State.RINGING
    world.chat.requests.clear()
    world.heard.pieces.clear()
    return world


@pytest.mark.parametrize("words", ["put me through to a person", "[pressed 1]"])
def test_words_while_a_transfer_rings_start_no_second_one(words: str) -> None:
    world = _ringing()
    world.chat.replies = [Reply("", [_call("t_move"), _call("t_save")])]
    turn = world.say(words)
    assert turn.spoken == "" and not world.chat.requests
    assert Transfer.objects.count() == 1 and world.runs() == [("t_move", "running")]
    assert set(world.codes().values()) == {"conversation_over"}
    assert Turn.objects.get(inbound=words).state == Turn.State.DONE
    world.do(world.session.leg("answered"))
    assert world.row().state == Conversation.State.HANDED_OFF
    assert not Transfer.objects.filter(outcome="").exists()


def test_after_it_came_back_the_agent_knows_what_was_said_meanwhile() -> None:
    world = _ringing()
    world.say("it is about my boiler")
    world.do(world.session.leg("busy"))
    world.do(world.session.leg("no_answer"))
    assert world.row().state == Conversation.State.OPEN
    world.chat.replies = [Reply("I can book a visit.")]
    assert world.say("and now?").spoken.strip() == "I can book a visit."
    asked = orjson.dumps(world.chat.requests[0].messages).decode()
    assert asked.count("it is about my boiler") == 1 and "came back" in asked
