"""A conversation read from its rows equals the one in memory, to the byte of the next prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.engine import compiled, prompt
from agents.engine.conversation import ConversationState, read_conversation
from agents.panels.models import Agent
from agents.routing.models import Inbox
from integrations.llm.types import ToolCall
from tests.engine import hostile
from tests.engine.test_properties import QUIET, happen
from tests.engine.world import Reply, World, action, call, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_ways")]
# The lease and what waits belong to the process; the rest is set when a turn begins.
ASIDE = {
    "ConversationState": {"lease_no", "lost", "practice", "ahead", "version"},
    "Facts": {"now", "message", "open_now"},
}
EVENTS = st.lists(
    st.one_of(
        hostile.EVENTS.map(lambda events: events[0]),
        st.tuples(st.just("say"), st.sampled_from(["STOP", "START", "yes", "maria@lopez.com"])),
        st.tuples(st.sampled_from(["release", "answered", "not_answered", "hang_up"]), st.just("")),
    ),
    min_size=3,
    max_size=8,
)


@dataclass
class Case:
    """One conversation that hypothesis made up."""

    actions: list[dict[str, Any]]
    replies: list[Reply]
    verdicts: dict[str, float] | None
    events: list[tuple[str, str]]
    channel: str
    sandbox: bool
    fallback: str
    outbound: bool


CASES = st.builds(
    Case,
    actions=hostile.actions(),
    replies=st.lists(hostile.replies(), min_size=4, max_size=12),
    verdicts=hostile.VERDICTS,
    events=EVENTS,
    channel=st.sampled_from(["chat", "voice", "sms"]),
    sandbox=st.booleans(),
    fallback=st.sampled_from(["", "person:1", "inbox"]),
    outbound=st.booleans(),
)


SURE = dict.fromkeys(("t_save", "t_move", "t_bye", "t_note", "t_steps", "t_confirm"), 0.99)
MOVE = call("t_move", reason="help")


def known(*events: str, actions: Sequence[str], replies: Sequence[Reply], **values: Any) -> Case:
    """A conversation in which something is kept for later; what is no event is said."""
    made: list[tuple[str, str]] = []
    for event in events:
        what, _, value = event.partition(":")
        made.append((what, value) if value or what == "release" else ("say", what))
    given = {"verdicts": SURE, "channel": "voice", "fallback": "", "outbound": False} | values
    made_actions = [action(one) for one in actions]
    return Case(made_actions, list(replies), events=made, sandbox=False, **given)


KNOWN = {
    "released by staff": known(
        "Hello", "release", "Hello",
        actions=["t_save"], replies=[Reply(error=hostile.DOWN[3])] * 3,
        channel="chat", fallback="inbox",
    ),
    "a transfer that came back": known(
        "a person please", "leg:busy", "leg:no_answer", "Hello",
        actions=["t_move"], replies=[Reply("", [MOVE])],
    ),
    "missed by the model": known("Hello", "Hello", actions=["t_move"], replies=[Reply("Hi.")]),
    "not confirmed": known(
        "Hello", "no", "Hello",
        actions=["t_move"], replies=[Reply("", [MOVE])], verdicts={"t_move": 0.1},
    ),
    "a sequence": known(
        "Hello", "maria@lopez.com", "skip:9000", "yes", "Hello",
        actions=["t_steps"], replies=[Reply("", [call("t_steps")])], channel="sms",
    ),
    "read back": known(
        "Hello", "yes", "Hello",
        actions=["t_confirm"], replies=[Reply("", [call("t_confirm", value="a@b.co")])],
    ),
    "interrupted": known(
        "interrupted:Hello", "Hello",
        actions=["t_save"], replies=[Reply("I will do that now.", [call("t_save", value="v")])],
    ),
    "opted out and in": known("STOP", "Hello", "START", actions=["t_save"], replies=[],
                              channel="sms"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _waits(settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "judge": 0.015, "grace": 0.005, "barrier": 0.5}


def play(case: Case) -> None:
    """Take the conversation through its events and read it after each."""
    inbox, _ = Inbox.objects.get_or_create(name="Support")
    fallback = f"inbox:{inbox.pk}" if case.fallback == "inbox" else case.fallback
    world = make_world(
        case.actions,
        *case.replies,
        verdicts=case.verdicts,
        channel=case.channel,
        sandbox=case.sandbox,
        direction="outbound" if case.outbound else "inbound",
        settings={"fallback_ref": fallback},
    )
    for number, (what, value) in enumerate(case.events):
        _happen(world, what, value, number)
        world.session.engine.writer.flush()
        _compare(world.conversation, (what, value))


def _happen(world: World, what: str, value: str, number: int) -> None:
    session = world.session
    if what == "release":
        world.do(session.release("Ana"))
    elif what == "answered":
        world.do(session.answered())
    elif what == "not_answered":
        world.do(session.not_answered("busy"))
    else:
        happen(world, what, value, number)
        Agent.objects.filter(pk=world.conversation.agent_id).update(
            paused=session.conversation.paused
        )


def _compare(held: ConversationState, event: tuple[str, str]) -> None:
    compiled.forget()
    read = read_conversation(held.id)
    assert _differences(held, read) == {}, event
    read.facts.now = held.facts.now = held.now()
    assert read.version.system == held.version.system
    asked = [orjson.dumps(prompt.turn_messages(one, "hello")) for one in (held, read)]
    assert asked[0] == asked[1], event


def _differences(held: Any, read: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Field by field: what is held and what was read."""
    if not is_dataclass(held) or type(held) is not type(read):
        return {path: (held, read)} if _plain(held) != _plain(read) else {}
    aside = ASIDE.get(type(held).__name__, set())
    found: dict[str, tuple[Any, Any]] = {}
    for one in fields(held):
        if one.name not in aside:
            name = f"{path}.{one.name}".strip(".")
            found |= _differences(getattr(held, one.name), getattr(read, one.name), name)
    return found


def _plain(value: Any) -> Any:
    """JSON knows no tuples."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "live"])
@pytest.mark.parametrize("name", KNOWN)
def test_what_is_kept_for_later_is_read_again(name: str, sandbox: bool) -> None:
    play(replace(KNOWN[name], sandbox=sandbox))


def _live(one: dict[str, Any], called: ToolCall) -> tuple[ConversationState, ConversationState]:
    """A live conversation in which one action has run: as it is held, and as it is read."""
    slug = one["type"]
    world = make_world([one], Reply("", [called]), verdicts={slug: 0.99}, sandbox=False)
    world.say("Hello")
    assert world.runs() == [(slug, "done")]
    world.session.engine.writer.flush()
    return world.conversation, read_conversation(world.conversation.id)


def test_a_note_of_a_live_conversation_is_read_again() -> None:
    held, read = _live(action("t_note"), call("t_note"))
    assert held.facts.notes == read.facts.notes


def test_what_a_contact_has_used_up_is_held_as_it_is_read() -> None:
    held, read = _live(action("t_note", repeat="once_per_contact"), call("t_note"))
    assert held.used_by_contact == read.used_by_contact


def test_who_blocked_a_contact_is_held_as_it_is_read() -> None:
    replies = [Reply("", [call("set_dnc", words="no more")])]
    world = make_world(
        [action("set_dnc")], *replies, verdicts={"set_dnc": 0.99}, channel="voice", sandbox=False
    )
    world.say("Hello")
    world.say("Stop calling me")
    world.session.engine.writer.flush()
    held, read = world.conversation, read_conversation(world.conversation.id)
    assert held.facts.contact == read.facts.contact


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(CASES)
def test_what_is_read_equals_what_is_held(case: Case) -> None:
    play(case)


@pytest.mark.soak
@settings(max_examples=1000, deadline=None, suppress_health_check=QUIET)
@given(CASES)
def test_what_is_read_equals_what_is_held_for_long(case: Case) -> None:
    play(case)
