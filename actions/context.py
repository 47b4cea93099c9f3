"""What `execute` gets: the facts, what it may ask, and where its effects go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from actions.effects import Effect, SetProperty
from actions.facts import Facts
from actions.languages import Language
from actions.ports import (
    CalendarPort,
    CrmPort,
    DirectoryPort,
    FunctionsPort,
    PeoplePort,
    WritingPort,
)
from actions.terms import Names


@dataclass(frozen=True)
class Occasion:
    """Why a run is executed: the first time, or again after an answer of the contact."""

    confirmed: bool = False
    asked: int = 0
    moment: str = "during"


class Context(Protocol):
    """One run, as its action sees it."""

    facts: Facts
    names: Names
    confirmed: bool
    asked: int
    moment: str
    language: Language
    crm: CrmPort
    people: PeoplePort
    calendar: CalendarPort
    functions: FunctionsPort
    directory: DirectoryPort
    writing: WritingPort

    def emit(self, effect: Effect) -> None:
        """Change something once the run has ended; all effects of a run are written together."""

    def value(self, key: str) -> str:
        """A property of the contact, empty where unknown; sees what this run has set."""

    def existing(self, ref: str) -> str:
        """The label of a reference; raises ActionError where what it leads to was deleted."""

    def fill(self, template: str, slots: dict[str, str] | None = None) -> str:
        """A template with its variables; `slots` are values of this run.

        Raises ActionError where a variable has neither value nor fallback.
        """

    def fill_known(self, template: str) -> tuple[str, tuple[str, ...]]:
        """A template with what is known, and the names of what is not: that is left out."""

    def transcript(self, last: int | None = None) -> str:
        """What was said, one line each, the `last` lines or all."""

    def now(self) -> datetime:
        """The conversation's time, which Try it can skip."""


def new_value(ctx: Context, ref: str, value: str) -> SetProperty:
    """A property (`property:first_name`) with another value."""
    key = ref.partition(":")[2]
    return SetProperty(key, ctx.existing(ref), value, old=ctx.value(key))
