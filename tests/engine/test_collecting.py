"""Actions that ask for a value first, key presses, and staff who take over and give back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agents.contacts.models import Tag
from agents.conversations.models import ActionRun, Conversation, InboxItem
from agents.core import picks
from agents.engine.conversation import ConversationState
from agents.engine.keypad import KeyPad
from agents.engine.memory import Memory
from agents.routing.models import Inbox, Person
from agents.transfers.models import Transfer
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = pytest.mark.django_db
WHEN = "the caller gives an extension or asks for one"


@pytest.fixture
def ana() -> Person:
    """Whom extension 204 reaches."""
    return Person.objects.create(name="Ana Ruiz", extension="204", phone="+14155550101")


@pytest.fixture
def inbox() -> Inbox:
    """Where a call ends that leads nowhere."""
    return Inbox.objects.create(name="Support desk")


def extension(*replies: Reply | str, **config: Any) -> World:
    """A call on a panel with an extension action, in practice mode unless a model is scripted."""
    fallback = config.pop("fallback", None)
    names = {f"inbox:{fallback.pk}": fallback.name} if fallback else {}
    if fallback:
        config["fallback"] = f"inbox:{fallback.pk}"
    return make_world(
        [action("route_extension", WHEN, config=config)],
        *replies,
        channel="voice",
        practice=not replies,
        names=names,
        verdicts={"route_extension": 0.95} if replies else None,
    )


def test_a_spoken_extension_rings_its_person(ana: Person) -> None:
    world = extension()
    world.say("Extension two oh four, please")
    assert world.codes(0) == {"route_extension": "fired"}
    assert world.row().state == Conversation.State.RINGING
    transfer = Transfer.objects.get(conversation_id=world.conversation.id)
    assert transfer.legs.get().ref == f"person:{ana.pk}"
    world.do(world.session.leg("answered"))
    assert world.row().outcome == "transferred to Ana Ruiz"
    assert world.runs() == [("route_extension", "done")]


def test_it_asks_for_the_extension_and_takes_the_answer(ana: Person) -> None:
    world = extension()
    first = world.say("Can you put me through to an extension?")
    assert "Which extension" in first.spoken
    assert world.codes() == {"route_extension": "confirming"}
    assert world.runs() == [("route_extension", "asked")]
    world.say("two zero four")
    assert world.codes(1) == {"route_extension": "fired_by_rule"}
    assert world.row().state == Conversation.State.RINGING and world.row().memory["script"] == {}


def test_an_unknown_extension_is_said_and_asked_again_then_falls_back(inbox: Inbox) -> None:
    world = extension(fallback=inbox, tries=2)
    world.say("I want extension 900")
    assert "do not know that extension" in world.heard.all
    world.say("901")
    assert world.row().state == Conversation.State.OPEN, "asked a second time"
    world.say("902")
    assert world.row().state == Conversation.State.RINGING
    assert (
        Transfer.objects.get(conversation_id=world.conversation.id).legs.get().label
        == "Support desk"
    )


def test_without_a_fallback_the_agent_goes_on() -> None:
    world = extension(tries=1)
    world.say("I want extension 900")
    world.say("901")
    assert world.row().state == Conversation.State.OPEN and world.row().memory["script"] == {}
    assert world.runs()[-1] == ("route_extension", "cancelled")
    assert world.codes(-1) == {"route_extension": "missing_data"}


def test_a_question_in_between_is_answered_and_the_extension_asked_again(ana: Person) -> None:
    world = extension(Reply("", [call("route_extension", extension=None)]), "We open at eight.")
    world.say("I need an extension")
    turn = world.say("When do you open?")
    assert "We open at eight." in turn.spoken and "extension" in turn.spoken
    assert world.conversation.memory.script["asked"] == 2


def test_a_restart_in_between_keeps_the_question(ana: Person) -> None:
    world = extension()
    world.say("Put me through to an extension")
    assert Conversation.everything.get(id=world.conversation.id).memory["script"]["asked"] == 1


class Pad:
    """A key pad on a conversation that only knows its script."""

    def __init__(self, **script: Any) -> None:
        conversation = ConversationState.__new__(ConversationState)
        conversation.memory = Memory(script=script)
        self.pad, self.said = KeyPad(conversation), []  # type: ignore[var-annotated]

    def press(self, keys: str, wait: float = 0) -> list[str]:
        """Press them one after another."""

        async def all_of_them() -> None:
            for key in keys:
                self.pad.press(key, self.said.append)
            await asyncio.sleep(wait)

        asyncio.run(all_of_them())
        return self.said


def test_keys_are_complete_with_the_last_digit_with_hash_or_after_a_pause(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "keys": 0.01}
    asking = {"reads": "extension", "digits": 3, "seconds": 0.01}
    assert Pad(**asking).press("204") == ["[pressed 204]"]
    assert Pad(**asking).press("20#") == ["[pressed 20]"]
    assert Pad(**asking).press("9*204") == ["[pressed 204]"], "the star begins anew"
    assert Pad(**asking).press("20", 0.05) == ["[pressed 20]"]
    assert Pad().press("1", 0.05) == ["[pressed 1]"]
    assert Pad().press("#") == ["[pressed #]"]


def assigning(inbox: Inbox, **more: Any) -> World:
    """A conversation on a panel that hands over to an inbox, with a tag before the hand-off."""
    moment = more.pop("moment", "during")
    ref = f"inbox:{inbox.pk}"
    config = {"inbox": ref, "note": "Wants a refund"}
    tag = f"tag:{Tag.objects.create(name='Refund').pk}"
    tags = {"tags": [{"id": "1", "tag": tag}]}
    when = "the contact wants to speak to a person"
    return make_world(
        [
            action("assign_inbox", when if moment == "during" else "", config=config,
                   moment=moment),
            action("communication_tag", "", moment="before_handoff", config=tags),
        ],
        practice=True,
        names={ref: inbox.name, tag: "Refund"},
        **more,
    )  # fmt: skip


@pytest.mark.parametrize("sandbox", [True, False])
def test_staff_take_a_thread_over_and_give_it_back(inbox: Inbox, sandbox: bool) -> None:
    world = assigning(inbox, sandbox=sandbox)
    turn = world.say("I want to speak to a person")
    assert world.codes(0)["assign_inbox"] == "fired"
    assert "A colleague will help you" in turn.spoken
    assert world.row().state == Conversation.State.STAFF
    assert world.row().outcome == "assigned to Support desk"
    assert ("communication_tag", "done") in world.runs(), "a hand-off is an event turn"
    assert world.say("Are you there?").spoken == ""
    assert world.codes(-1)["assign_inbox"] == "staff_in_control"
    if not sandbox:
        assert str(InboxItem.objects.get()) == "Support desk: Wants a refund"
    world.do(world.session.release("ben"))
    assert world.row().state == Conversation.State.OPEN
    assert world.say("Hello?").spoken
    if not sandbox:
        assert InboxItem.objects.get().released_by == "ben"


def test_a_call_rings_the_inbox_and_a_message_opens_an_item(inbox: Inbox) -> None:
    world = assigning(inbox, channel="voice", sandbox=False)
    world.say("I want to speak to a person")
    assert world.row().state == Conversation.State.RINGING
    world.do(world.session.leg("no_answer"))
    world.do(world.session.leg("message_taken"))
    assert world.row().state == Conversation.State.HANDED_OFF
    assert InboxItem.objects.get().note == "The caller left a message."


def test_after_the_end_it_is_an_item_only(inbox: Inbox) -> None:
    world = assigning(inbox, moment="after_end", sandbox=False)
    world.say("Thank you")
    world.do(world.session.hang_up())
    assert world.row().state == Conversation.State.ENDED
    assert InboxItem.objects.get().inbox == inbox


def test_silence_may_bring_staff(inbox: Inbox) -> None:
    world = assigning(inbox, moment="idle")
    world.say("I will think about it")
    world.do(world.session.skip(3600))
    assert world.row().state == Conversation.State.STAFF
    assert world.row().world["inbox"] == f"inbox:{inbox.pk}"


def test_an_inbox_that_was_deleted_is_said_and_nothing_breaks(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = assigning(inbox)
    monkeypatch.setattr(picks, "exists", lambda ref: bool(picks.labels([ref])))
    inbox.delete()
    world.say("I want to speak to a person")
    assert world.codes() == {"assign_inbox": "missing_data", "communication_tag": "wrong_moment"}
    assert world.row().state == Conversation.State.OPEN
    assert ActionRun.objects.get(type="assign_inbox").status == "cancelled"
