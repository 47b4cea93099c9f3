"""What a language is made of: one shape per room, the same for every language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

Said = tuple[str, ...]
"""A phrase as its words."""


NAME_PART = r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_])){0,29}\.?"
"""One word of a name."""


def phrases(text: str) -> tuple[Said, ...]:
    """Phrases between commas, the longest first."""
    parts = (tuple(part.split()) for part in text.split(","))
    return tuple(sorted((p for p in parts if p), key=len, reverse=True))


def row(text: str) -> frozenset[str]:
    """Words written in a row."""
    return frozenset(text.split())


def pattern(text: str) -> re.Pattern[str]:
    """A pattern that heeds no case."""
    return re.compile(text, re.I)


@dataclass(frozen=True)
class Grammar:
    """Words that deny, and where what they deny ends. A stem of `not` is a plain denial."""

    stem: Callable[[str], str]
    deniers: frozenset[str]
    harmless: frozenset[str]  # behind a denial they leave the wish standing: "I don't know"
    known: frozenset[tuple[str, str]]  # "already know"
    denied_after: frozenset[str]  # "the price does not matter"
    fresh_start: frozenset[str]
    breaks: frozenset[str]
    hardly: frozenset[str]  # breaks that end even a plain denial


@dataclass(frozen=True)
class Agreement:
    """Yes, no, and what takes either back."""

    leading: frozenset[str]
    firm: tuple[Said, ...]
    casual: tuple[Said, ...]
    alone: tuple[Said, ...]
    no: tuple[Said, ...]
    bare_no: frozenset[str]
    settled: tuple[Said, ...]
    unsure: tuple[Said, ...]
    refusal: tuple[Said, ...]
    polite: frozenset[str]
    going_on: frozenset[str]
    doubt: frozenset[str]
    unfinished: frozenset[str]
    finished: tuple[Said, ...]
    doubtful: re.Pattern[str]
    harmless: re.Pattern[str]
    request: re.Pattern[str]
    why_not: re.Pattern[str]
    shortened: Mapping[str, str]
    interest: re.Pattern[str]
    stopping: re.Pattern[str]
    more: re.Pattern[str]
    agreed: re.Pattern[str]
    signs: tuple[str, str]  # what a thumb up and a thumb down are read as


@dataclass(frozen=True)
class Numbers:
    """Number words: their values, scales, and how digits are said."""

    values: Mapping[str, int]
    scales: Mapping[str, int]
    begins: frozenset[str]  # scales that a number may begin with
    articles: frozenset[str]  # "a hundred"
    joiner: str  # "two hundred and fifty"
    lone: frozenset[str]  # they are numbers only where little else is said: "one"
    ordinals: Mapping[str, int]  # places from 0
    naught: frozenset[str]  # further words for the digit 0, where digits surround them
    articles_too: frozenset[str]  # they may be an article: no digit
    times: Mapping[str, int]  # "double five"
    between: frozenset[str]  # what may stand between digits
    between_phone: frozenset[str]
    plus: str
    nth: re.Pattern[str]
    extension: re.Pattern[str]
    multiples: Mapping[str, int]  # behind digits: "20k"

    @property
    def hours(self) -> dict[str, int]:
        """The words for 1 to 12."""
        return {word: n for word, n in self.values.items() if 1 <= n <= 12}


@dataclass(frozen=True)
class Dates:
    """Days and times of day; patterns name their groups."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    ahead: Mapping[str, int]  # "tomorrow" → 1
    day_words: Mapping[str, int]
    day_first: bool
    absolute: tuple[re.Pattern[str], ...]  # month, day, year
    relative: re.Pattern[str]  # word
    in_time: re.Pattern[str]  # count, unit
    weeks: re.Pattern[str]
    named: tuple[re.Pattern[str], ...]  # which, day
    bare: re.Pattern[str]  # day
    coming: frozenset[str]  # of `which`: the one of the coming calendar week
    this: frozenset[str]  # of `which`: today counts
    next_week: re.Pattern[str]
    clocks: tuple[re.Pattern[str], ...]  # hour, minute, word, spoken, less, to, sign
    at: re.Pattern[str]  # hour, word
    noon: Mapping[str, int]
    noons: re.Pattern[str]
    minutes: Mapping[str, int]
    morning: tuple[str, ...]  # how a sign begins that means before noon
    evening: tuple[str, ...]  # how a sign begins that means after noon
    part: re.Pattern[str]
    parts: Mapping[str, tuple[int, int]]  # part of the day → from, until
    parts_said: re.Pattern[str]


@dataclass(frozen=True)
class Choosing:
    """How one of several offered times is picked."""

    weekday: re.Pattern[str]
    relative: re.Pattern[str]
    nth: re.Pattern[str]
    numbered: re.Pattern[str]
    day_of_month: re.Pattern[str]
    edge: re.Pattern[str]
    first_edges: frozenset[str]
    half: re.Pattern[str]  # how, hour, sign
    halves: Mapping[str, int]  # "half past" → 30; below zero: to the hour
    clock: re.Pattern[str]
    dotted: re.Pattern[str]
    clause: re.Pattern[str]
    denied: re.Pattern[str]
    open: re.Pattern[str]
    asked: re.Pattern[str]
    ending: re.Pattern[str]
    lead: re.Pattern[str]
    one: re.Pattern[str]  # "one" behind a place is no number
    that_one: re.Pattern[str]


@dataclass(frozen=True)
class Naming:
    """How somebody says their name."""

    strong: re.Pattern[str]
    weak: re.Pattern[str]
    signed: re.Pattern[str]
    stop: frozenset[str]
    no_name: frozenset[str]
    titles: frozenset[str]
    greeting: re.Pattern[str]
    particles: frozenset[str]  # they belong to the surname: "de la Cruz"
    surnames: int
    parts: int


@dataclass(frozen=True)
class Reaching:
    """Addresses and numbers said aloud."""

    token: re.Pattern[str]  # one word, or several that are one
    at: frozenset[str]
    dot: frozenset[str]
    joiners: Mapping[str, str]
    no_local: frozenset[str]
    about_mail: re.Pattern[str]
    about_phone: re.Pattern[str]


@dataclass(frozen=True)
class OptOut:
    """Words and wordings that stop every message and call, and what only looks like them.

    A blank of a wording (`\\s`) stands for a few.
    """

    out: frozenset[str]
    back_in: frozenset[str]
    pairs: Mapping[str, str]
    polite: frozenset[str]
    beside_polite: frozenset[str]
    wordings: tuple[str, ...]
    no_more: re.Pattern[str]
    turned: re.Pattern[str]
    story: re.Pattern[str]
    told: frozenset[str]
    other_list: re.Pattern[str]
    demand: re.Pattern[str]
    invite: re.Pattern[str]
    reserved: str
    direct: re.Pattern[str]
    followed: re.Pattern[str]
    to_opt_out: re.Pattern[str]
    to_end: re.Pattern[str]
    plain_ends: frozenset[str]


@dataclass(frozen=True)
class Speaking:
    """How days, times and lists are said."""

    day: Callable[[datetime], str]
    clock: Callable[[datetime], str]
    time: Callable[[datetime], str]
    names_ai: re.Pattern[str]  # words that say that an AI speaks
    either: str  # "or"
    both: str  # "and"


@dataclass(frozen=True, eq=False)
class Language:
    """One language, complete."""

    code: str
    name: str
    fold: Callable[[str], str]  # letter for letter: places stay the same
    grammar: Grammar
    agreement: Agreement
    numbers: Numbers
    dates: Dates
    choosing: Choosing
    naming: Naming
    reaching: Reaching
    optout: OptOut
    expected: Mapping[str, re.Pattern[str]]  # kind of answer → how an expectation names it
    speaking: Speaking
    promises: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """One of the sentences, filled in."""
        return self.sentences[key].format(**values)
