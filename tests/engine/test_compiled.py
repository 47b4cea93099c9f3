"""Compiled versions: what a process keeps of them, and what their tools are called."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.engine import compiled as module
from agents.engine.compiled import CompiledVersion, compile_version, compiled
from agents.engine.kept import Kept
from agents.engine.naming import LONGEST, RESERVED, Wanted, tool_names
from agents.panels.models import Version
from agents.panels.stored import read_content
from tests.engine.world import action, make_version, make_world

pytestmark = pytest.mark.django_db
ORDERS = "#details"
NAMES = {
    "function:1": "Look up order",
    f"function:1{ORDERS}": orjson.dumps({"parameters": []}).decode(),
    "function:2": "Büro öffnen?",
    f"function:2{ORDERS}": orjson.dumps({"parameters": []}).decode(),
    "function:3": "注文を調べる",
    f"function:3{ORDERS}": orjson.dumps({"parameters": []}).decode(),
    "person:1": "Sales",
    "person:2": "Support, 2nd level",
}


def function(number: int) -> dict[str, Any]:
    """An action that calls a function of the library."""
    return action("custom_function", config={"function": f"function:{number}"})


def transfer(person: int) -> dict[str, Any]:
    """An action that transfers to somebody."""
    return action(
        "transfer_call", config={"destinations": [{"id": "1", "ref": f"person:{person}"}]}
    )


def made(*actions: dict[str, Any], kind: str = "voice") -> CompiledVersion:
    """A version of these actions."""
    content = make_version(actions, kind, NAMES).content
    return compile_version(1, read_content(content))


def names(*actions: dict[str, Any]) -> list[str]:
    """The names of their tools."""
    return [one.tool_name for one in made(*actions).actions]


def test_a_function_s_tool_is_called_like_the_function() -> None:
    assert names(function(1), function(2)) == ["look_up_order", "buro_offnen"]


def test_a_name_without_a_latin_letter_leaves_the_type_s_name() -> None:
    assert names(function(3)) == ["custom_function"]


def test_one_of_a_type_keeps_its_name_and_several_are_told_apart() -> None:
    assert names(transfer(1)) == ["transfer_call"]
    assert names(transfer(1), transfer(2)) == [
        "transfer_call_sales", "transfer_call_support_2nd_level",
    ]  # fmt: skip


def test_what_cannot_be_told_apart_is_counted() -> None:
    assert names(function(1), function(1)) == ["look_up_order", "look_up_order_2"]


def test_the_tools_of_the_same_content_are_the_same_bytes() -> None:
    actions = [function(1), transfer(1), transfer(2)]
    first, second = made(*actions), made(*actions)
    assert first.tools(first.actions) == second.tools(second.actions)


def test_calls_by_the_numbers_of_earlier_releases_still_reach_their_action() -> None:
    version = made(function(1), function(2))
    assert version.by_tool["custom_function"] is version.actions[0]
    assert version.by_tool["custom_function_2"] is version.actions[1]
    assert version.by_tool["buro_offnen"] is version.actions[1]


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=80)), max_size=12))
def test_names_are_legal_and_each_is_there_once(texts: list[tuple[str, str]]) -> None:
    found = tool_names([Wanted(f"t{name}", more) for name, more in texts])
    assert len(set(found)) == len(found) and not set(found) & set(RESERVED)
    assert all(re.fullmatch(r"[a-z0-9_]{1,64}", name) for name in found)


def test_long_and_reserved_names() -> None:
    found = tool_names([Wanted("a" * 90), Wanted("a" * 90), Wanted("none of these")])
    assert [len(name) for name in found[:2]] == [LONGEST, LONGEST]
    assert found[2] == "none_of_these_2"


def test_the_model_is_offered_the_function_by_its_name() -> None:
    world = make_world([function(1), action("end_call")], "Hello.", names=NAMES, channel="voice")
    world.say("Hello")
    assert world.chat.tools(0) == ["look_up_order", "end_call"]


# --- what is kept --------------------------------------------------------------------------------


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept: Kept[str, str] = Kept(10, len)
    for key in ("a", "b"):
        kept.get(key, lambda key=key: key * 4)  # type: ignore[misc]
    kept.get("a", lambda: "made again")
    kept.get("c", lambda: "cccc")
    assert kept.get("a", lambda: "") == "aaaa" and len(kept) == 2
    assert kept.get("b", lambda: "anew") == "anew"


def test_one_that_is_larger_than_the_room_is_kept_alone() -> None:
    kept: Kept[str, str] = Kept(3, len)
    kept.get("a", lambda: "aa")
    assert kept.get("b", lambda: "bbbbbb") == "bbbbbb" and len(kept) == 1


def test_versions_are_bounded_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    content = make_version([transfer(1)], "voice", NAMES).content
    size = compile_version(0, read_content(content)).size
    monkeypatch.setattr(module, "_published", Kept(5 * size, lambda one: one.size))
    for number in range(40):
        compiled(number, content)
    assert len(module._published) == 5


def test_drafts_push_out_no_published_version(monkeypatch: pytest.MonkeyPatch) -> None:
    content = make_version([transfer(1)], "voice", NAMES).content
    size = compile_version(0, read_content(content)).size
    monkeypatch.setattr(module, "_drafts", Kept(3 * size, lambda one: one.size))
    live = compiled(1, content)
    for number in range(2, 40):
        compiled(number, content, draft=True)
    assert compiled(1, content) is live
    assert len(module._drafts) == 3


def test_a_tried_draft_is_kept_among_the_drafts() -> None:
    make_world([action("set_dnc")])
    assert (len(module._published), len(module._drafts)) == (0, 1)


def test_a_version_that_is_kept_is_not_read_again(django_assert_num_queries: Any) -> None:
    row = make_version([transfer(1)], "voice", NAMES)
    Version.objects.filter(pk=row.pk).update(number=1)
    with django_assert_num_queries(1):
        first = module.compiled_version(row.pk)
        assert module.compiled_version(row.pk) is first
    assert (len(module._published), len(module._drafts)) == (1, 0)


def test_a_version_keeps_few_sets_of_tools() -> None:
    version = made(*[function(1) for _ in range(8)])
    for number in range(1, 256):
        subset = [one for one in version.actions if number & 1 << one.index]
        tools = orjson.loads(version.tools(subset) or b"[]")
        assert [one["function"]["name"] for one in tools] == [one.tool_name for one in subset]
    assert len(version._tools) == module.SUBSETS


def test_a_version_s_size_counts_every_argument_class() -> None:
    one, many = made(transfer(1)), made(*[transfer(1) for _ in range(10)])
    assert many.size > one.size + 9 * module.CLASS_BYTES
