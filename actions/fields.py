"""Markers for settings: how a field is asked in the form, and what it may refer to.

Every marker returns a pydantic field whose `json_schema_extra` the form reads:
`widget`, `pick` (kinds of reference), `wants`, `unit`, `placeholder`, `help`, `show_if`, `rows`.

`show_if` names the other fields of the same form or row that decide whether a field applies, and
the values that they must have: `show_if={"auth": ("basic", "header"), "active": True}`. A field
that does not apply is not shown and not checked; its text is kept for when it applies again, a
reference or a secret in it is not stored. `FILLED` stands for any value at all; a name with a dot
is a field outside the settings, as in `"common.moment"`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from actions.languages import ENGLISH

FILLED = "*"


class Choices:
    """The labels an argument may take, made unique, each with the reference it stands for."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.keys: dict[str, str] = {}
        for ref, label in pairs:
            unique, n = label, 2
            while unique in self.keys and self.keys[unique] != ref:
                unique, n = f"{label} ({n})", n + 1
            self.keys[unique] = ref

    @property
    def labels(self) -> tuple[str, ...]:
        """What the model may choose from."""
        return tuple(self.keys)

    def ref(self, label: str) -> str:
        """The reference behind a label; KeyError for a label that is not offered."""
        return self.keys[label]

    def annotation(self, declared: Any) -> Any:
        """The declared annotation (`str`, `list[str]`, `str | None`) narrowed to the labels."""
        literal: Any = Literal[self.labels] if self.labels else Literal[("",)]
        text = str(declared)
        if "list" in text:
            return list[literal]
        return literal | None if "None" in text else literal


def _field(widget: str, label: str, default: Any, extra: dict[str, Any], **limits: Any) -> Any:
    return Field(
        default=default,
        title=label,
        json_schema_extra={"widget": widget, **{k: v for k, v in extra.items() if v}},
        **limits,
    )


def line(
    label: str,
    default: Any = "",
    *,
    help: str = "",
    placeholder: str = "",
    max: int = 200,
    **extra: Any,
) -> Any:
    """One line of text."""
    return _field(
        "line", label, default, {"help": help, "placeholder": placeholder, **extra}, max_length=max
    )


def secret_line(label: str, *, help: str = "", max: int = 200, **extra: Any) -> Any:
    """One line that is stored apart and never shown again."""
    return _field("secret", label, "", {"help": help, **extra}, max_length=max)


def words(
    label: str,
    default: Any = "",
    *,
    help: str = "",
    placeholder: str = "",
    max: int = 2000,
    **extra: Any,
) -> Any:
    """Several lines of text that are said or read."""
    return _field(
        "words", label, default, {"help": help, "placeholder": placeholder, **extra}, max_length=max
    )


def said(
    label: str,
    sentence: str,
    *,
    short: bool = False,
    templated: bool = False,
    max: int = 2000,
    **extra: Any,
) -> Any:
    """Words the agent says: a sentence of its language until somebody writes their own."""
    field = template if templated else line if short else words
    return field(label, ENGLISH.sentences[sentence], max=max, sentence=sentence, **extra)


def template(
    label: str,
    default: Any = "",
    *,
    help: str = "",
    max: int = 1600,
    sms: bool = False,
    **extra: Any,
) -> Any:
    """Text with `[FirstName|there]` variables; `sms` shows the live preview with segments."""
    return _field("template", label, default, {"help": help, "sms": sms, **extra}, max_length=max)


def condition(
    label: str = "When", default: Any = "", *, placeholder: str = "", **extra: Any
) -> Any:
    """A condition in plain language that belongs to one choice."""
    return _field(
        "condition", label, default, {"placeholder": placeholder, **extra}, max_length=1000
    )


def pick(
    label: str, *kinds: str, default: Any = "", help: str = "", checked: bool = False, **extra: Any
) -> Any:
    """One reference of the given kinds, e.g. `person`, `ring_group`; stored as `person:12`.

    `wants` names what it must have to be of use: `call`, someone whom a call reaches, `extension`.
    `checked`: its validator also sees the blank default, e.g. to want it beside another field.
    """
    kept = {"pick": list(kinds), "help": help, **extra}
    return _field("pick", label, default, kept, max_length=200, validate_default=checked or None)


def picks(label: str, *kinds: str, help: str = "", **extra: Any) -> Any:
    """Several references; `wants` as with `pick`, for each of them."""
    return Field(
        default_factory=list,
        title=label,
        json_schema_extra={"widget": "picks", "pick": list(kinds), "help": help, **extra},
        max_length=100,
    )


def rows(
    label: str, *, min: int = 0, max: int = 50, add: str = "row", help: str = "", **extra: Any
) -> Any:
    """A list of `Row`s, ordered by the admin; `add` is the word on the button.

    `blank`: how many empty rows an empty list begins with, where none is needed.
    """
    return Field(
        default_factory=list,
        title=label,
        json_schema_extra={"widget": "rows", "add": add, "help": help, "min": min, **extra},
        min_length=min,
        max_length=max,
    )


def number(
    label: str,
    default: Any,
    *,
    ge: int = 0,
    le: int = 1_000_000,
    unit: str = "",
    help: str = "",
    **extra: Any,
) -> Any:
    """A whole number with its unit."""
    return _field("number", label, default, {"unit": unit, "help": help, **extra}, ge=ge, le=le)


def switch(label: str, default: bool = False, *, help: str = "", **extra: Any) -> Any:
    """On or off."""
    return _field("switch", label, default, {"help": help, **extra})


def choice(
    label: str, default: Any, *, labels: dict[str, str], help: str = "", **extra: Any
) -> Any:
    """One of a `Literal`'s values; `labels` are the words people see."""
    return _field("choice", label, default, {"labels": labels, "help": help, **extra})
