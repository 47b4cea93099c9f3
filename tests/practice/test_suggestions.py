"""Whatever the forms and the starters propose is understood, works, and stays quiet otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from actions import registry
from actions.practice import expected_response, understand
from actions.practice.samples import sample
from agents.panels.forms.common import Common
from agents.panels.starters import STARTERS
from agents.panels.starting import Rows

SMALL_TALK = (
    "Hello there", "Good morning, how are you?", "Who is this?", "Are you still there?",
    "Nice weather we are having", "Okay, let me think for a second", "Haha, very funny",
    "Sorry, my dog is barking", "I am on the train at the moment", "It was a long week",
)  # fmt: skip
STEPS = ("expected",)


class Nothing(Rows):
    """A library in which everything is found."""

    def named(self, slug: str, name: str) -> str:
        return f"{slug}:1"

    def inbox(self) -> str:
        return "inbox:1"

    def colleague(self) -> str:
        return "person:1"

    def calendar(self) -> dict[str, Any]:
        return {"calendar": "calendar:1", "service": "service:1"}


def _of_form(model: type[BaseModel]) -> Iterator[str]:
    """The placeholders of the conditions of a form, and of the rows in it."""
    for info in model.model_fields.values():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        if extra.get("widget") == "condition" and extra.get("placeholder"):
            yield str(extra["placeholder"])
        for inner in (info.annotation, *get_args(info.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _of_form(inner)


def _inside(value: Any, names: tuple[str, ...] = ("when",)) -> Iterator[str]:
    """Every condition in what a starter makes."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and inner and str(key).endswith(names):
                yield inner
            yield from _inside(inner, names)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _inside(inner, names)


def _proposed() -> Iterator[str]:
    yield from _of_form(Common)
    for kind in registry.all_types():
        yield from filter(None, (kind.when_hint, *_of_form(kind.Config)))
    for starter in STARTERS.values():
        yield from _inside(list(starter.actions(Nothing())))


def _steps() -> Iterator[str]:
    for starter in STARTERS.values():
        yield from _inside(list(starter.actions(Nothing())), STEPS)


@pytest.mark.parametrize("condition", sorted(set(_proposed())))
def test_what_is_proposed_works(condition: str) -> None:
    known = understand(condition)
    assert known.whole, known.sentence
    if known.event:
        assert known.match("", event=known.event)
        return
    words = sample(condition)
    assert words and known.match(words), words
    assert [said for said in SMALL_TALK if known.match(said)] == []


@pytest.mark.parametrize("expectation", sorted(set(_steps())))
def test_what_a_step_waits_for_is_found(expectation: str) -> None:
    known = expected_response(expectation)
    assert known.whole
    assert [said for said in SMALL_TALK if known.match(said)] == []
