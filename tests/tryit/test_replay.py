"""Replaying a test: the same steps on a new conversation, up to a turn, with other words there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agents.contacts.models import Contact
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.core.models import User
from agents.panels.models import Agent
from agents.tryit.compared import compared
from agents.tryit.replay import cut_of, frames_of, frames_to_come, steps_of
from agents.tryit.services import replay_test, start_test
from agents.tryit.trail import trail_of
from tests.conversations.drafts import make_draft
from tests.conversations.factories import make_contact, make_turn
from tests.tryit.socket import NOTHING, run_script, say

pytestmark = pytest.mark.django_db(transaction=True)
PRICE, EMAIL = "How much is a heater?", "My e-mail is new@lopez.com"


@pytest.fixture
def tester(user_of: Callable[[str], User]) -> User:
    return user_of("builder")


def begin(agent: Agent, contact: Contact | None, user: User, **fields: Any) -> Conversation:
    given: dict[str, Any] = {"direction": "inbound", "attempt": 1, "channel": "chat"} | fields
    return start_test(agent=agent, contact=contact, user=user, **given)


def again(test: Conversation, turn: int, user: User, **fields: Any) -> Conversation:
    given: dict[str, Any] = {"text": "", "on_draft": False} | fields
    test.refresh_from_db()
    return replay_test(test=test, turn=turn, user=user, **given)


def inbound(test: Conversation) -> list[str]:
    rows = Turn.objects.filter(conversation=test, kind="message")
    return list(rows.values_list("inbound", flat=True))


def kinds(test: Conversation) -> list[str]:
    test.refresh_from_db()
    return [step["type"] for step in steps_of(test)]


@pytest.fixture
def chat(tester: User) -> Conversation:
    """A price, an hour, an address."""
    test = begin(make_draft(), make_contact(), tester)
    skip = {"type": "skip", "seconds": 3600}, ("state", {})
    run_script(test, tester, [say(PRICE, 2), skip, say(EMAIL, 3)])
    return test


@pytest.mark.parametrize("channel", ["chat", "sms"])
def test_what_the_tester_did_is_kept_in_order(tester: User, channel: str) -> None:
    test = begin(make_draft(), make_contact(), tester, channel=channel)
    skip = {"type": "skip", "seconds": 3600}, ("state", {})
    run_script(test, tester, [say(PRICE, 2), skip, say(EMAIL, 3)])
    assert kinds(test) == ["say", "skip", "say"]
    assert test.world["contact"]["values"]["email"] == "new@lopez.com"
    assert "email" not in test.world["start"]["contact"]["values"]
    assert [(line.after, line.words) for line in trail_of(test)] == [(2, "1 hour later")]
    made = again(test, 3, tester)
    run_script(made, tester)
    assert inbound(made) == [PRICE, EMAIL]
    assert made.channel == channel


def test_the_same_message_twice_is_one_step(tester: User) -> None:
    test = begin(make_draft(), None, tester)
    twice = {"type": "say", "id": "m2", "text": PRICE}, ("ack", {"id": "m2"})
    run_script(test, tester, [say(PRICE, 2), twice])
    assert kinds(test) == ["say"]


def test_the_same_words_go_the_same_way(chat: Conversation, tester: User) -> None:
    made = again(chat, 3, tester)
    run_script(made, tester)
    made.refresh_from_db()
    assert inbound(made) == [PRICE, EMAIL]
    assert kinds(made) == ["say", "skip", "say"]
    assert made.clock_offset == 3600
    assert (made.version, made.contact) == (chat.version, chat.contact)
    assert made.world["contact"]["values"]["email"] == "new@lopez.com"
    found = compared(made)
    assert found and (found.turn, found.edited, found.changes, found.earlier) == (3, False, (), ())
    assert found.same_version and found.after == 3


def test_other_words_are_said_in_place_of_the_old(chat: Conversation, tester: User) -> None:
    made = again(chat, 2, tester, text="My heater is broken")
    run_script(made, tester, [say(EMAIL, 3)])
    assert inbound(made) == ["My heater is broken", EMAIL]
    found = compared(made)
    assert found and found.edited and found.source == chat
    told = {change.label: (change.before, change.now, change.why) for change in found.changes}
    assert told["Add communication tag"][:2] == (
        "fired: Tagged Sales, Heater",
        "fired: Tagged Heater",
    )
    assert told["Send SMS"][1] == "did not fire"
    assert told["Send SMS"][2].endswith("heard “My heater is broken”.")
    assert "Update contact property" not in told


def test_it_starts_from_the_contact_as_it_was(chat: Conversation, tester: User) -> None:
    Contact.objects.update(values={"first_name": "Somebody", "last_name": "Else"})
    made = again(chat, 2, tester)
    assert made.world["contact"]["values"]["first_name"] == "Maria"


def test_the_draft_is_taken_where_it_is_asked_for(chat: Conversation, tester: User) -> None:
    chat.agent.panel.actions.filter(type="send_sms").delete()
    made = again(chat, 2, tester, on_draft=True)
    run_script(made, tester)
    assert made.version != chat.version
    found = compared(made)
    assert found and not found.same_version
    assert [change.label for change in found.changes] == ["Send SMS"]


def test_a_call_is_repeated_with_its_colleague_and_its_keys(tester: User) -> None:
    agent, sales = make_draft("voice"), "I want sales"
    test = begin(agent, make_contact(), tester, channel="voice", direction="outbound", attempt=2)
    answered = {"type": "outcome", "kind": "answered"}, ("turn", {"turn": 1})
    declined = {"type": "leg", "outcome": "declined"}, ("state", {"state": "open"})
    ringing = say(sales, 2)[0], ("state", {"state": "ringing"})
    press = {"type": "key", "digit": "7"}, NOTHING
    complete = {"type": "key", "digit": "#"}, ("turn", {"turn": 5})
    run_script(test, tester, [answered, ringing, declined, press, complete])
    assert kinds(test) == ["outcome", "say", "leg", "say"]
    made = again(test, 5, tester)
    assert (made.direction, made.attempt, made.state) == ("outbound", 2, "waiting")
    run_script(made, tester)
    assert inbound(made) == [sales, "[pressed 7]"]
    assert ActionRun.objects.get(conversation=made, type="transfer_call").outcome == "declined"


def test_a_hand_off_that_rings_is_compared_as_far_as_it_is(tester: User) -> None:
    test = begin(make_draft("voice"), None, tester, channel="voice")
    ringing = say("I want sales", 2)[0], ("state", {"state": "ringing"})
    answered = {"type": "leg", "outcome": "answered"}, ("state", {"state": "handed_off"})
    run_script(test, tester, [ringing, answered])
    made = again(test, 2, tester)
    run_script(made, tester)
    made.refresh_from_db()
    assert made.state == "ringing"
    found = compared(made)
    assert found and found.changes == ()


def test_a_replay_that_was_cut_off_goes_on_where_it_was(chat: Conversation, tester: User) -> None:
    made = again(chat, 3, tester)
    assert [frame["type"] for frame in frames_of(made)] == ["say", "skip", "say"]
    make_turn(made, 2, inbound=PRICE, inbound_key="x")
    assert [frame["type"] for frame in frames_to_come(made.pk)] == ["skip", "say"]


def test_turns_of_nobody_cannot_be_replayed(chat: Conversation, tester: User) -> None:
    assert cut_of(chat, 1) is None
    with pytest.raises(ValueError, match="cannot be replayed"):
        again(chat, 1, tester)
    with pytest.raises(ValueError, match="cannot be replayed"):
        again(chat, 99, tester)


def test_a_test_that_was_deleted_is_not_repeated(chat: Conversation, tester: User) -> None:
    made = again(chat, 3, tester)
    chat.delete()
    assert frames_to_come(made.pk) == []
    found = compared(made)
    assert found and found.source is None


def test_release_is_kept_as_a_line(tester: User) -> None:
    test = begin(make_draft(), None, tester)
    test.state = Conversation.State.STAFF
    test.save()
    run_script(test, tester, [({"type": "release"}, ("state", {"state": "open"}))])
    test.refresh_from_db()
    assert test.state == "open"
    assert [line.words for line in trail_of(test)] == ["Staff released it"]
