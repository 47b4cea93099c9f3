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


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hi [FirstName],", "Hi,"),
        ("Hi [FirstName], we open at 8.", "Hi, we open at 8."),
        ("Hi [FirstName]!", "Hi!"),
        ("Hi [FirstName]", "Hi"),
        ("Hi, [FirstName], welcome", "Hi, welcome"),
        ("Thanks, [FirstName]!", "Thanks!"),
        ("Dear [FirstName] [LastName],\nwe open at 8.", "Dear,\nwe open at 8."),
        ("[FirstName], your table is ready.", "Your table is ready."),
        ("[FirstName] [LastName]: is that right?", "Is that right?"),
        ("Good day.\n[FirstName], your table is ready.", "Good day.\nYour table is ready."),
        ("Shall I call you, [FirstName], at [Phone] now?", "Shall I call you, at now?"),
        ("Call us ([Phone]) today.", "Call us today."),
        ("Is “[Email]” right?", "Is right?"),
        ("(for [FirstName])", "(for)"),
        ("([FirstName] asked)", "(asked)"),
        ("This is [FirstName]'s order", "This is order"),
        ("Order-[Phone]-7", "Order--7"),
        ("[FirstName]", ""),
        ("[FirstName|there], hello", "there, hello"),
        ("Hi  [Company] , [FirstName].", "Hi  Acme."),
        ("[[a] , b ,  [FirstName] c", "[a] , b , c"),
        ("nothing  missing , here", "nothing  missing , here"),
    ],
)
def test_a_missing_value_is_left_out_with_its_blanks_and_signs(template: str, text: str) -> None:
    assert render(template, {"Company": "Acme"}, leave_out=True).text == text


def test_what_was_left_out_is_named() -> None:
    assert render("Hi [FirstName] [Phone]", {}, leave_out=True).missing == ("FirstName", "Phone")


@given(st.lists(st.sampled_from(["Hi", "[FirstName]", " ", ", ", "! ", "(", ")", "\n", "[Phone]",
                                 "“", "”", "we open", "[[", "'s"]), max_size=12))  # fmt: skip
def test_leaving_out_never_leaves_brackets_or_gaps(parts: list[str]) -> None:
    template = "".join(parts)
    text = render(template, {}, leave_out=True).text
    assert "\x00" not in text and "FirstName" not in text and "Phone" not in text
    assert text.count("Hi") == template.count("Hi")
    assert text.casefold().count("we open") == template.count("we open")


@given(st.text(alphabet="ab ,.!?[|]()\n", max_size=30))
def test_leaving_out_changes_nothing_where_nothing_is_missing(text: str) -> None:
    template = text.replace("[", "[[")
    assert render(template, {}, leave_out=True).text == text
