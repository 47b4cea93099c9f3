"""Control for the engine is stored while something is asked or rings, and read back the same."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from actions.flow import (
    ASKS,
    Ask,
    Collect,
    End,
    Flow,
    HandOff,
    Script,
    ScriptStep,
    Target,
    read_flow,
    stored_flow,
)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
texts = st.lists(text, max_size=3).map(tuple)
targets = st.builds(Target, text, text, st.integers(0, 600), text)
steps = st.builds(
    ScriptStep,
    messages=texts,
    expected=text,
    capture=text,
    capture_choices=texts,
    reask=text,
    max_reasks=st.integers(0, 9),
    reminder_hours=st.integers(0, 999),
    never=st.sampled_from(["continue", "stop", "inbox"]),
    never_ref=text,
)
hand_offs = st.builds(
    HandOff,
    targets=st.lists(targets, max_size=3).map(tuple),
    closing_words=text,
    warm=st.booleans(),
    whisper=text,
    fallback=st.sampled_from(["agent", "inbox", "end"]),
    fallback_ref=text,
    fallback_words=text,
    reason=text,
    found=text,
    staff=st.booleans(),
    message=st.booleans(),
)
collects = st.builds(
    Collect,
    question=text,
    argument=text,
    kind=st.sampled_from(["extension", "option"]),
    options=st.lists(st.tuples(text, text), max_size=3).map(tuple),
    strict=st.booleans(),
    digits=st.integers(0, 20),
    seconds=st.integers(1, 60),
)
flows = st.one_of(
    hand_offs,
    st.builds(End, text, text),
    st.builds(Ask, text),
    collects,
    st.builds(Script, st.lists(steps, max_size=3).map(tuple), text),
)


@given(flows)
def test_every_flow_comes_back_from_json_as_it_was(flow: Flow) -> None:
    stored = orjson.loads(orjson.dumps(stored_flow(flow)))
    read = read_flow(stored)
    assert read == flow
    assert type(read) is type(flow)
    assert hash(read) == hash(flow)  # what was a tuple is one again


def test_no_flow_is_nothing_and_nothing_is_no_flow() -> None:
    assert stored_flow(None) == {}
    assert read_flow({}) is None


@pytest.mark.parametrize(
    ("stored", "flow"),
    [
        ({"kind": "End", "values": {}}, End()),
        ({"kind": "Ask", "values": {"question": "Now?", "by": "mail"}}, Ask("Now?")),
        (
            {"kind": "HandOff", "values": {"targets": [{"ref": "person:1", "label": "Ana"}]}},
            HandOff((Target("person:1", "Ana"),)),
        ),
        (
            {"kind": "Collect", "values": {"question": "Which?", "argument": "extension"}},
            Collect("Which?", "extension"),
        ),
        (
            {"kind": "Script", "values": {"steps": [{"messages": ["Hello"]}]}},
            Script((ScriptStep(("Hello",)),)),
        ),
    ],
)
def test_what_another_release_stored_is_read_with_todays_defaults(
    stored: dict[str, Any], flow: Flow
) -> None:
    assert read_flow(stored) == flow


@pytest.mark.parametrize(
    "stored",
    [
        {"kind": "HandOff", "values": {"targets": [], "fallback": "nobody"}},
        {"kind": "Collect", "values": {"question": "?", "argument": "a", "kind": "colour"}},
        {"kind": "Script", "values": {"steps": [{"messages": ["a"], "never": "maybe"}]}},
        {"kind": "Ask", "values": {}},
    ],
)
def test_a_value_that_is_not_legal_is_refused_and_never_guessed(stored: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read_flow(stored)


@given(flows)
def test_only_questions_leave_everything_undone(flow: Flow) -> None:
    assert isinstance(flow, ASKS) == (stored_flow(flow)["kind"] in ("Ask", "Collect"))
