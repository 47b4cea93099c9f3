"""Calls written as text are found and never spoken; nothing else is taken for one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.llm.textcalls import TextCalls, calls_in_text

NAMES = {"tag_contact", "transfer_call", "note"}
CALL = '{"name": "tag_contact", "arguments": {"tag": "hot"}}'
HOT = '{"tag": "hot"}'
SECOND = '{"name": "transfer_call", "arguments": {}}'
WRITTEN = [
    CALL,
    f"  \n{CALL}\n",
    f"[{CALL}]",
    f"```json\n{CALL}\n```",
    f"```\n{CALL}\n```",
    f"```{CALL}```",
    f"```tool_call\n{CALL}",
    f"`{CALL}`",
    f"<tool_call>\n{CALL}\n</tool_call>",
    f"<tool_call>{CALL}",
    f"<tools>\n{CALL}\n</tools>",
    f"```xml\n<tool_call>\n{CALL}\n</tool_call>\n```",
    f"<|tool_call|>{CALL}",
    f"[TOOL_CALLS] [{CALL}]",
    '<function=tag_contact>{"tag": "hot"}</function>',
    "<function=tag_contact>\n<parameter=tag>\nhot\n</parameter>\n</function>",
    "<tool_call><function=tag_contact><parameter=tag>hot</parameter></function></tool_call>",
    f"```json {CALL} ```",
    f"{{{CALL}}}",
    f"{{{CALL}}}}}",
    f"{{{CALL}",
    f"{CALL}}}",
    f"{{ {{{CALL}}}",
    f"[{{{CALL}}}]",
    f"<tool_call>\n{{{CALL}}}\n</tool_call>",
    CALL[:-1],
    f"[{CALL}",
    '{"function": {"name": "tag_contact", "parameters": {"tag": "hot"}}}',
    '{"type": "function", "function": {"name": "tag_contact", "arguments": {"tag": "hot"}}}',
    '{"name": "tag_contact", "arguments": "{\\"tag\\": \\"hot\\"}"}',
    '{"tool_calls": [' + CALL + "]}",
    '{"tool": "tag_contact", "args": {"tag": "hot"}}',
    '{"function": "tag_contact", "parameters": {"tag": "hot"}}',
    '{"action": "tag_contact", "action_input": {"tag": "hot"}}',
    '{"name": "tag_contact", "tag": "hot"}',
    '{"tag_contact": {"tag": "hot"}}',
    "{'name': 'tag_contact', 'arguments': {'tag': 'hot'}}",
    '{name: "tag_contact", arguments: {tag: "hot"}}',
    'tag_contact(tag="hot")',
    "tag_contact(tag='hot')",
    "tag_contact(tag='hot'",
    'tag_contact({"tag": "hot"})',
    'tag_contact(tag: "hot")',
    "```python\ntag_contact(tag='hot')\n```",
    "`tag_contact(tag='hot')`",
    "[tag_contact(tag='hot')]",
    'tag_contact: {"tag": "hot"}',
    'tag_contact {"tag": "hot"}',
    'tag_contact\n{"tag": "hot"}',
    f"tag_contact: {CALL}",
]
PLAIN = [
    "Hello, how are you?",
    "[laughs] Sure.",
    "{FirstName}, hello. {{Name}}",
    '{"price": 3} and ["a", "b"]',
    '{"outer": {"inner": [1, {"x": "}"}]',
    "`code` is quoted",
    "<b>bold</b> and 3 < 4",
    "```python\nprint(1)\n```",
    "1. First",
    "I like { braces, [ brackets and ` ticks",
    "A note: milk. Your note (the old one) and transfer_call are words.",
    "note: {FirstName} was here",
    "my_tag_contact(now) is another",
    'He said {"hm} and left',
    "```",
    "note",
    "tag_contac",
]


def heard(pieces: Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
    """What is spoken of an answer that comes in these pieces, and the calls in it."""
    answer = TextCalls(NAMES)
    spoken = "".join([*(answer.feed(piece) for piece in pieces), answer.end()])
    assert spoken == answer.spoken
    return spoken, [(call.name, call.arguments) for call in answer.calls]


def halves(text: str) -> list[list[str]]:
    """Every way to cut a text once, and letter by letter."""
    return [[text[:n], text[n:]] for n in range(len(text) + 1)] + [list(text)]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_call_in_any_usual_form_is_found(text: str) -> None:
    rest, calls = calls_in_text(text, NAMES)
    assert rest == ""
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [
        ("tag_contact", {"tag": "hot"})
    ]
    assert calls[0].id.startswith("call_")


@pytest.mark.parametrize("text", WRITTEN)
def test_nothing_of_a_call_is_spoken_wherever_it_is_cut(text: str) -> None:
    for before in ("", "One moment. ", "One moment\n", "Sure, I will do that "):
        whole = heard([before + text])
        assert (whole[0].strip(), whole[1]) == (before.strip(), [("tag_contact", HOT)])
        assert all(heard(pieces) == whole for pieces in halves(before + text))


@pytest.mark.parametrize("text", WRITTEN[:-1])
def test_what_is_said_before_a_call_is_spoken_at_once(text: str) -> None:
    answer = TextCalls(NAMES)
    assert answer.feed("One moment, please. ") == "One moment, please. "
    assert "".join(answer.feed(letter) for letter in text.strip()) == ""


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_are_spoken_and_left_alone(text: str) -> None:
    assert calls_in_text(text, NAMES) == (text, ())
    assert all(heard(pieces) == (text, []) for pieces in halves(text))


def test_ordinary_words_do_not_wait() -> None:
    answer = TextCalls(NAMES)
    pieces = ["We ", "open", " at eight", ". {Name}, ", "[smiles] a < b, `code`. "]
    assert [answer.feed(piece) for piece in pieces] == pieces


def test_words_that_may_become_a_name_wait_only_until_they_do_not() -> None:
    answer = TextCalls(NAMES)
    assert [answer.feed(piece) for piece in ("We tag", "_on", " you")] == ["We ", "tag_on", " you"]


@pytest.mark.parametrize(
    "text",
    [
        f"[{CALL}, {SECOND}]",
        f"{CALL}\n{SECOND}",
        f"```json\n[{CALL},{SECOND}]\n```",
        f"```json\n{CALL}\n```\n```json\n{SECOND}\n```",
        f"<tool_call>{CALL}</tool_call>\n<tool_call>{SECOND}</tool_call>",
        f"{{{CALL}}}\n{{{SECOND}}}",
        f"{{{CALL}}}}}\nand then\n{{{SECOND}}}}}",
        "tag_contact(tag='hot'), transfer_call()",
        "[tag_contact(tag='hot'), transfer_call()]",
        f'{{"tool_calls": [{CALL}, {SECOND}]}}',
    ],
)
def test_several_calls(text: str) -> None:
    for pieces in halves(text):
        spoken, calls = heard(pieces)
        assert calls == [("tag_contact", HOT), ("transfer_call", "{}")]
        assert spoken.strip() in ("", "and then")


def test_words_around_calls_remain_words() -> None:
    for written in (f"```json\n{CALL}\n```", f"<tool_call>{CALL}</tool_call>", CALL):
        rest, calls = calls_in_text(f"One moment.\n{written}\nThank you.", NAMES)
        assert (rest, len(calls)) == ("One moment.\nThank you.", 1)
    assert calls_in_text(f"One moment.{CALL}Thank you.", NAMES)[0] == "One moment. Thank you."


def test_a_quotation_in_a_sentence_is_neither_called_nor_spoken() -> None:
    for text in (f"You wrote {CALL}, is that right?", f'You wrote "{CALL}" to me.'):
        spoken, calls = heard([text])
        assert calls == [] and "tag_contact" not in spoken and spoken.startswith("You wrote")


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "tag_contact", "arguments": {"tag": ho',
        '{"name": "tag_contact", "arguments": {"tag": hot}}',
        '{"name": "tag_con',
        "tag_contact(hot)",
        "<function=tag_contact>\n<parameter=tag>\nho",
        'tag_contact(tag="ho',
        'tag_contact: {"tag": hot}',
    ],
)
def test_what_is_left_of_a_call_is_not_spoken(text: str) -> None:
    for pieces in halves(f"Sure. {text}"):
        assert heard(pieces) == ("Sure. ", [])


def test_values_without_names_are_left_to_the_tool_to_refuse() -> None:
    assert heard(['tag_contact("hot", true)'])[1] == [("tag_contact", '["hot", true]')]


def test_what_elements_hold_stays_text_unless_it_is_structured() -> None:
    values = {"phone": "0301", "tags": '["a"]', "why": "null"}
    inside = "".join(f"<parameter={key}>{value}</parameter>" for key, value in values.items())
    (call,) = heard([f"<function=tag_contact>{inside}</function>"])[1]
    assert json.loads(call[1]) == {"phone": "0301", "tags": ["a"], "why": None}


def test_an_unknown_tool_counts_only_in_the_unmistakable_form() -> None:
    assert calls_in_text('{"name": "launch", "arguments": {"n": 1}}', NAMES)[1][0].name == "launch"
    for text in ('{"name": "Ann"}', '{"name": "Ann", "arguments": {}, "age": 4}', "launch(n=1)"):
        assert calls_in_text(text, NAMES) == (text, ())


def test_a_known_tool_may_leave_its_arguments_out() -> None:
    for text in ('{"name": "transfer_call"}', '{"name": "transfer_call", "arguments": null}'):
        assert calls_in_text(text, NAMES)[1][0].arguments == "{}"


FRAGMENTS = st.one_of(
    st.sampled_from([*WRITTEN, *PLAIN, SECOND]),
    st.sampled_from(
        ["\n", " ", ". ", "{", "}", "[", "]", "```", "`", "<tool_call>", '"', "'", ","]
    ),
    st.sampled_from(["note", "note: ", "tag_contact", "tag_contact(", "(", ")", ":", "x"]),
    st.text(max_size=5),
)
SPOKEN_CALL = re.compile(
    r"""(?<!\w)(?:tag_contact|transfer_call|note)(?:\(|["']?\s*:?\s*\{\s*"tag")"""
    r"""|name["']?: ["'](?:tag_contact|transfer_call|note)["']"""
)


@example(fragments=['He said {"hm} and left', CALL], cuts=[3])
@given(fragments=st.lists(FRAGMENTS, max_size=6), cuts=st.lists(st.integers(0, 400), max_size=8))
def test_however_an_answer_is_cut_the_same_is_spoken(fragments: list[str], cuts: list[int]) -> None:
    text = "".join(fragments)
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    whole = heard([text])
    assert heard([text[start:end] for start, end in pairwise(edges)]) == whole
    assert heard(list(text)) == whole
    assert not SPOKEN_CALL.search(whole[0])


@given(before=st.sampled_from(["", "Sure. ", "Sure\n"]), text=st.sampled_from(WRITTEN))
def test_a_call_is_called_once(before: str, text: str) -> None:
    assert len(heard([before, text])[1]) == 1


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{" * 100_000, "`" * 50_000, '{"a":' * 9999, '{"a":' * 9999 + "}"]
)
def test_deep_nesting_does_not_break_it(text: str) -> None:
    assert calls_in_text(text, NAMES) == (text, ())
