"""Business hours at the door: calls and threads outside them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from actions.hours import DAYS, Hours
from agents.conversations.models import ActionRun, Conversation, InboxItem, Turn
from agents.conversations.reasons import OUTSIDE
from agents.engine.turn import Inbound
from agents.routing.models import Inbox
from agents.transfers.models import Leg, Transfer
from tests.engine.world import World, action, join, make_world

pytestmark = pytest.mark.django_db
NAMES = {"inbox:1": "Office", "person:1": "Ana"}


def shut(**settings: Any) -> dict[str, Any]:
    """Settings of an agent whose business is closed today and tomorrow, wherever it is tried."""
    today = datetime.now(UTC).weekday()
    open_day = DAYS[(today + 3) % 7]
    words = {"outside_words": "We are closed.", "cannot_words": "Nobody is there."}
    return {"hours": {open_day: "8:00-18:00"}, **words, **settings}


def call(**settings: Any) -> World:
    """A call that has just come in."""
    world = make_world(
        [action("t_save")], "Gladly.", channel="voice", names=NAMES, verdicts={},
        settings=shut(**settings),
    )  # fmt: skip
    world.do(world.session.greet())
    return world


def greeting(world: World) -> Turn:
    """The first turn."""
    return Turn.objects.get(conversation_id=world.conversation.id, kind="greeting")


def test_a_call_is_answered_as_always_unless_something_else_was_chosen() -> None:
    world = call()
    assert world.heard.all == "Hello. I am an AI." and world.conversation.state == "open"
    assert greeting(world).notes == []


def test_a_call_hears_the_words_and_is_transferred() -> None:
    world = call(outside_call="transfer", outside_ref="person:1")
    assert world.heard.all == "I am an AI. We are closed."
    assert OUTSIDE in greeting(world).notes
    leg = Leg.objects.get(transfer__conversation_id=world.conversation.id)
    assert (leg.label, leg.state, world.row().state) == ("Ana", "ringing", "ringing")
    world.do(world.session.leg("answered"))
    assert world.row().state == "handed_off" and world.row().outcome == "transferred to Ana"
    assert world.chat.requests == [], "no model is asked about a call that is not answered"


def test_the_call_ends_where_the_transfer_reaches_nobody() -> None:
    world = call(outside_call="transfer", outside_ref="person:1")
    world.do(world.session.leg("no_answer"))
    assert world.heard.all.endswith("Nobody is there.") and world.row().state == "ended"


def test_a_call_leaves_a_message_for_an_inbox_and_nobody_is_rung() -> None:
    inbox = Inbox.objects.create(name="Office")
    ref = f"inbox:{inbox.pk}"
    world = call(outside_call="message", outside_inbox=ref)
    assert Leg.objects.get(transfer__conversation_id=world.conversation.id).state == "recording"
    world.do(world.session.leg("message_taken"))
    assert world.row().state == "handed_off"
    assert InboxItem.objects.get(conversation_id=world.conversation.id).inbox == inbox
    assert Transfer.objects.get().outcome == "message_taken"


def test_a_call_is_ended_after_the_words() -> None:
    world = call(outside_call="end")
    row = world.row()
    assert (row.state, row.outcome) == ("ended", "outside business hours")
    assert row.ended_at is not None
    assert [turn.row.kind for turn in world.turns] == ["greeting", "closing"]
    world.do(world.session.say(Inbound("Hello?")))
    assert world.heard.all == "I am an AI. We are closed."


def test_our_own_calls_are_not_turned_away() -> None:
    world = make_world([], channel="voice", direction="outbound", settings=shut(outside_call="end"))
    world.do(world.session.answered())
    assert world.conversation.state == "open"
    assert world.heard.all == "Hi Maria, this is the AI assistant of our team."


def thread(*replies: str, **settings: Any) -> World:
    """A thread with a closed business."""
    return make_world([action("t_save")], *replies, verdicts={}, settings=shut(**settings))


def test_a_thread_gets_the_words_once_and_then_nothing() -> None:
    world = thread(outside_thread="quiet")
    world.say("Hello")
    world.say("Anybody?")
    assert world.heard.all == "We are closed." and world.chat.requests == []
    assert world.codes() == {"t_save": "outside_hours"}
    assert world.conversation.state == "open"


def test_a_thread_gets_the_words_once_and_is_answered() -> None:
    world = thread("How can I help?", "Of course.", outside_thread="go_on")
    world.say("Hello")
    world.say("I need help")
    assert world.heard.all.split() == [
        "We",
        "are",
        "closed.",
        "How",
        "can",
        "I",
        "help?",
        "Of",
        "course.",
    ]
    assert world.codes() == {"t_save": "condition_not_met"}


def test_the_words_were_said_also_for_the_next_process() -> None:
    world = thread(outside_thread="quiet")
    world.say("Hello")
    again = join(world.row())
    again.say("Anybody?")
    assert again.heard.all == ""


def test_the_greeting_of_a_thread_says_it_and_counts() -> None:
    world = thread("Yes?", outside_thread="go_on")
    world.do(world.session.greet())
    assert world.heard.all == "Hello. I am an AI. We are closed."
    world.say("Hello")
    assert world.heard.all.count("We are closed.") == 1
    quiet = thread(outside_thread="quiet")
    quiet.do(quiet.session.greet())
    quiet.say("Hello")
    assert quiet.heard.all == "I am an AI. We are closed."


def test_when_it_opens_the_agent_answers_again() -> None:
    world = thread("Good morning.", outside_thread="quiet", closes_after_hours=720)
    world.say("Hello")
    opens = world.conversation.version.settings.hours.next_time(world.conversation.now(), open=True)
    world.do(world.session.skip((opens - world.conversation.now()).total_seconds() + 60))
    world.say("And now?")
    assert world.heard.all.strip().endswith("Good morning.")
    closes = world.conversation.version.settings.hours.next_time(
        world.conversation.now(), open=False
    )
    world.do(world.session.skip((closes - world.conversation.now()).total_seconds() + 60))
    world.say("Late")
    assert world.heard.all.count("We are closed.") == 2, "closed again, said again"


def test_opt_out_counts_outside_hours_as_well() -> None:
    world = thread(outside_thread="quiet")
    world.say("Stop texting me, take me off your list")
    assert world.conversation.facts.contact.dnc


def test_the_next_time_is_found_over_a_change_of_the_clock() -> None:
    hours = Hours(zone="America/New_York", sunday="1:00-4:00")
    before = datetime(2026, 3, 7, 12, tzinfo=UTC)  # the night in which two o'clock is left out
    assert hours.next_time(before, open=True) == datetime(2026, 3, 8, 6, tzinfo=UTC)
    opened = datetime(2026, 3, 8, 6, tzinfo=UTC)
    assert hours.next_time(opened, open=False) == datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert Hours().next_time(before, open=False) is None
    assert Hours().next_time(before, open=True) == before


# --- caps ---------------------------------------------------------------------------------


def test_a_call_that_lasts_too_long_is_handed_over() -> None:
    world = make_world(
        [], "Yes.", channel="voice", names=NAMES,
        settings={"max_minutes": 5, "fallback_ref": "person:1", "cap_words": "That was long."},
    )  # fmt: skip
    world.do(world.session.greet())
    world.say("Hello")
    world.conversation.clock_offset += 5 * 60
    world.say("And another thing")
    assert world.heard.all.endswith("That was long.") and world.row().state == "ringing"
    assert ActionRun.objects.count() == 0


def test_a_call_without_a_fallback_ends_at_its_limit() -> None:
    world = make_world([], "Yes.", channel="voice", settings={"max_turns": 1})
    world.say("One")
    world.say("Two")
    assert world.row().state == "ended" and world.row().outcome == "a limit of the agent"


def test_a_thread_at_its_limit_goes_to_the_fallback_inbox() -> None:
    inbox = Inbox.objects.create(name="Office")
    ref = f"inbox:{inbox.pk}"
    world = make_world(
        [], "Yes.", names={ref: "Office"}, sandbox=False,
        settings={"max_turns": 1, "fallback_ref": ref, "cap_words": "A colleague reads this."},
    )  # fmt: skip
    world.say("One")
    world.say("Two")
    row: Conversation = world.row()
    assert row.state == "staff" and world.heard.all.endswith("A colleague reads this.")
    assert InboxItem.objects.get(conversation=row).inbox == inbox


def test_a_thread_without_a_fallback_gets_the_words_once() -> None:
    world = make_world([], "Yes.", settings={"max_turns": 1, "cap_words": "Enough."})
    for text in ("One", "Two", "Three"):
        world.say(text)
    assert world.heard.all.split() == ["Yes.", "Enough."]
