"""Promise phrases in a stream: nothing of one may be spoken before it is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.understood import Phrases, promise_tail, promised

PHRASES = ["i'm transferring you", "let me connect you", "i am transferring"]
KNOWN = Phrases(PHRASES)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Sure, I'm transferring you now.", "I'm transferring you"),
        ("I’M  transferring\nyou", "I’M  transferring\nyou"),
        ("Let me connect you.", "Let me connect you"),
        ("Let me connect your account", None),
        ("Tim transferring you", None),
        ("outlet me connect you", None),
        ("", None),
    ],
)
def test_found(text: str, quote: str | None) -> None:
    found = KNOWN.found(text)
    assert (found.quote if found else None) == quote
    assert promised(text, PHRASES) == found


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Sure, I", "I"),
        ("Sure, I’m trans", "I’m trans"),
        ("Sure, I'm  transferring ", "I'm  transferring "),
        ("Let me connect you", "Let me connect you"),
        ("Let me help", ""),
        ("Hello ", ""),
        ("hi", ""),
        ("", ""),
        ("let me let me c", "let me c"),
    ],
)
def test_tail(text: str, held: str) -> None:
    assert text[KNOWN.tail(text) :] == held
    assert promise_tail(text, PHRASES) == KNOWN.tail(text)


def test_no_phrases() -> None:
    empty = Phrases(["", "  "])
    assert empty.found("let me connect you") is None
    assert empty.tail("let me") == 6


@given(
    st.lists(
        st.sampled_from([*PHRASES, " ", ", ", "well", "I", "let me", "you ", "İ"]), max_size=8
    ),
    st.data(),
)
def test_every_beginning_of_a_promise_is_held(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    found = KNOWN.found(text)
    if found:
        cut = data.draw(st.integers(found.start + 1, found.end))
        assert KNOWN.tail(text[:cut]) <= found.start
    assert 0 <= KNOWN.tail(text) <= len(text)
