"""Why an action may not run: the first reason that holds, in an order that people can rely on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.base import Moment
from agents.conversations.reasons import Reason
from agents.engine.conversation import ConversationState, ended
from agents.engine.eligibility import CHECKS, all_out, sort_out, why_out
from agents.engine.memory import Used
from tests.engine.world import action, make_world

pytestmark = pytest.mark.django_db
Change = Callable[[Any, ConversationState], object]


def _close(one: Any, conversation: ConversationState) -> None:
    conversation.state = "ended"


def _done(one: Any, conversation: ConversationState) -> None:
    conversation.memory.used[one.uid] = Used(done=True, last_turn=conversation.memory.turn)


def _cool(one: Any, conversation: ConversationState) -> None:
    conversation.memory.used[one.uid] = Used(last_turn=conversation.memory.turn)


# From the last reason to the first: each is caused on top of all those before it.
CAUSES: list[tuple[Reason, Change]] = [
    (Reason.MISSING_DATA, lambda a, s: setattr(a, "problem", Reason.MISSING_DATA)),
    (Reason.ONLY_IF_FAILED, lambda a, s: setattr(s.facts, "direction", "outbound")),
    (Reason.COOLING_DOWN, _cool),
    (Reason.ALREADY_DONE, _done),
    (Reason.STAFF_IN_CONTROL, lambda a, s: setattr(s, "state", "staff")),
    (Reason.AGENT_PAUSED, lambda a, s: setattr(s, "paused", True)),
    (Reason.CONVERSATION_OVER, _close),
    (Reason.WRONG_CHANNEL, lambda a, s: setattr(s.facts, "channel", "another")),
    (Reason.DISABLED, lambda a, s: setattr(a, "frozen", off(a.frozen))),
    (Reason.UNAVAILABLE_TYPE, lambda a, s: setattr(a, "problem", Reason.UNAVAILABLE_TYPE)),
]


def off(frozen: Any) -> Any:
    return frozen.model_copy(update={"enabled": False})


def one_action(**more: Any) -> tuple[Any, ConversationState]:
    """A conversation whose version holds this action alone."""
    conversation = make_world([action("t_save", **more)]).conversation
    return conversation.version.actions[0], conversation


def code(one: Any, conversation: ConversationState, moment: str = Moment.DURING) -> str:
    found = why_out(one, conversation, moment)
    return found["code"] if found else ""


def test_the_reason_that_is_looked_at_first_hides_all_later_ones() -> None:
    only_if = [{"kind": "direction", "value": "inbound"}]
    one, conversation = one_action(only_if=only_if, repeat="once", cool_down=2)
    assert code(one, conversation) == ""
    for reason, cause in CAUSES:
        cause(one, conversation)
        assert code(one, conversation) == reason, reason


def test_the_order_of_the_reasons_is_the_order_of_the_checks() -> None:
    order = [reason for reason, _ in CHECKS]
    caused = [reason for reason, _ in reversed(CAUSES)]
    assert [reason for reason in order if reason in caused] == caused
    assert set(order) - set(caused) == {Reason.WRONG_MOMENT, Reason.NEEDS_MODEL}


def test_another_moment_is_named() -> None:
    one, conversation = one_action(moment="after_end")
    found = why_out(one, conversation, Moment.DURING)
    assert found and (found["code"], found["note"]) == ("wrong_moment", "after_end")
    _close(one, conversation)
    assert code(one, conversation, Moment.AFTER_END) == ""


def test_what_failed_is_said_with_its_labels() -> None:
    guards = [{"kind": "has_property", "ref": "property:email"}]
    one, conversation = one_action(only_if=guards)
    found = why_out(one, conversation, Moment.DURING)
    assert found and found["note"] == "Only if the contact has Email"
    conversation.facts.contact.values["email"] = "maria@lopez.com"
    assert code(one, conversation) == ""


@pytest.mark.parametrize(
    ("wait", "turns_since", "cools"),
    [(0, 0, False), (1, 1, True), (1, 2, False), (3, 3, True), (3, 4, False)],
)
def test_a_cool_down_counts_whole_turns(wait: int, turns_since: int, cools: bool) -> None:
    one, conversation = one_action(cool_down=wait, repeat="every_time")
    conversation.memory.turn = 10
    conversation.memory.used[one.uid] = Used(done=True, last_turn=10 - turns_since)
    assert (code(one, conversation) == Reason.COOLING_DOWN) is cools


def test_an_action_that_never_ran_does_not_cool_down_in_the_first_turn() -> None:
    one, conversation = one_action(cool_down=1000)
    assert code(one, conversation) == ""


@pytest.mark.parametrize(
    ("repeat", "here", "before", "out"),
    [
        ("every_time", True, True, False),
        ("once", True, False, True),
        ("once", False, True, False),
        ("once_per_contact", False, True, True),
        ("once_per_contact", True, False, True),
        ("once_per_contact", False, False, False),
    ],
)
def test_once_looks_at_the_conversation_or_at_the_contact(
    repeat: str, here: bool, before: bool, out: bool
) -> None:
    one, conversation = one_action(repeat=repeat)
    conversation.memory.used[one.uid] = Used(done=here)
    conversation.used_by_contact = {one.uid} if before else set()
    assert (code(one, conversation) == Reason.ALREADY_DONE) is out


def test_a_run_that_failed_has_not_used_an_action_up() -> None:
    one, conversation = one_action(repeat="once")
    conversation.memory.ran(ended(conversation, one.uid, "failed", "failed"), "")
    assert code(one, conversation) == ""
    conversation.memory.ran(ended(conversation, one.uid, "done", "done"), "")
    conversation.memory.ran(ended(conversation, one.uid, "failed", "failed"), "")
    assert code(one, conversation) == Reason.ALREADY_DONE


def test_every_action_stands_on_one_side() -> None:
    listed = [
        action("t_save"),
        action("t_save", enabled=False),
        action("t_nothing_of_this_name"),
        action("t_look", moment="after_end"),
        action("t_look"),
    ]
    conversation = make_world(listed).conversation
    eligible, out = sort_out(conversation, Moment.DURING)
    assert [one.uid for one in eligible] == [listed[0]["uid"], listed[4]["uid"]]
    assert {uid: entry["code"] for uid, entry in out.items()} == {
        listed[1]["uid"]: "disabled",
        listed[2]["uid"]: "unavailable_type",
        listed[3]["uid"]: "wrong_moment",
    }


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        (Reason.SCRIPT_TURN, ["script_turn", "disabled", "script_turn"]),
        (Reason.OUTSIDE_HOURS, ["outside_hours", "disabled", "outside_hours"]),
        (Reason.TIME_LIMIT, ["time_limit", "disabled", "already_done"]),
    ],
)
def test_a_turn_without_actions_keeps_the_reasons_that_stand_before_its_own(
    why: Reason, expected: list[str]
) -> None:
    listed = [action("t_save"), action("t_save", enabled=False), action("t_save", repeat="once")]
    conversation = make_world(listed).conversation
    conversation.memory.used[listed[2]["uid"]] = Used(done=True)
    out = all_out(conversation, Moment.DURING, why, "as said")
    assert [out[one["uid"]]["code"] for one in listed] == expected
    assert out[listed[0]["uid"]]["note"] == "as said"
