"""A card claims no more than is understood, and says what is not."""

from __future__ import annotations

import pytest

from actions.practice import understand
from actions.understood.extension import find_extension


@pytest.mark.parametrize(
    ("condition", "missing"),
    [
        ("the customer is angry or wants a refund", "the customer is angry"),
        ("the caller wants a refund or sounds confused", "sounds confused"),
    ],
)
def test_one_of_two_is_understood(condition: str, missing: str) -> None:
    known = understand(condition)
    assert not known.whole and not known.needs_model
    assert known.sentence == (
        f"Practice mode looks for a wish for a refund only; it does not understand “{missing}”."
    )
    assert known.match("I want a refund") and not known.match("I am so angry")


@pytest.mark.parametrize(
    ("condition", "missing"),
    [
        ("the customer wants a refund and is angry", "is angry"),
        ("asks about pricing unless they are a member", "unless they are a member"),
        ("asks about pricing but not for the first time", "but not for the first time"),
    ],
)
def test_what_is_required_and_not_understood_never_fires(condition: str, missing: str) -> None:
    known = understand(condition)
    assert known.needs_model and not known.whole
    assert known.sentence.startswith(f"Practice mode does not understand “{missing}”.")
    assert known.match("I want a refund, and how much is it?") is None


def test_examples_all_count() -> None:
    known = understand("there is an emergency such as a gas leak or fire")
    assert known.whole
    for said in ("There is a gas leak!", "Fire in the kitchen", "This is an emergency"):
        assert known.match(said), said
    for said in ("I got fired", "No emergency, take your time"):
        assert not known.match(said), said


def test_words_that_stand_for_themselves_are_no_whole_claim() -> None:
    known = understand("the caller asks about solar panels")
    assert known.sentence == "Practice mode looks for the words “solar panels” only."
    assert not known.whole and known.match("Do you install solar panels?")
    assert not known.match("My neighbour has solar panels.")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("asks for technical assistance", "I broke my leg"),
        ("asks for technical assistance", "I work in IT support myself"),
        ("asks about pricing", "My fee was paid yesterday"),
        ("gives a phone number", "My order number is 4155550142"),
        ("asks for their account manager", "I am the account manager at Brightwave"),
        ("gives an extension", "I have one question"),
    ],
)
def test_what_is_about_something_else(condition: str, said: str) -> None:
    known = understand(condition)
    assert known.whole and known.match(said) is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("I have one question", ""), ("one moment", ""), ("204", "204"), ("two oh four", "204"),
        ("extension five", "5"), ("five", "5"), ("it's 7 please", "7"),
    ],
)  # fmt: skip
def test_the_answer_to_the_question_for_an_extension(said: str, found: str) -> None:
    value = find_extension(said)
    assert (value.value if value else "") == found
