"""Formats and answers: what is read from a message, and what is left alone."""

from __future__ import annotations

import re
from datetime import date

import pytest

from actions.understood import (
    find_choice,
    find_date,
    find_digits,
    find_email,
    find_name,
    find_number,
    find_phone,
    negative,
    parse_value,
    positive,
    yes_no,
)

TODAY = date(2026, 3, 11)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("maria@lopez.com", "maria@lopez.com"),
        ("It's Maria.Lopez+home@Mail.Lopez.co.uk.", "maria.lopez+home@mail.lopez.co.uk"),
        ("<maria@lopez.com>, please", "maria@lopez.com"),
        ("maria at lopez dot com", "maria@lopez.com"),
        ("My email is maria dot lopez at gmail dot com.", "maria.lopez@gmail.com"),
        ("it's m a r i a at gmail dot com", "maria@gmail.com"),
        ("maria 22 at mail dot lopez dot org thanks", "maria22@mail.lopez.org"),
        ("maria underscore l at lopez.com", "maria_l@lopez.com"),
        ("maria@lopez dot com", "maria@lopez.com"),
        ("my e-mail is john at", None),
        ("john at gmail", None),
        ("john@localhost", None),
        ("meet me at starbucks dot com", None),
        ("I work at amazon dot com", None),
        ("a..b@c.com", None),
        ("@lopez.com", None),
        ("maria at lopez plumbing dot com", None),
        ("", None),
    ],
)
def test_email(text: str, value: str | None) -> None:
    found = find_email(text)
    assert (found.value if found else None) == value
    if found:
        assert text[found.evidence.start : found.evidence.end] == found.evidence.quote


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(415) 555-0123", "+14155550123"),
        ("my number is 415-555-0123.", "+14155550123"),
        ("4155550123@example.com", None),
        ("415.555.0123", "+14155550123"),
        ("call me at +1 415 555 0123 please", "+14155550123"),
        ("+44 20 7946 0958", "+442079460958"),
        ("four one five five five five zero one two three", "+14155550123"),
        ("it's four one five, five five five, oh one two three", "+14155550123"),
        ("four fifteen five fifty five zero one twenty three", "+14155550123"),
        ("415 triple five 0123", "+14155550123"),
        ("four one five um five five five and zero one dash two three", "+14155550123"),
        ("four one five hello five five five zero one two three", None),
        ("eight hundred five five five zero one two three", "+18005550123"),
        ("555-0123", None),
        ("2024-03-12 10:00", None),
        ("my order is 12", None),
        ("000 000 0000", None),
        ("A4155550123", None),
    ],
)
def test_phone(text: str, value: str | None) -> None:
    found = find_phone(text)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-04-01", "2026-04-01"),
        ("tomorrow", "2026-03-12"),
        ("the day after tomorrow", "2026-03-13"),
        ("today at noon", "2026-03-11 12:00"),
        ("next Tuesday at 3pm", "2026-03-17 15:00"),
        ("Friday", "2026-03-13"),
        ("on Wednesday", "2026-03-18"),
        ("this wed", "2026-03-11"),
        ("12 March", "2026-03-12"),
        ("March 3rd", "2027-03-03"),
        ("March 12, 1985", "1985-03-12"),
        ("the 2nd of May at 9:30 am", "2026-05-02 09:30"),
        ("3/12", "2026-03-12"),
        ("25/12", "2026-12-25"),
        ("3/12/26 at 4", "2026-03-12 16:00"),
        ("in two weeks", "2026-03-25"),
        ("in 3 days", "2026-03-14"),
        ("3:30 pm", "15:30"),
        ("three o'clock", "15:00"),
        ("15:45", "15:45"),
        ("I can't do Tuesday, but Friday works", "2026-03-13"),
        ("in the morning", "morning"),
        ("any time next week", "any time"),
        ("30 February", None),
        ("99/99", None),
        ("Good morning", None),
        ("I may come", None),
        ("the sun is out and I sat down", None),
        ("we have 3 cars", None),
        ("10.5%", None),
    ],
)
def test_date(text: str, value: str | None) -> None:
    when = find_date(text, TODAY)
    assert (when.value if when else None) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", "42"),
        ("about $1,200.50", "1200.5"),
        ("12k", "12000"),
        ("1.5 million", "1500000"),
        ("-5 degrees", "-5"),
        ("two hundred and fifty", "250"),
        ("we are five people", "5"),
        ("a hundred", "100"),
        ("one", "1"),
        ("that one is nice", None),
        ("A12", None),
        ("3/12", None),
        ("12:30", None),
        ("none", None),
    ],
)
def test_number(text: str, value: str | None) -> None:
    found = find_number(text)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("204", "204"),
        ("two oh four", "204"),
        ("I was told 9, extension 204 please", "204"),
        ("double two four", "224"),
        ("2-0-4", "204"),
        ("twenty one four", "214"),
        ("oh, hello", None),
        ("hello", None),
    ],
)
def test_digits(text: str, value: str | None) -> None:
    found = find_digits(text)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the blue one please", "Blue"),
        ("Not blue, red", "Red"),
        ("dark blue", "Dark blue"),
        ("the second", "Blue"),
        ("option 1", "Red"),
        ("3", "Dark blue"),
        ("blue or red", None),
        ("reddish", None),
        ("green", None),
        ("7", None),
    ],
)
def test_choice(text: str, value: str | None) -> None:
    found = find_choice(text, ["Red", "Blue", "Dark blue"])
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("My name is Maria Lopez", False, "Maria Lopez"),
        ("my name is maria lopez and I need help", False, "Maria Lopez"),
        ("Hi, I'm Maria.", False, "Maria"),
        ("this is Maria Lopez calling about my bill", False, "Maria Lopez"),
        ("My name's Dr. Ana Ruiz.", False, "Ana Ruiz"),
        ("call me Bob", False, "Bob"),
        ("Maria Lopez here", False, "Maria Lopez"),
        ("my name is jean-luc o'neil", False, "Jean-Luc O'Neil"),
        ("Maria", True, "Maria"),
        ("maria lopez", True, "Maria Lopez"),
        ("Sure, it's Maria", True, "Maria"),
        ("José Núñez.", True, "José Núñez"),
        ("Maria", False, None),
        ("I'm interested", False, None),
        ("I'm Interested", False, None),
        ("I am calling about pricing", False, None),
        ("this is great", False, None),
        ("call me back", False, None),
        ("yes", True, None),
        ("why do you ask?", True, None),
        ("no thanks", True, None),
        ("stop", True, None),
        ("I would like to know the price first", True, None),
    ],
)
def test_name(text: str, asked: bool, value: str | None) -> None:
    name = find_name(text, asked=asked)
    assert (name.value if name else None) == value


def test_name_has_first_and_last() -> None:
    name = find_name("My name is Ana Maria Lopez")
    assert name is not None
    assert (name.first, name.last, name.evidence.quote) == ("Ana Maria", "Lopez", "Ana Maria Lopez")


@pytest.mark.parametrize(
    "text",
    [
        "yes", "Yes!", "yep", "Yeah, sure", "sure", "OK", "okay thanks", "absolutely", "of course",
        "sounds good", "Sounds great to me", "that works", "works for me", "go ahead", "please do",
        "yes please", "correct", "that's right", "no problem", "why not", "I agree", "Great",
        "perfect, thanks", "👍", "um, yes", "Yes, can you come at 3?", "ok let's do it",
        "yes I don't mind", "I'd love to", "That time works for me",
    ],
)  # fmt: skip
def test_yes(text: str) -> None:
    assert yes_no(text) is True
    assert positive(text)


@pytest.mark.parametrize(
    "text",
    [
        "no", "No.", "nope", "nah", "no thanks", "No, thank you", "not really", "not now",
        "I don't think so", "not interested", "I'm not interested", "absolutely not", "👎",
        "I'd rather not", "never", "no I am busy", "I don't want that", "please don't",
    ],
)  # fmt: skip
def test_no(text: str) -> None:
    assert yes_no(text) is False
    assert negative(text)
    assert positive(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "maybe", "I'm not sure", "yes and no", "I don't know", "it depends", "yeah no", "no, yes",
        "What does it cost?", "tomorrow", "I am driving", "right now I am at work", "", "???",
        "ok but I don't want to pay", "yes?", "let me think about it", "maria@lopez.com", "👍👎",
        "okay what is the price", "great weather today in the city",
    ],
)  # fmt: skip
def test_neither_yes_nor_no(text: str) -> None:
    assert yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "is_positive"),
    [
        ("I'm interested", True),
        ("tell me more", True),
        ("I would like to know more", True),
        ("I'm not interested", False),
        ("I want to unsubscribe", False),
        ("who is this", False),
    ],
)
def test_positive(text: str, is_positive: bool) -> None:
    assert bool(positive(text)) is is_positive


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("email", " Maria@Lopez.com ", "maria@lopez.com"),
        ("phone", "(415) 555-0123", "+14155550123"),
        ("date", "tomorrow", "2026-03-12"),
        ("date", "2026-04-01 at 3pm", "2026-04-01 15:00"),
        ("number", "two hundred", "200"),
        ("choice", "blue", "Blue"),
        ("text", " any\x00thing ", "anything"),
    ],
)
def test_values(kind: str, raw: str, value: str) -> None:
    assert parse_value(kind, raw, choices=["Red", "Blue"], today="2026-03-11") == value


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        ("email", "john at", "“john at” is not a complete e-mail address."),
        ("phone", "555", "“555” is not a complete phone number."),
        ("date", "soon", "“soon” is not a date with a day."),
        ("date", "tomorrow", "“tomorrow” is not a date with a day."),
        ("number", "many", "“many” is not a number."),
        ("choice", "green", "“green” is not one of the choices: Red, Blue."),
        ("text", "  ", "An empty value cannot be saved."),
        ("shape", "round", "There is no kind of value called “shape”."),
    ],
)
def test_values_refused(kind: str, raw: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        parse_value(kind, raw, choices=["Red", "Blue"])
