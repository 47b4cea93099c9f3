"""Transfer call and End call."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from actions import understood
from actions.base import ActionError, End, HandOff, Heard, Names
from actions.languages import ENGLISH
from actions.understood import Evidence
from tests.fakes.ports import NAMES, FakeContext, configured, findings, kind_of, refused, run

ANA = {"id": "1", "ref": "person:1"}
SALES = {"id": "2", "ref": "ring_group:1"}
BILLS = {**ANA, "when": "about bills"}
PRICES = {**SALES, "when": "about prices"}
WHY = {"reason": "a price", "summary": None}


def _plan(config: dict[str, Any], **more: Any) -> HandOff:
    outcome, _ = run("transfer_call", config, {**WHY, **more}, FakeContext({"first_name": "Maria"}))
    assert isinstance(outcome.flow, HandOff)
    return outcome.flow


def _rung(plan: HandOff) -> list[str]:
    return [target.label for target in plan.targets]


def test_destinations_ring_in_order_each_for_its_time() -> None:
    plan = _plan({"destinations": [{**ANA, "ring_seconds": 5}, SALES]})
    assert [(t.label, t.ring_seconds) for t in plan.targets] == [("Ana Ruiz", 5), ("Sales", 20)]
    assert plan.closing_words and plan.fallback == "agent" and plan.fallback_words


def test_without_conditions_the_model_names_nobody() -> None:
    kind = kind_of("transfer_call")
    arguments = kind.arguments(configured(kind.slug, {"destinations": [ANA, SALES]}), NAMES)
    assert set(arguments.model_fields) == {"reason", "summary"}


def test_with_conditions_the_model_names_one_of_them() -> None:
    config = {"destinations": [BILLS, PRICES]}
    assert _rung(_plan(config, destination="Sales")) == ["Sales"]
    with pytest.raises(ValidationError):
        _plan(config, destination="The boss")


INBOX = {"id": "3", "ref": "inbox:1"}
OUTSIDE = {"id": "4", "ref": "external:+14155550199"}
NUMBER = "+1 415 555 0199"


@pytest.mark.parametrize(
    ("rows", "named", "rung"),
    [
        ([BILLS, SALES, INBOX], "Ana Ruiz", ["Ana Ruiz", "Sales", "Support"]),
        ([BILLS, SALES, INBOX], None, ["Sales", "Support"]),
        ([BILLS, SALES, INBOX], "Sales", ["Sales", "Support"]),
        ([BILLS, PRICES, INBOX], "Sales", ["Sales", "Support"]),
        ([BILLS, PRICES, INBOX], None, ["Support"]),
        ([OUTSIDE, BILLS, INBOX], "Ana Ruiz", [NUMBER, "Ana Ruiz", "Support"]),
        ([OUTSIDE, BILLS, PRICES, INBOX], "Sales", [NUMBER, "Sales", "Support"]),
        ([BILLS, {**BILLS, "id": "5", "when": "about dogs"}, SALES], "Ana Ruiz",
         ["Ana Ruiz", "Sales"]),
        ([BILLS, PRICES], "Sales", ["Sales"]),
        ([BILLS, PRICES], None, ["Ana Ruiz", "Sales"]),
    ],
)  # fmt: skip
def test_what_has_no_condition_stays_in_the_chain_in_order(
    rows: list[dict[str, Any]], named: str | None, rung: list[str]
) -> None:
    assert _rung(_plan({"destinations": rows}, destination=named)) == rung


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([ANA, SALES], "Ana Ruiz, then Sales, cold"),
        ([BILLS, SALES, INBOX], "Ana Ruiz if about bills, else Sales, then Support, cold"),
        ([BILLS, PRICES, INBOX], "Ana Ruiz if about bills, Sales if about prices, else Support, "
         "cold"),
        ([OUTSIDE, {**BILLS, "when": "the caller asks\nfor her."}], f"{NUMBER}, then Ana Ruiz if "
         "the caller asks for her, cold"),
    ],
)  # fmt: skip
def test_the_sentence_of_the_card_shows_each_condition(
    rows: list[dict[str, Any]], words: str
) -> None:
    kind = kind_of("transfer_call")
    assert kind.summary(configured(kind.slug, {"destinations": rows}), NAMES) == words


def test_the_caller_is_asked_without_conditions() -> None:
    kind = kind_of("transfer_call")
    config = configured(kind.slug, {"destinations": [BILLS, PRICES, INBOX]})
    args = kind.arguments(config, NAMES).model_validate({**WHY, "destination": "Sales"})
    assert kind.offer(config, NAMES, args) == "connect you to Sales or Support"
    other = kind_of("end_call")
    plain = configured(other.slug, {})
    assert other.offer(plain, NAMES, None) == other.summary(plain, NAMES)


def test_practice_prefers_the_condition_that_was_met() -> None:
    kind = kind_of("transfer_call")
    config = configured(kind.slug, {"destinations": [OUTSIDE, BILLS]})
    heard = Heard("My bill", {"external:+14155550199": Evidence("My", 0, 2),
                              "person:1": Evidence("bill", 3, 7)})  # fmt: skip
    made = kind.practise(config, NAMES, heard)
    assert made is not None and made["destination"] == "Ana Ruiz"


def test_who_is_not_named_is_not_rung_unless_nothing_else_is_left() -> None:
    assert _rung(_plan({"destinations": [BILLS, SALES]}, destination=None)) == ["Sales"]
    assert _rung(_plan({"destinations": [BILLS, PRICES]}, destination=None)) == [
        "Ana Ruiz",
        "Sales",
    ]


def test_a_destination_without_a_condition_shares_the_actions() -> None:
    kind = kind_of("transfer_call")
    config = configured(kind.slug, {"destinations": [BILLS, SALES]})
    judged = kind.predicates(config, "wants a person", NAMES)
    assert judged == {"person:1": "about bills", "ring_group:1": "wants a person"}
    args = kind.arguments(config, NAMES).model_validate({**WHY, "destination": "Sales"})
    assert kind.named(config, NAMES, args) == ["ring_group:1"]


def test_a_warm_transfer_says_who_calls_and_why() -> None:
    plan = _plan({"destinations": [ANA], "warm": True}, summary="Wants\na \x07price.")
    assert plan.warm and plan.whisper == "Maria: Wants a price."
    assert _plan({"destinations": [ANA], "warm": True}).whisper == "Maria: a price"
    assert _plan({"destinations": [ANA]}).whisper == ""


def test_deleted_destinations_are_left_out() -> None:
    gone = {"id": "9", "ref": "person:99"}
    assert _rung(_plan({"destinations": [gone, SALES]})) == ["Sales"]
    with pytest.raises(ActionError, match="None of its destinations"):
        _plan({"destinations": [gone]})
    kind = kind_of("transfer_call")
    config = configured(kind.slug, {"destinations": [gone]})
    assert kind.choices(config, NAMES)["destination"].labels == ()
    assert "missing" in kind.summary(config, NAMES)


def test_an_inbox_as_fallback_must_be_chosen() -> None:
    config = {"destinations": [ANA], "fallback": "inbox"}
    assert refused("transfer_call", config) == [
        (("fallback_ref",), "Choose the inbox for calls that nobody answers.")
    ]
    plan = _plan({**config, "fallback_ref": "inbox:1"})
    assert (plan.fallback, plan.fallback_ref) == ("inbox", "inbox:1")


@pytest.mark.parametrize(
    ("rows", "when", "expected"),
    [
        ([ANA, SALES], "", []),
        ([{"id": "1"}], "", [("error", ("destinations", 0, "ref"))]),
        ([ANA, {**ANA, "id": "2"}], "x", [("warning", ("destinations", 1, "ref"))]),
        ([BILLS, SALES], "", [("error", ("destinations", 1, "when"))]),
        ([BILLS, SALES], "wants a person", []),
    ],
)
def test_what_the_linter_says(rows: list[Any], when: str, expected: list[Any]) -> None:
    assert findings("transfer_call", {"destinations": rows}, when) == expected


def test_a_transfer_needs_a_destination() -> None:
    assert refused("transfer_call", {"destinations": []})[0][0] == ("destinations",)


def test_practice_names_the_destination_whose_condition_was_met() -> None:
    kind = kind_of("transfer_call")
    config = configured(kind.slug, {"destinations": [BILLS, PRICES]})
    heard = Heard("How much is it?", {"ring_group:1": Evidence("How much", 0, 8)})
    assert kind.practise(config, NAMES, heard) == {
        "reason": "How much",
        "summary": None,
        "destination": "Sales",
    }


def test_two_destinations_of_one_name_are_told_apart() -> None:
    names = Names(NAMES | {"person:2": "Ana Ruiz"})
    kind = kind_of("transfer_call")
    rows = [BILLS, {"id": "2", "ref": "person:2", "when": "about repairs"}]
    config = configured(kind.slug, {"destinations": rows})
    heard = Heard("It leaks", {"person:2": Evidence("leaks", 3, 8)})
    made = kind.practise(config, names, heard)
    assert made is not None and made["destination"] == "Ana Ruiz (2)"
    args = kind.arguments(config, names).model_validate(made)
    assert kind.named(config, names, args) == ["person:2"]


@pytest.mark.parametrize(
    "said", ["Let me connect you to Sales.", "Okay, I’m transferring you now."]
)
def test_a_promise_of_a_transfer_is_known(said: str) -> None:
    assert understood.promised(said, ENGLISH.promises["transfer_call"])


def test_end_call_says_its_words_and_ends() -> None:
    outcome, context = run("end_call", {"closing_words": "Bye."})
    assert outcome.flow == End("Bye.") and context.effects == []
    assert outcome.to_model == ""


def test_a_call_without_closing_words_is_doubtful() -> None:
    assert findings("end_call", {"closing_words": ""}) == [("warning", ("closing_words",))]
    assert findings("end_call", {}) == []
