"""Templates: variables, fallbacks, what is missing, and what is no variable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.variables import (
    VARIABLES,
    TemplateSlot,
    UnknownVariable,
    Variable,
    parse,
    render,
    used,
)


@pytest.mark.parametrize(
    ("template", "text", "missing"),
    [
        ("Hi [FirstName]!", "Hi Maria!", ()),
        ("Hi [FirstName|there]!", "Hi Maria!", ()),
        ("Hi [LastName|there]!", "Hi there!", ()),
        ("Hi [LastName|]!", "Hi !", ()),
        ("Hi [LastName] [Email] [LastName]", "Hi   ", ("LastName", "Email")),
        ("[ FirstName ]", "Maria", ()),
        ("[[FirstName] costs 5]", "[FirstName] costs 5]", ()),
        ("[Company]", "A [LastName] [[B]", ()),
        ("plain ] text", "plain ] text", ()),
        ("", "", ()),
    ],
)
def test_render(template: str, text: str, missing: tuple[str, ...]) -> None:
    rendered = render(
        template, {"FirstName": "Maria", "Email": " ", "Company": "A [LastName] [[B]"}
    )
    assert (rendered.text, rendered.missing) == (text, missing)


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("Hi [FirstNme]", "Unknown variable FirstNme: did you mean FirstName?"),
        ("Hi [first_name]", "Unknown variable first_name: did you mean FirstName?"),
        ("Hi [first name|x]", "Unknown variable first name: did you mean FirstName?"),
        ("[see below]", "Unknown variable see below. Write [[ for a bracket."),
        ("[]", "Unknown variable []. Write [[ for a bracket."),
        ("Hi [FirstName", "“[FirstName” is not closed. Add ], or write [[ for a bracket."),
        ("[a[FirstName]]", "“[a[FirstName]]” is not closed. Add ], or write [[ for a bracket."),
    ],
)
def test_unknown(template: str, sentence: str) -> None:
    with pytest.raises(UnknownVariable) as refusal:
        parse(template)
    assert str(refusal.value) == refusal.value.sentence == sentence


def test_known_at_run_time() -> None:
    known = {**VARIABLES, "plan": Variable("plan", "Plan", "Gold")}
    parsed = parse("[plan] for [FirstName|you], [plan]", known)
    assert parsed.names == ("plan", "FirstName")
    assert parsed.parts[0] == TemplateSlot("plan")
    assert render("[plan]", {"plan": "Gold"}, known).text == "Gold"
    with pytest.raises(UnknownVariable):
        parse("[plan]")


def test_used_lists_unknown_names_too() -> None:
    assert used("[Nope] [FirstName|x] [Nope] [[no]") == ("Nope", "FirstName")


@given(st.text(alphabet=st.sampled_from("[]|Fa \n"), max_size=40) | st.text(max_size=200))
def test_arbitrary_text_renders_or_is_refused(template: str) -> None:
    try:
        rendered = render(template, {})
    except UnknownVariable as refusal:
        assert refusal.sentence
    else:
        assert "[" not in template or "[[" in template or rendered.missing or "|" in template


@given(st.text(max_size=200))
def test_escaped_text_comes_back(text: str) -> None:
    assert render(text.replace("[", "[["), {}).text == text


@given(st.text(max_size=200).filter(str.strip))
def test_values_are_not_read_again(value: str) -> None:
    assert render("[FirstName]", {"FirstName": value}).text == value.strip()
