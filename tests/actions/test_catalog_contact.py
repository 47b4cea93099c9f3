"""Update contact property, Set contact as DNC and Summarize conversation as note."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from actions.base import ActionError, Ask, Event, Heard, Moment, Names
from actions.context import Occasion
from actions.effects import AddNote, SetDnc, SetProperty
from actions.practice.noticing import noticed, noticed_in
from actions.understood import Evidence
from tests.fakes.ports import NAMES, FakeContext, configured, findings, kind_of, run


def _row(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "property": f"property:{key}", **more}


def _save(
    rows: list[dict[str, Any]], values: dict[str, Any], context: FakeContext | None = None
) -> Any:
    given = {row["id"]: None for row in rows} | values
    return run("update_contact_property", {"fields": rows}, given, context)


def _saved(context: FakeContext) -> dict[str, str]:
    return {e.key: e.value for e in context.effects if isinstance(e, SetProperty)}


@pytest.mark.parametrize(
    ("key", "said", "saved"),
    [
        ("email", "Maria at Lopez dot com", "maria@lopez.com"),
        ("phone", "(415) 555-0142", "+14155550142"),
        ("birthday", "tomorrow", "2026-03-13"),
        ("rooms", "three", "3"),
        ("plan", "premium", "Premium"),
        ("first_name", " María \x00", "María"),
    ],
)
def test_a_value_is_saved_in_the_form_of_its_kind(key: str, said: str, saved: str) -> None:
    outcome, context = _save([_row(key)], {key: said})
    assert _saved(context) == {key: saved}
    assert outcome.line.endswith(saved) and outcome.to_model == ""


@pytest.mark.parametrize(
    ("key", "said", "why"),
    [
        ("email", "john at", "not a complete e-mail address"),
        ("phone", "555", "not a complete phone number"),
        ("birthday", "soon", "not a date with a day"),
        ("rooms", "many", "not a number"),
        ("plan", "Gold", "Basic, Premium"),
    ],
)
def test_a_wrong_value_is_not_saved_and_the_model_is_told_why(
    key: str, said: str, why: str
) -> None:
    context = FakeContext()
    with pytest.raises(ActionError) as refusal:
        _save([_row(key)], {key: said}, context)
    assert why in refusal.value.to_model and said in refusal.value.to_model
    assert context.effects == []


def test_what_is_right_beside_a_wrong_value_is_saved() -> None:
    context = FakeContext()
    with pytest.raises(ActionError):
        _save([_row("email"), _row("first_name")], {"email": "x", "first_name": "Ana"}, context)
    assert _saved(context) == {"first_name": "Ana"}


def test_nothing_given_is_nothing_saved() -> None:
    with pytest.raises(ActionError, match="No value was given"):
        _save([_row("email"), _row("phone")], {})


def test_a_known_value_is_kept_where_it_may_not_be_replaced() -> None:
    rows = [_row("email", keep=True), _row("first_name")]
    context = FakeContext({"email": "old@lopez.com"})
    outcome, _ = _save(rows, {"email": "new@lopez.com", "first_name": "Ana"}, context)
    assert _saved(context) == {"first_name": "Ana"}
    assert "not changed: Email" in outcome.to_model


def test_a_value_is_replaced_and_the_old_one_goes_along() -> None:
    context = FakeContext({"email": "old@lopez.com"})
    _save([_row("email")], {"email": "new@lopez.com"}, context)
    assert context.effects == [SetProperty("email", "Email", "new@lopez.com", "old@lopez.com")]


def test_what_is_known_already_is_not_written_again() -> None:
    context = FakeContext({"email": "maria@lopez.com"})
    outcome, _ = _save([_row("email", read_back=True)], {"email": "Maria@Lopez.com"}, context)
    assert context.effects == [] and outcome.flow is None and outcome.to_model


def test_reading_back_waits_for_the_yes_and_the_rest_is_saved_at_once() -> None:
    rows, values = (
        [_row("email", read_back=True), _row("first_name")],
        {
            "email": "maria@lopez.com",
            "first_name": "Maria",
        },
    )
    context = FakeContext()
    outcome, _ = _save(rows, values, context)
    assert outcome.flow == Ask("I have Email maria@lopez.com. Is that right?")
    assert _saved(context) == {"first_name": "Maria"}
    confirmed = FakeContext({"first_name": "Maria"}, occasion=Occasion(confirmed=True))
    outcome, _ = _save(rows, values, confirmed)
    assert _saved(confirmed) == {"email": "maria@lopez.com"}
    assert outcome.to_model == "Saved Email maria@lopez.com."


def test_the_model_is_asked_for_each_property_that_is_left_and_may_say_null() -> None:
    kind = kind_of("update_contact_property")
    rows = [_row("email", ask="Which e-mail address?"), _row("gone")]
    arguments = kind.arguments(configured(kind.slug, {"fields": rows}), NAMES)
    assert set(arguments.model_fields) == {"email"}
    description = arguments.model_fields["email"].description or ""
    assert "never guess" in description and "Which e-mail address?" in description
    for wrong in ({}, {"email": 1}, {"email": ["x"]}, {"email": "x", "phone": "1"}):
        with pytest.raises(ValidationError):
            arguments.model_validate(wrong)


@pytest.mark.parametrize("key", ["model_dump", "copy", "json", "model_config", "2nd_phone"])
def test_no_key_of_a_property_breaks_the_tool(key: str) -> None:
    context = FakeContext()
    context.names = Names(NAMES | {f"property:{key}": "Odd"})
    kind = kind_of("update_contact_property")
    config = configured(kind.slug, {"fields": [_row(key)]})
    (name,) = kind.arguments(config, context.names).model_fields
    run(kind.slug, {"fields": [_row(key)]}, {name: "x"}, context)
    assert _saved(context) == {key: "x"}


def test_deleted_properties_are_left_out() -> None:
    with pytest.raises(ValidationError):
        _save([_row("gone")], {"gone": "x"})


def test_what_to_ask_for_stands_in_the_instructions() -> None:
    kind = kind_of("update_contact_property")
    rows = [_row("email", ask="Which address?", keep=True), _row("phone")]
    said = kind.guidance(configured(kind.slug, {"fields": rows}), NAMES)
    assert said == "Email, only if it is not known yet: ask once, when it fits: “Which address?”"


def test_what_the_linter_says_of_properties() -> None:
    rows = [_row("email"), {"id": "2"}, _row("email")]
    assert findings("update_contact_property", {"fields": rows}) == [
        ("error", ("fields", 1, "property")),
        ("error", ("fields", 2, "property")),
    ]


def test_an_event_saves_the_fixed_values() -> None:
    kind = kind_of("update_contact_property")
    config = configured(kind.slug, {"fields": [_row("plan", fixed="Basic"), _row("email")]})
    assert kind.event_arguments(config, NAMES, Event("busy")) == {"plan": "Basic", "email": None}
    none = configured(kind.slug, {"fields": [_row("email")]})
    assert kind.event_arguments(none, NAMES, Event("busy")) is None


@pytest.mark.parametrize(
    ("key", "label", "message", "value"),
    [
        ("first_name", "First name", "Hi, my name is Maria Lopez", "Maria"),
        ("last_name", "Last name", "Hi, my name is Maria Lopez", "Lopez"),
        ("email", "E-mail", "write to maria@lopez.com", "maria@lopez.com"),
        ("phone", "Phone", "call 415 555 0142", "+14155550142"),
        ("account_number", "Account number", "my account number is A-771", "A-771"),
        ("account_number", "Account number", "call 415 555 0142", None),
        ("rooms", "Number of rooms", "call 415 555 0142 about maria@lopez.com please", None),
        ("rooms", "Number of rooms", "it is 4", "4"),
        ("birthday", "Date of birth", "it is May 5 1980", "May 5 1980"),
        ("pet", "Pet’s name", "my name is Maria", None),
        ("company", "Company", "my company is Acme", None),
        ("email", "E-mail", "", None),
    ],
)
def test_practice_takes_only_what_says_what_it_is(
    key: str, label: str, message: str, value: str | None
) -> None:
    assert noticed(key, label, message) == value


def test_practice_takes_the_newest_value() -> None:
    said = ["maria@old.com", "no, maria@new.com", "thanks"]
    assert noticed_in("email", "E-mail", said) == "maria@new.com"
    assert noticed_in("email", "E-mail", []) is None


def test_practice_proposes_nothing_where_nothing_was_said() -> None:
    kind = kind_of("update_contact_property")
    config = configured(kind.slug, {"fields": [_row("email"), _row("first_name")]})
    assert kind.practise(config, NAMES, Heard("Hello", {})) is None
    made = kind.practise(config, NAMES, Heard("maria@lopez.com", {}))
    assert made == {"email": "maria@lopez.com", "first_name": None}


def test_dnc_blocks_with_the_words_that_were_said() -> None:
    outcome, context = run("set_dnc", {}, {"words": "stop\ncalling \u202eme"})
    assert context.effects == [SetDnc("stop calling me")]
    assert outcome.to_model


@pytest.mark.parametrize("words", [None, 3, ["stop"], "x" * 501])
def test_dnc_takes_bounded_words_only(words: Any) -> None:
    with pytest.raises(ValidationError):
        run("set_dnc", {}, {"words": words})


def test_practice_quotes_the_words_that_asked_for_dnc() -> None:
    kind = kind_of("set_dnc")
    heard = Heard("Please stop calling me", {"": Evidence("stop calling me", 7, 22)})
    assert kind.practise(configured("set_dnc", {}), NAMES, heard) == {"words": "stop calling me"}
    long = kind.practise(configured("set_dnc", {}), NAMES, Heard("x" * 5000, {}))
    assert long is not None and len(long["words"]) == 500


def test_an_event_sets_dnc_without_words() -> None:
    kind = kind_of("set_dnc")
    made = kind.event_arguments(configured("set_dnc", {}), NAMES, Event("not_answered"))
    assert made == {"words": "not answered"} and kind.one_key


def test_a_note_is_written_by_a_model_from_the_whole_conversation() -> None:
    context = FakeContext({"said": "My boiler leaks\nSince Monday", "model": "A leak.\x00"})
    config = {"prompt": "Short.", "sections": [{"id": "1", "title": "Next"}], "to_hubspot": True}
    outcome, _ = run("summarize_note", config, {}, context)
    assert context.effects == [AddNote("A leak.", to_hubspot=True)]
    assert context.prompts[0]["prompt"] == "Short. Use these sections: Next."
    assert context.prompts[0]["transcript"].count("\n") == 1
    assert outcome.line == "Note written" and outcome.facts["note"] == "A leak."


def test_without_a_model_the_note_holds_the_last_words() -> None:
    said = "\n".join(f"line {n}" for n in range(10))
    outcome, context = run("summarize_note", {}, {}, FakeContext({"said": said}))
    (note,) = context.effects
    assert isinstance(note, AddNote) and note.text.startswith("Last words:\nContact: line 4")
    assert note.text.endswith("line 9") and "no model" in outcome.line


def test_a_note_needs_a_conversation_and_a_bound() -> None:
    with pytest.raises(ActionError, match="Nothing was said"):
        run("summarize_note", {}, {})
    _, context = run("summarize_note", {}, {}, FakeContext({"said": "x", "model": "y" * 50_000}))
    assert len(context.effects[0].text) == 8000  # type: ignore[union-attr]


def test_a_note_wants_hubspot_only_where_it_goes_there() -> None:
    kind = kind_of("summarize_note")
    assert kind.needs_of(configured(kind.slug, {})) == ()
    there = kind.needs_of(configured(kind.slug, {"to_hubspot": True}))
    assert [need.kind for need in there] == ["hubspot"]
    assert kind.default_moment == Moment.AFTER_END
    assert findings(kind.slug, {"sections": [{"id": "1"}]}) == [("error", ("sections", 0, "title"))]
