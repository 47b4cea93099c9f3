"""*Only if*: which conditions hold, which never can, and how each is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.base import Channel, Names
from actions.facts import ContactFacts, Facts, RunFact
from actions.guards import KINDS, OPPOSITES, Guard, failed_guard, guard_sentence, never_true

NAMES = Names({"tag:1": "Sales", "property:email": "E-mail", "action:a": "Send SMS"})


def facts(**more: Any) -> Facts:
    """A chat in its third turn."""
    return Facts(Channel.CHAT, "inbound", datetime(2026, 3, 2, 9, tzinfo=UTC), turn=3, **more)


def guard(kind: str, **more: Any) -> Guard:
    return Guard(kind=kind, **more)


def holds(kind: str, known: Facts, **more: Any) -> bool:
    return failed_guard([guard(kind, **more)], known) is None


@pytest.mark.parametrize(
    ("words", "said", "found"),
    [
        ("price", "What is the PRICE?", True),
        ("price", "It is priceless", False),
        ("price, quote", "a quote please", True),
        ("new heater", "a new heater", True),
        (" , ", "anything, really", False),
        ("", "anything", False),
        ("c++", "I write c++ code", True),
        ("a.c", "abc", False),
        ("größe", "Welche GRÖßE?", True),
        ("(", "an open ( bracket", True),
    ],
)
def test_words_are_found_whole_and_as_they_are_written(words: str, said: str, found: bool) -> None:
    assert holds("said", facts(message=said), value=words) is found
    assert holds("said", facts(said=["Hello", said]), value=words) is found


def test_words_of_two_messages_are_never_read_as_one() -> None:
    assert not holds("said", facts(said=["a new"], message="heater"), value="new heater")


def test_a_property_that_is_empty_is_lacking() -> None:
    known = facts(contact=ContactFacts(values={"email": "", "phone": "+1"}))
    assert holds("lacks_property", known, ref="property:email")
    assert holds("has_property", known, ref="property:phone")
    assert holds("lacks_property", known, ref="property:never_asked")


@pytest.mark.parametrize("where", ["contact", "conversation"])
def test_a_tag_counts_on_the_contact_and_on_the_conversation(where: str) -> None:
    known = facts()
    (known.contact.tags if where == "contact" else known.tags).add("tag:1")
    assert holds("has_tag", known, ref="tag:1") and not holds("lacks_tag", known, ref="tag:1")
    assert holds("lacks_tag", known, ref="tag:2")


def test_turn_limits_take_their_own_turn_in() -> None:
    known = facts()
    assert [holds("turn_from", known, number=n) for n in (2, 3, 4)] == [True, True, False]
    assert [holds("turn_to", known, number=n) for n in (2, 3, 4)] == [False, True, True]


@pytest.mark.parametrize(
    ("turn", "outcome", "scope", "ended"),
    [
        (3, "declined", "turn", True),
        (2, "declined", "turn", False),
        (2, "declined", "conversation", True),
        (3, "answered", "conversation", False),
    ],
)
def test_an_outcome_is_waited_for_in_the_turn_or_the_conversation(
    turn: int, outcome: str, scope: str, ended: bool
) -> None:
    known = facts(runs=[RunFact("a", outcome, "done", turn), RunFact("b", "declined", "done", 3)])
    about = {"ref": "action:a", "value": "declined", "scope": scope}
    assert holds("ended_with", known, **about) is ended
    assert holds("not_ended_with", known, **about) is not ended


def test_the_first_condition_that_does_not_hold_is_named() -> None:
    listed = [guard("open"), guard("closed"), guard("direction", value="outbound")]
    assert failed_guard(listed, facts()) is listed[1]
    assert failed_guard([], facts()) is None


def test_a_kind_that_is_no_more_never_holds_and_still_has_words() -> None:
    gone = guard("moon_phase")
    assert failed_guard([guard("open"), gone], facts()) is gone
    assert guard_sentence(gone, NAMES) == "a condition that no longer exists"


guards = st.builds(
    Guard,
    kind=st.sampled_from(sorted(KINDS)),
    ref=st.sampled_from(["", "tag:1", "property:email", "action:a"]),
    value=st.sampled_from(["chat", "sms", "inbound", "outbound", "done", "hi"]),
    number=st.integers(1, 6),
    scope=st.sampled_from(["turn", "conversation"]),
)
known_facts = st.builds(
    facts,
    message=st.sampled_from(["", "hi", "done"]),
    tags=st.sets(st.just("tag:1")),
    open_now=st.booleans(),
    contact=st.builds(
        ContactFacts, values=st.fixed_dictionaries({}, optional={"email": st.just("e")})
    ),
    runs=st.lists(
        st.builds(RunFact, st.just("a"), st.just("done"), st.just("done"), st.integers(2, 3))
    ),
)


@given(st.lists(guards, max_size=5), known_facts)
def test_what_is_called_impossible_never_holds(listed: list[Guard], known: Facts) -> None:
    if failed_guard(listed, known) is None:
        assert never_true(listed, ["chat"]) == ""


@given(guards, known_facts)
def test_of_two_opposites_exactly_one_holds(one: Guard, known: Facts) -> None:
    for this, that in OPPOSITES:
        pair = [one.model_copy(update={"kind": kind}) for kind in (this, that)]
        assert sum(failed_guard([each], known) is None for each in pair) == 1
        assert never_true(pair, ["chat"])


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        ([guard("channel", value="voice")], "does not use that channel"),
        ([guard("channel", value="chat"), guard("channel", value="sms")], "one channel"),
        ([guard("direction", value=way) for way in ("inbound", "outbound")], "one direction"),
        ([guard("turn_from", number=5), guard("turn_to", number=4)], "No turn is both 5 or later"),
        ([guard("turn_from", number=4), guard("turn_to", number=4)], ""),
        ([guard("has_tag", ref="tag:1"), guard("lacks_tag", ref="tag:2")], ""),
        ([guard("has_tag", ref="tag:1"), guard("lacks_tag", ref="tag:1")], "contradict each other"),
        (
            [
                guard("ended_with", ref="action:a", value="done"),
                guard("not_ended_with", ref="action:a", value="done", scope="turn"),
            ],
            "",
        ),
        ([guard("open", value="left over"), guard("closed")], "contradict each other"),
    ],
)
def test_conditions_that_can_never_hold_together_say_why(listed: list[Guard], why: str) -> None:
    found = never_true(listed, ["chat", "sms"])
    assert why in found and bool(found) is bool(why)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (guard("channel", value="voice"), "it is a call"),
        (guard("channel", value="fax"), "it is fax"),
        (guard("direction", value="outbound"), "the agent reached out"),
        (guard("lacks_property", ref="property:email"), "the contact lacks E-mail"),
        (guard("has_tag", ref="tag:1"), "tagged Sales"),
        (guard("turn_to", number=2), "up to turn 2"),
        (
            guard("not_ended_with", ref="action:a", value="declined", scope="turn"),
            "Send SMS has not ended with declined in this turn",
        ),
    ],
)
def test_a_condition_is_named_with_its_labels(one: Guard, words: str) -> None:
    assert guard_sentence(one, NAMES) == words


@given(guards)
def test_every_kind_has_words(one: Guard) -> None:
    assert guard_sentence(one, NAMES).strip()
