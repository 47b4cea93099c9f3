"""Models, judges and versions that misbehave, made by hypothesis."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import strategies as st

from integrations.llm.types import ModelError, ToolCall
from tests.engine import kinds
from tests.engine.world import Reply, action, ids

REPEATS = ("every_time", "every_time", "once", "once_per_contact")
GUARDS: tuple[dict[str, Any], ...] = (
    {"kind": "channel", "value": "chat"},
    {"kind": "channel", "value": "voice"},
    {"kind": "direction", "value": "outbound"},
)
VALUES: dict[str, tuple[str, ...]] = {
    "t_save": ('{"value": "a"}', '{"value": "b"}', '{"value": "bad"}', '{"value": 3}', "{", "[]"),
    "t_pick": ('{"choice": "red"}', '{"choice": "blue"}', '{"choice": "green"}', "null"),
    "t_move": ('{"reason": "price"}', "{}", '{"reason": "x", "to": "person:9"}'),
    "set_dnc": ('{"words": "stop"}', '{"words": null}'),
    "t_ticket": ('{"name": "Maria"}', '{"name": null}'),
    "t_confirm": ('{"value": "a@b.co"}', "{}"),
}
UNKNOWN = ("delete_everything", "none_of_these", "t_save_9", "", "t_gone", "🙂")
SENTENCES = (
    "",
    " ",
    "All right.",
    "I've saved it.",
    "Sure. I'm connecting you now. Bye.",
    "What else? I'm",
    '{"name": "t_save", "arguments": {"value": "w"}}',
    '{"name": "t_bye", "arguments": {}}',
    "<tool_call>t_bye</tool_call>",
)
MESSAGES = (
    "Hello",
    "yes",
    "no",
    "Stop calling me",
    "maria@lopez.com",
    "a person please",
    "🙂",
    "?",
)
DOWN = (
    ModelError("timeout", "The model did not answer in time."),
    ModelError("rate_limited", "Too many requests."),
    ModelError("nonsense", "The model answered nonsense."),
    ModelError("auth", "The key is wrong."),
)


@st.composite
def calls(draw: st.DrawFn) -> ToolCall:
    """One call: often fine, sometimes unknown, sometimes with wrong values."""
    name = draw(st.sampled_from([kind.slug for kind in kinds.ALL] * 3 + list(UNKNOWN)))
    raw = draw(st.sampled_from(VALUES.get(name, ("{}", "{}", '{"x": 1}', ""))))
    return ToolCall(f"c{next(ids)}", name, raw)


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    """One answer of a model that cannot be trusted."""
    how = draw(st.sampled_from(["said", "said", "called", "called", "many", "down", "cut"]))
    text = draw(st.sampled_from(SENTENCES))
    if how == "down":
        return Reply(error=draw(st.sampled_from(DOWN)))
    if how == "cut":
        return Reply(text, cut=True)
    if how == "said":
        return Reply(text)
    some = draw(st.lists(calls(), min_size=1, max_size=4))
    if draw(st.booleans()):
        some = some + some[:2]
    if how == "many":
        some = [ToolCall(f"c{n}", "t_save", orjson.dumps({"value": f"v{n}"}).decode())
                for n in range(draw(st.integers(7, 30)))]  # fmt: skip
    return Reply(text, some)


@st.composite
def actions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A list of actions of a version, in any legal mix."""
    made: list[dict[str, Any]] = []
    types = draw(st.lists(st.sampled_from(kinds.ALL), min_size=1, max_size=6))
    for kind in types:
        moments = sorted(str(moment) for moment in kind.moments)
        one = action(
            draw(st.sampled_from([kind.slug] * 12 + ["t_gone"])),
            draw(st.sampled_from(["it is so", "it is so", ""])),
            moment=draw(st.sampled_from([*["during"] * 4, *moments])),
            repeat=draw(st.sampled_from(REPEATS)),
            mode=draw(st.sampled_from(["live", "live", "live", "shadow"])),
            enabled=draw(st.sampled_from([True, True, True, False])),
            confirm=draw(st.sampled_from(["ask", "drop"])),
            cool_down=draw(st.sampled_from([0, 0, 0, 1])),
        )
        if draw(st.integers(0, 5)) == 0:
            one["only_if"] = [draw(st.sampled_from(GUARDS))]
        if made and draw(st.integers(0, 5)) == 0:
            ref = f"action:{draw(st.sampled_from(made))['uid']}"
            one["only_if"] = [{"kind": "ended_with", "ref": ref, "value": "done"}]
        made.append(one)
    return made


VERDICTS = st.one_of(
    st.none(),
    st.dictionaries(
        st.sampled_from([kind.slug for kind in kinds.ALL] + ["t_pick:red", "t_pick:blue"]),
        st.sampled_from([0.0, 0.2, 0.84, 0.85, 0.99, 1.0]),
        max_size=11,
    ),
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(MESSAGES)),
        st.tuples(st.just("say"), st.sampled_from(MESSAGES)),
        st.tuples(st.just("interrupted"), st.sampled_from(MESSAGES)),
        st.tuples(st.just("again"), st.sampled_from(MESSAGES)),
        st.tuples(st.just("leg"), st.sampled_from(["answered", "busy", "no_answer", "declined"])),
        st.tuples(st.just("skip"), st.sampled_from(["1", "9000", "90000"])),
        st.tuples(st.just("hang_up"), st.just("")),
        st.tuples(st.just("pause"), st.just("")),
    ),
    min_size=1,
    max_size=5,
)
