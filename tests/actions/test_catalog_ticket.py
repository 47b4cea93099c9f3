"""Create HubSpot ticket."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from actions import understood
from actions.base import ActionError, Heard, Moment
from actions.effects import Send
from actions.languages import ENGLISH
from tests.fakes.ports import NAMES, FakeContext, configured, findings, kind_of, refused, run

WHERE = {"pipeline": "hubspot_pipeline:1", "status": "hubspot_status:1"}
NOBODY: dict[str, Any] = {
    "customer_name": None,
    "account_number": None,
    "address": None,
    "steps": [],
}
KNOWN = {"first_name": "Maria", "last_name": "Lopez", "account_number": "48211", "address": "Here"}


def _ticket(
    values: dict[str, str] | None = None, config: dict[str, Any] | None = None, **args: Any
) -> dict[str, Any]:
    context = FakeContext(values)
    run("create_ticket", {**WHERE, **(config or {})}, {**NOBODY, **args}, context)
    (effect,) = context.effects
    assert isinstance(effect, Send) and effect.kind == "hubspot_ticket" and effect.to == ""
    return effect.payload


@pytest.mark.parametrize(
    ("values", "args", "customer"),
    [
        (KNOWN, {}, {"name": "Maria Lopez", "account_number": "48211"}),
        (KNOWN, {"account_number": "77"}, {"name": "Maria Lopez", "account_number": "77"}),
        (
            {},
            {"customer_name": "Ana", "address": "1 Pine St"},
            {"name": "Ana", "account_number": "not given", "address": "1 Pine St"},
        ),
        ({}, {}, {"name": "not given", "account_number": "not given", "address": "not given"}),
        (
            {},
            {"customer_name": "A\nna\x00\u202e", "account_number": " "},
            {"name": "A na", "account_number": "not given", "address": "not given"},
        ),
    ],
)
def test_the_customer_is_name_and_account_number_else_the_address(
    values: dict[str, str], args: dict[str, Any], customer: dict[str, str]
) -> None:
    assert _ticket(values, **args)["customer"] == customer


def test_the_properties_that_identify_are_the_admins_choice() -> None:
    chosen = {"account": "property:phone", "address": ""}
    found = _ticket({"phone": "+14155550142", "address": "Here"}, chosen)["customer"]
    assert found["account_number"] == "+14155550142"
    assert _ticket({"address": "Here"}, chosen)["customer"]["address"] == "not given"


def test_every_troubleshooting_step_goes_along() -> None:
    steps = [{"step": "Reset", "result": "no\nchange"}, {"step": "Cable", "result": "loose"}]
    assert _ticket(steps=steps)["steps"] == [
        {"step": "Reset", "result": "no change"},
        {"step": "Cable", "result": "loose"},
    ]


@pytest.mark.parametrize(
    "steps",
    [
        None,
        "reset",
        [{"step": "x"}],
        [{"step": "x", "result": "y", "run": "z"}],
        [{"step": "x" * 301, "result": ""}],
        [{"step": "x", "result": "y"}] * 31,
    ],
)
def test_steps_of_another_shape_are_refused(steps: Any) -> None:
    with pytest.raises(ValidationError):
        _ticket(steps=steps)


def test_pipeline_status_and_priority_come_from_the_settings() -> None:
    made = _ticket(config={"priority": "HIGH"})
    assert (made["pipeline"], made["pipeline_label"]) == ("hubspot_pipeline:1", "Support")
    assert (made["status"], made["status_label"]) == ("hubspot_status:1", "New")
    assert made["priority"] == "HIGH"
    with pytest.raises(ValidationError):
        _ticket(priority="LOW")


@pytest.mark.parametrize("what", ["pipeline", "status"])
def test_a_deleted_pipeline_or_status_is_said(what: str) -> None:
    with pytest.raises(ActionError, match=f"Its {what} was deleted"):
        _ticket(config={what: "hubspot_pipeline:9"})


def test_the_subject_takes_the_name_that_was_given() -> None:
    assert _ticket(customer_name="Ana")["subject"] == "Call from Ana"
    assert _ticket()["subject"] == "Call from a customer"
    assert _ticket(config={"subject": "[FullName|]"})["subject"] == "Support request"


def _asked(context: FakeContext, config: dict[str, Any] | None = None) -> tuple[str, str]:
    run("create_ticket", {**WHERE, **(config or {})}, NOBODY, context)
    prompt = context.prompts[0]["prompt"] if context.prompts else ""
    (effect,) = context.effects
    assert isinstance(effect, Send)
    return prompt, effect.payload["summary"]


def test_the_summary_is_written_as_the_panels_note_is() -> None:
    context = FakeContext({"said": "It leaks", "model": "A leak."})
    context.panel_prompt = "Like this."
    assert _asked(context) == ("Like this.", "A leak.")
    assert context.prompts[0]["seconds"] == 2.0


def test_call_analysis_comes_before_the_panels_note() -> None:
    context = FakeContext({"said": "It leaks", "model": "A leak."})
    context.panel_prompt, context.analysis = "Like this.", True
    prompt, written = _asked(context)
    assert prompt != "Like this." and written == "A leak."


def test_without_a_model_or_by_choice_the_last_words_stand_as_they_were() -> None:
    said = "\n".join(f"line {n}" for n in range(8))
    expected = "\n".join(f"Contact: line {n}" for n in range(2, 8))
    assert _asked(FakeContext({"said": said}))[1] == expected
    words = _asked(FakeContext({"said": said, "model": "x"}), {"summary_from": "words"})
    assert words == ("", expected)


def test_on_a_call_it_leaves_with_the_hand_off_only() -> None:
    kind = kind_of("create_ticket")
    assert kind.moments_for("voice") == {Moment.BEFORE_HANDOFF}
    assert kind.moments_for("text") == {Moment.DURING, Moment.BEFORE_HANDOFF, Moment.IDLE}
    assert kind.first_moment("voice") == Moment.BEFORE_HANDOFF
    assert kind.first_moment("text") == Moment.DURING
    assert kind.with_handoff and kind.asks


def test_the_agent_asks_who_it_is_before_it_proposes_a_transfer() -> None:
    kind = kind_of("create_ticket")
    said = kind.guidance(configured(kind.slug, WHERE), NAMES)
    assert "Before you transfer" in said and "only once" in said and "address" in said
    assert kind.guidance(configured(kind.slug, {**WHERE, "ask": False}), NAMES) == ""


def test_what_the_linter_says_of_a_ticket() -> None:
    assert findings("create_ticket", WHERE) == []
    assert findings("create_ticket", {"subject": "[Nme"}) == [
        ("error", ("subject",)),
        ("error", ("pipeline",)),
        ("error", ("status",)),
    ]
    assert refused("create_ticket", {**WHERE, "priority": "NOW"})[0][0] == ("priority",)


def test_practice_finds_name_and_account_number_in_what_was_said() -> None:
    kind = kind_of("create_ticket")
    before = ("My name is Maria Lopez.", "My account number is A-771.")
    made = kind.practise(configured(kind.slug, WHERE), NAMES, Heard("A person, please", {}, before))
    assert made == {**NOBODY, "customer_name": "Maria Lopez", "account_number": "A-771"}


@pytest.mark.parametrize("said", ["I've created a ticket for you.", "I'll open a ticket."])
def test_a_promise_of_a_ticket_is_known(said: str) -> None:
    assert understood.promised(said, ENGLISH.promises["create_ticket"])
