"""Text: what is dropped, how it is quoted, where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.text import clean, quote, sentences, split_sentences

ANY = st.text(alphabet=st.characters(codec=None), max_size=300)


def test_clean() -> None:
    assert clean("a\x00b\ud800c😀") == "abc😀"
    assert clean(None) == ""
    assert clean(12) == "12"
    assert clean("x" * 10, 4) == "xxxx"
    assert clean("<b>‮ x") == "<b>‮ x"


@given(ANY, st.integers(0, 50))
def test_clean_is_idempotent(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert clean(once, limit) == once
    assert len(once) <= limit
    once.encode()


@pytest.mark.parametrize(
    ("around", "shown"),
    [(0, "…price…"), (8, "…the price today…"), (100, "I want to know the price today please")],
)
def test_quote(around: int, shown: str) -> None:
    text = "I want to know the price today please"
    assert quote(text, 19, 24, around) == shown


@given(st.text(max_size=80), st.integers(-5, 90), st.integers(-5, 90), st.integers(0, 30))
def test_quote_never_fails(text: str, start: int, end: int, around: int) -> None:
    assert len(quote(text, start, end, around)) <= len(text) + 2


@pytest.mark.parametrize(
    ("buffer", "complete", "rest"),
    [
        ("Hello. How are", "Hello.", " How are"),
        ("Hello.", "", "Hello."),
        ("Mr. Lopez is", "", "Mr. Lopez is"),
        ("It costs 3.50 now", "", "It costs 3.50 now"),
        ("Write to a.b@c.com now", "", "Write to a.b@c.com now"),
        ("At 3 p.m. we open", "", "At 3 p.m. we open"),
        ("e.g. this one", "", "e.g. this one"),
        ("Really?! “Yes.” And", "Really?! “Yes.”", " And"),
        ("No. 5 is here", "", "No. 5 is here"),
        ("No. That is all", "No.", " That is all"),
        ("J. Smith came", "", "J. Smith came"),
        ("One\ntwo", "One\n", "two"),
        ("1. First", "", "1. First"),
        ("It is 5. Next", "It is 5.", " Next"),
        ("Wait… what", "Wait…", " what"),
        ("", "", ""),
    ],
)
def test_split_sentences(buffer: str, complete: str, rest: str) -> None:
    assert split_sentences(buffer) == (complete, rest)


def test_sentences() -> None:
    assert sentences("Hi Dr. Ruiz. It is 3.5! Ok?") == ["Hi Dr. Ruiz.", "It is 3.5!", "Ok?"]


@given(st.text(max_size=200))
def test_nothing_is_lost(text: str) -> None:
    complete, rest = split_sentences(text)
    assert complete + rest == text
    assert split_sentences(rest)[0] == ""
