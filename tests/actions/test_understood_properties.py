"""Whatever is said: no rule raises, every quotation is in the text, long text is no trap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import understood as u
from actions.practice import expected_response, understand
from actions.text import listed, split_sentences
from actions.variables import UnknownVariable, used

TODAY = date(2026, 3, 11)
WORDS = listed(
    "stop calling me don't you price how much at dot com maria one two oh 415 555 0123 "
    "3/12 may tomorrow next tuesday 3pm yes no not my name is I'm extension if when , . ? "
    "! “ ” ' @ - + ( double twenty hundred and or a İ ß 😀 \x00 [ ] after asks about provides "
    "email "
)
TALK = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(
    alphabet=st.characters(codec=None), max_size=120
)

FINDERS: dict[str, Callable[[str], Any]] = {
    "email": u.find_email,
    "phone": u.find_phone,
    "date": lambda text: u.find_date(text, TODAY),
    "last day": lambda text: u.find_date(text, date.max),
    "number": u.find_number,
    "digits": u.find_digits,
    "choice": lambda text: u.find_choice(text, ["one", "stop calling", "Price"]),
    "name": u.find_name,
    "asked name": lambda text: u.find_name(text, asked=True),
    "positive": u.positive,
    "negative": u.negative,
    "wording": u.opt_out_wording,
    "pricing": understand("asks about pricing").match,
    "technical": understand("asks for technical assistance").match,
    "extension": understand("asks for an extension").match,
    "account": understand("gives their account number").match,
}
READERS: dict[str, Callable[[str], Any]] = {
    "word": u.opt_out_word,
    "in": u.opt_in_word,
    "yes_no": u.yes_no,
    "invites": u.invites_reserved_word,
    "understand": understand,
    "expected": expected_response,
    "sentences": split_sentences,
    "tail": u.Phrases(["let me connect you"]).tail,
    "found": u.Phrases(["let me connect you"]).found,
}


@pytest.mark.parametrize("name", FINDERS)
def test_quotations_are_in_the_text(name: str) -> None:
    @given(TALK)
    def check(text: str) -> None:
        found = FINDERS[name](text)
        if found is not None:
            evidence = getattr(found, "evidence", found)
            assert text[evidence.start : evidence.end] == evidence.quote

    check()


@pytest.mark.parametrize("name", READERS)
def test_readers_never_raise(name: str) -> None:
    @given(TALK)
    def check(text: str) -> None:
        READERS[name](text)

    check()


@given(TALK, TALK)
def test_conditions_of_any_kind_can_be_asked(condition: str, message: str) -> None:
    known = understand(condition)
    assert known.sentence
    assert not (known.needs_model and known.match(message))


@given(st.sampled_from(["email", "phone", "date", "number", "choice", "text"]), TALK)
def test_parsed_values_parse_to_themselves(kind: str, raw: str) -> None:
    try:
        value = u.parse_value(kind, raw, choices=["one", "two"], today=TODAY)
    except ValueError as refusal:
        assert str(refusal)
    else:
        assert u.parse_value(kind, value, choices=["one", "two"], today=TODAY) == value


SEEDS = [
    "a", "1", " ", "a ", "1 ", "a.", "a@", "@a.", "1-", "-", ".", "stop ", "don't ", "not ", "[",
    "“", "'", "one ", "at dot ", "reply ", "a at b dot ", "name is ", "I'm A ", "\n", "if ", ", ",
    "double ", "1,", "in 1 ", "and ", "or ", "(", "İ", "x1", "stop calling ", "1 march ",
    "i don't want to ", "let me connect ", "remove me from the ", "?", "A'", "A-",
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_long_text_is_read(seed: str) -> None:
    text = (seed * 100_000)[:100_000]
    for read in (*FINDERS.values(), *READERS.values()):
        read(text)
    try:
        used(text)
    except UnknownVariable as refusal:
        assert refusal.sentence
