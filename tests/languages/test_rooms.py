"""Every language has every room, the same sentences, and nothing is said from elsewhere."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import actions.languages
from actions import registry
from actions.languages import ENGLISH, LANGUAGES, Language, language
from actions.languages.words import sentences_of
from agents.panels.schema import AgentSettings

ROOT = Path(actions.languages.__file__).parent
SAYING = {"say_sentence", "say_line", "say", "FixedWords", "Capped", "Ask", "Collect", "Text"}
SPOKEN = {"to_contact", "closing_words", "fallback_words", "question", "lead"}
SPEAKERS = ("agents/engine", "actions/catalog", "actions/offering.py", "actions/practice")

each = pytest.mark.parametrize("spoken", LANGUAGES.values(), ids=lambda one: one.name)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@each
def test_it_has_every_room_and_every_word(spoken: Language) -> None:
    rooms = {path.name for path in (ROOT / "en").glob("*.py")}
    assert {path.name for path in (ROOT / spoken.code).glob("*.py")} == rooms
    assert all(getattr(spoken, one.name) for one in fields(Language))
    assert spoken.promises.keys() == ENGLISH.promises.keys()
    assert spoken.expected.keys() == ENGLISH.expected.keys()
    for phrases in spoken.promises.values():
        assert all(phrase == phrase.lower().strip() for phrase in phrases)
    assert set(spoken.numbers.hours.values()) == set(range(1, 13))
    assert set(spoken.dates.months.values()) == set(range(1, 13))
    assert set(spoken.dates.weekdays.values()) == set(range(7))


@each
def test_it_says_everything_with_the_same_values(spoken: Language) -> None:
    assert spoken.sentences.keys() == ENGLISH.sentences.keys()
    for key, text in spoken.sentences.items():
        assert text.strip() == text and text
        assert _placeholders(text) == _placeholders(ENGLISH.sentences[key]), key


def test_what_has_no_folder_is_english() -> None:
    assert language("fr") is ENGLISH and language("") is ENGLISH


def test_words_of_settings_and_cards_are_sentences() -> None:
    models = [AgentSettings, *(kind.Config for kind in registry.all_types())]
    used = [key for model in models for _, key in sentences_of(model)]
    assert {"greeting", "connecting", "goodbye", "unknown_extension"} <= set(used)
    assert set(used) <= ENGLISH.sentences.keys()


def test_every_sentence_is_used_somewhere() -> None:
    code = "".join(path.read_text() for path in _sources("actions", "agents"))
    assert not [key for key in ENGLISH.sentences if not re.search(rf"[\"']{key}[\"']", code)]


def _sources(*folders: str) -> Iterator[Path]:
    top = ROOT.parent.parent
    for folder in folders:
        path = top / folder
        found = [path] if path.suffix else sorted(path.rglob("*.py"))
        yield from (one for one in found if ROOT not in one.parents)


def _literal(node: ast.AST, known: dict[str, str]) -> str:
    """The text of a constant, of an f-string's own words, or of a name that stands for one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return " ".join(_literal(part, known) for part in node.values)
    return known.get(node.id, "") if isinstance(node, ast.Name) else ""


def _said_by_itself(tree: ast.Module) -> Iterator[str]:
    known = {
        one.targets[0].id: str(one.value.value)
        for one in tree.body
        if isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and isinstance(one.value, ast.Constant)
    }
    examples = {id(n) for e in ast.walk(tree) if _is_example(e) for n in ast.walk(e)}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or id(call) in examples:
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        own = isinstance(call.func, ast.Attribute) and name == "say" and _is_language(call.func)
        given = [] if own or name not in SAYING else call.args[:1]
        given += [word.value for word in call.keywords if word.arg in SPOKEN]
        yield from (
            text for one in given if re.search(r"[A-Za-z]{3}", text := _literal(one, known))
        )


def _is_example(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Example"


def _is_language(func: ast.Attribute) -> bool:
    return "language" in ast.unparse(func.value)


def test_no_sentence_for_the_contact_stands_in_the_code() -> None:
    found = {
        f"{path.name}: {text}"
        for path in _sources(*SPEAKERS)
        for text in _said_by_itself(ast.parse(path.read_text()))
    }
    assert not found
