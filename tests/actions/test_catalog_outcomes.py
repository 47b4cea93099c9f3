"""Add call disposition and Add communication tag."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from actions.base import Event, Heard, Names
from actions.effects import AddTags, SetDisposition
from actions.understood import Evidence
from tests.fakes.ports import NAMES, FakeContext, configured, findings, kind_of, run

CONNECTED = {"id": "1", "disposition": "disposition:1"}
NO_ANSWER = {"id": "2", "disposition": "disposition:2"}
SALES, SUPPORT = {"id": "1", "tag": "tag:1"}, {"id": "2", "tag": "tag:2"}


def _dispositions(*rows: dict[str, Any]) -> Any:
    return configured("call_disposition", {"dispositions": list(rows)})


def _tags(*rows: dict[str, Any]) -> Any:
    return configured("communication_tag", {"tags": list(rows)})


def test_the_disposition_that_was_named_is_set() -> None:
    config = {"dispositions": [CONNECTED, NO_ANSWER]}
    outcome, context = run("call_disposition", config, {"disposition": "No Answer"})
    assert context.effects == [SetDisposition("disposition:2", "No Answer")]
    assert outcome.facts["disposition"] == "disposition:2"


@pytest.mark.parametrize("value", ["no answer", "disposition:1", "", None, ["Connected"], 1])
def test_only_labels_of_the_panel_are_taken(value: Any) -> None:
    with pytest.raises(ValidationError):
        run("call_disposition", {"dispositions": [CONNECTED]}, {"disposition": value})


@pytest.mark.parametrize(
    ("rows", "event", "expected"),
    [
        ([CONNECTED, {**NO_ANSWER, "event": "not_answered"}], "not_answered", "No Answer"),
        ([CONNECTED, {**NO_ANSWER, "event": "not_answered"}], "busy", None),
        ([NO_ANSWER], "busy", "No Answer"),
        ([{**NO_ANSWER, "event": "machine"}], "busy", None),
        ([CONNECTED, NO_ANSWER], "failed", None),
        ([{"id": "1", "disposition": "disposition:99", "event": "busy"}], "busy", None),
    ],
)
def test_an_event_sets_what_is_bound_to_it(rows: list[Any], event: str, expected: Any) -> None:
    made = kind_of("call_disposition").event_arguments(_dispositions(*rows), NAMES, Event(event))
    assert made == ({"disposition": expected} if expected else None)


def test_a_disposition_of_an_event_rides_on_no_other_condition() -> None:
    kind = kind_of("call_disposition")
    rows = [{**CONNECTED, "when": "an offer was made"}, {**NO_ANSWER, "event": "not_answered"}]
    judged = kind.predicates(_dispositions(*rows), "", NAMES)
    nobody = "nobody answers the call"
    assert judged == {"disposition:1": "an offer was made", "disposition:2": nobody}
    assert kind.predicates(_dispositions(rows[1]), "", NAMES) == {}
    assert kind.predicates(_dispositions(CONNECTED, NO_ANSWER), "it is clear", NAMES) == {
        "": "it is clear"
    }


@pytest.mark.parametrize(
    ("rows", "when", "expected"),
    [
        ([CONNECTED, NO_ANSWER], "", []),
        ([{"id": "1"}], "", [("error", ("dispositions", 0, "disposition"))]),
        ([CONNECTED, CONNECTED], "", [("warning", ("dispositions", 1, "disposition"))]),
        ([{**CONNECTED, "when": "x"}, NO_ANSWER], "", [("error", ("dispositions", 1, "when"))]),
        ([{**CONNECTED, "when": "x"}, NO_ANSWER], "else", []),
        ([{**CONNECTED, "when": "x"}, {**NO_ANSWER, "event": "busy"}], "", []),
    ],
)
def test_what_the_linter_says_of_dispositions(
    rows: list[Any], when: str, expected: list[Any]
) -> None:
    assert findings("call_disposition", {"dispositions": rows}, when) == expected


def test_practice_never_guesses_a_disposition() -> None:
    kind, both = kind_of("call_disposition"), _dispositions(CONNECTED, NO_ANSWER)
    met = {"disposition:2": Evidence("x", 0, 1)}
    assert kind.practise(both, NAMES, Heard("x", met)) == {"disposition": "No Answer"}
    assert kind.practise(both, NAMES, Heard("We are connected", {})) == {"disposition": "Connected"}
    assert kind.practise(both, NAMES, Heard("Something else", {})) is None
    assert kind.practise(_dispositions(CONNECTED), NAMES, Heard("x", {})) == {
        "disposition": "Connected"
    }


def test_tags_are_added_once_each() -> None:
    config = {"tags": [SALES, SUPPORT]}
    outcome, context = run("communication_tag", config, {"tags": ["Support", "Sales", "Support"]})
    assert context.effects == [AddTags(("tag:2", "tag:1"), ("Support", "Sales"))]
    assert outcome.line == "Tagged Support, Sales"


@pytest.mark.parametrize("value", [[], ["Secret"], ["Sales"] * 51, "Sales", [["Sales"]], None])
def test_other_tags_are_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        run("communication_tag", {"tags": [SALES]}, {"tags": value})


def test_tags_of_one_name_lead_to_their_own_row() -> None:
    context = FakeContext()
    context.names = Names(NAMES | {"tag:2": "Sales"})
    run("communication_tag", {"tags": [SALES, SUPPORT]}, {"tags": ["Sales (2)"]}, context)
    assert context.effects == [AddTags(("tag:2",), ("Sales",))]


def test_one_tag_with_two_conditions_is_one_question() -> None:
    kind = kind_of("communication_tag")
    rows = [{**SALES, "when": "asks for a price"}, {**SALES, "id": "3", "when": "asks for a quote"}]
    judged = kind.predicates(_tags(*rows), "", NAMES)
    assert judged == {"tag:1": "asks for a price or asks for a quote"}
    assert findings("communication_tag", {"tags": rows}) == [("warning", ("tags", 1, "tag"))]


def test_a_tag_that_nothing_ever_adds_is_an_error() -> None:
    rows = [{**SALES, "when": "asks for a price"}, SUPPORT, {"id": "3", "when": "x"}]
    assert findings("communication_tag", {"tags": rows}) == [
        ("error", ("tags", 1, "when")),
        ("error", ("tags", 2, "tag")),
    ]
    assert ("error", ("tags", 1, "when")) not in findings("communication_tag", {"tags": rows}, "w")


def test_practice_adds_the_tags_whose_condition_was_met_else_those_that_share_it() -> None:
    kind = kind_of("communication_tag")
    priced = {**SALES, "when": "asks for a price"}
    met = {"tag:1": Evidence("price", 0, 5)}
    assert kind.practise(_tags(priced, SUPPORT), NAMES, Heard("price", met)) == {"tags": ["Sales"]}
    both = Heard("refund", {"": Evidence("refund", 0, 6)})
    assert kind.practise(_tags(SALES, SUPPORT), NAMES, both) == {"tags": ["Sales", "Support"]}
    assert kind.practise(_tags(priced), Names(), both) is None


def test_an_event_adds_all_tags_that_are_left() -> None:
    kind, gone = kind_of("communication_tag"), {"id": "3", "tag": "tag:99"}
    made = kind.event_arguments(_tags(SALES, gone, SUPPORT), NAMES, Event("silent_days"))
    assert made == {"tags": ["Sales", "Support"]}
    assert kind.event_arguments(_tags(gone), NAMES, Event("silent_days")) is None
