"""Calls written as text are found, and nothing else is taken for one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.llm.textcalls import HELD, calls_in_text, may_open_call

NAMES = {"tag_contact", "transfer_call"}
CALL = '{"name": "tag_contact", "arguments": {"tag": "hot"}}'
WRITTEN = [
    CALL,
    f"  \n{CALL}\n",
    f"[{CALL}]",
    f"```json\n{CALL}\n```",
    f"```\n{CALL}\n```",
    f"```tool_call\n{CALL}",
    f"<tool_call>\n{CALL}\n</tool_call>",
    f"<tool_call>{CALL}",
    f"<tools>\n{CALL}\n</tools>",
    f"{{{CALL}}}",
    f"<tool_call>\n{{{CALL}}}\n</tool_call>",
    f"{{{CALL}",
    '{"function": {"name": "tag_contact", "parameters": {"tag": "hot"}}}',
    '{"type": "function", "function": {"name": "tag_contact", "arguments": {"tag": "hot"}}}',
    '{"name": "tag_contact", "arguments": "{\\"tag\\": \\"hot\\"}"}',
    '{"tool_calls": [' + CALL + "]}",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_call_in_any_usual_form_is_found(text: str) -> None:
    rest, calls = calls_in_text(text, NAMES)
    assert rest == ""
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [
        ("tag_contact", {"tag": "hot"})
    ]
    assert calls[0].id.startswith("call_")


def test_several_calls_in_doubled_braces() -> None:
    second = '{"name": "transfer_call", "arguments": null}'
    rest, calls = calls_in_text(f"{{{CALL}}}\n{{{second}}}", NAMES)
    assert rest == "" and [call.name for call in calls] == ["tag_contact", "transfer_call"]


@pytest.mark.parametrize("text", WRITTEN)
def test_every_beginning_of_a_call_is_held(text: str) -> None:
    assert all(may_open_call(text[:n]) for n in range(len(text) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "Hello, how are you?",
        "[laughs] Sure.",
        "{FirstName}, hello.",
        '{"price": 3}',
        "`code` is quoted",
        "<b>bold</b>",
        "```python\nprint(1)\n```",
        "1. First",
    ],
)
def test_ordinary_words_are_let_go_and_left_alone(text: str) -> None:
    assert not may_open_call(text)
    assert calls_in_text(text, NAMES) == (text, ())


def test_holding_is_bounded() -> None:
    assert not may_open_call('{"name": "' + "x" * HELD)


def test_several_calls() -> None:
    second = '{"name": "transfer_call", "arguments": {}}'
    for text in (f"[{CALL}, {second}]", f"{CALL}\n{second}", f"```json\n[{CALL},{second}]\n```"):
        _, calls = calls_in_text(text, NAMES)
        assert [call.name for call in calls] == ["tag_contact", "transfer_call"]


def test_words_beside_a_fenced_or_tagged_call_remain() -> None:
    for written in (f"```json\n{CALL}\n```", f"<tool_call>{CALL}</tool_call>"):
        rest, calls = calls_in_text(f"One moment.\n{written}", NAMES)
        assert rest == "One moment."
        assert len(calls) == 1


def test_a_quotation_in_a_sentence_is_no_call() -> None:
    text = f"You wrote {CALL}, is that right?"
    assert calls_in_text(text, NAMES) == (text, ())


def test_an_unknown_tool_counts_only_in_the_unmistakable_form() -> None:
    assert calls_in_text('{"name": "launch", "arguments": {"n": 1}}', NAMES)[1][0].name == "launch"
    for text in ('{"name": "Ann"}', '{"name": "Ann", "arguments": {}, "age": 4}'):
        assert calls_in_text(text, NAMES) == (text, ())


def test_a_known_tool_may_leave_its_arguments_out() -> None:
    assert calls_in_text('{"name": "transfer_call"}', NAMES)[1][0].arguments == "{}"


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    may_open_call(text)
    calls_in_text(text, NAMES)


def test_deep_nesting_does_not_break_it() -> None:
    text = "[" * 100_000
    assert calls_in_text(text, NAMES) == (text, ())
