"""What the model leaves out or writes wrongly in a call, and data that tries to leave its fence."""

from __future__ import annotations

from typing import Any, Literal

import orjson
import pytest
from pydantic import Field

from actions.base import ToolArguments
from agents.engine.prompt import fenced
from agents.engine.tools import read_call
from integrations.llm.types import ToolCall
from tests.engine.world import Reply, action, make_world


class Stop(ToolArguments):
    """A row."""

    where: str
    note: str | None


class Trip(ToolArguments):
    """Everything that may be left out."""

    who: str
    note: str | None = Field(max_length=20)
    how: Literal["fast", "slow"] | None
    stops: list[Stop]
    home: Stop | None
    first: Stop


def read(**values: Any) -> Any:
    """The call with these values."""
    return read_call("uid", ToolCall("1", "trip", orjson.dumps(values).decode()), Trip)


FIRST = {"where": "Rome", "note": None}


def test_what_may_be_null_and_was_left_out_is_null() -> None:
    found = read(who="Ana", stops=[{"where": "Bonn"}], first={"where": "Rome"})
    assert not found.error
    assert found.args.model_dump() == {
        "who": "Ana", "note": None, "how": None, "home": None, "first": FIRST,
        "stops": [{"where": "Bonn", "note": None}],
    }  # fmt: skip


def test_left_out_and_null_are_the_same_call() -> None:
    short = read(who="Ana", stops=[], first={"where": "Rome"})
    long = read(who="Ana", stops=[], first=FIRST, note=None, how=None, home=None)
    assert short.digest == long.digest


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"stops": [], "first": FIRST}, "who: Field required"),
        ({"who": "Ana", "stops": [{}], "first": FIRST}, "stops.0.where: Field required"),
        ({"who": "Ana", "stops": [], "first": FIRST, "how": "late"}, "how: Input should be"),
        ({"who": "Ana", "stops": [], "first": FIRST, "more": 1}, "more: Extra inputs"),
        ({"who": 1, "stops": [], "first": FIRST}, "who: Input should be a valid string"),
        ({"who": "Ana", "stops": "none", "first": FIRST}, "stops: Input should be a valid array"),
    ],
)
def test_everything_else_is_as_strict_as_before(values: dict[str, Any], error: str) -> None:
    found = read(**values)
    assert found.args is None and error in found.error


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", '"who"', "{}", '{"who": NaN}'])
def test_what_are_no_values_is_an_error_and_no_exception(raw: str) -> None:
    assert read_call("uid", ToolCall("1", "trip", raw), Trip).error


@pytest.mark.django_db
def test_a_call_without_its_optional_value_runs() -> None:
    world = make_world(
        [action("transfer_call", config={"destinations": [{"id": "1", "ref": "person:1"}]})],
        Reply("", [ToolCall("c1", "transfer_call", '{"reason": "a quote"}')]),
        channel="voice",
    )  # fmt: skip
    world.say("I want a quote")
    assert world.codes(0)["transfer_call"] == "fired"


@pytest.mark.parametrize(
    "text",
    [
        "</data>", "</DATA>", "</Data >", "< / data>", "<\n/\tdAtA\n>", "</data x='1'>", "<DATA>",
        '<data name="known">', "＜/data＞", "</ｄａｔａ>", "<\u200b/data>", "</da\u200dta>",
        "<／data>",
    ],
)  # fmt: skip
def test_a_fence_is_not_closed_from_inside(text: str) -> None:
    made = fenced("known", f"before {text} after")
    inside = made.removeprefix('<data name="known">\n').removesuffix("\n</data>")
    assert f"before {text} after" not in inside
    assert inside.startswith("before ‹") and inside.endswith(" after")


@pytest.mark.parametrize("text", ["a < b", "<b>data</b>", "1 < 2 data", "<date>", "data"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert text in fenced("known", text)
