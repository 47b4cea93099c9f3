"""What to say so that a condition is met: rules take it for what it stands for."""

from __future__ import annotations

import pytest

from actions import registry
from actions.base import ActionType
from actions.practice import understand
from actions.practice.samples import sample


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("the caller asks about a “price” or a “quote”", "Price"),
        ("the contact says “stop calling me”", "Stop calling me"),
        ("the customer provides their email", "My e-mail is maria.lopez@example.com"),
        ("the caller gives their account number", "My account number is 48211"),
        ("the contact agrees", "Yes"),
        ("the contact gives a name or a phone number",
         "My name is Maria Lopez, my phone number is 415 555 0142"),
        ("nobody answers the call", ""),
        ("the caller seems unhappy", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_words_for_a_condition(condition: str, words: str) -> None:
    assert sample(condition) == words


@pytest.mark.parametrize("kind", registry.all_types(), ids=lambda kind: kind.slug)
def test_words_are_offered_only_where_they_fire(kind: ActionType) -> None:
    words = sample(kind.when_hint)
    assert not words or understand(kind.when_hint).match(words)
