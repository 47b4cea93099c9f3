"""A message as plainly spoken words, and the phrases that are looked for in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from actions.practice.vocabulary.speech import MACROS, SHORTENED
from actions.understood.evidence import Evidence
from actions.understood.words import Words, words

_SHORT = re.compile(r"(?:n't|'(?:re|m|ll|d|ve|s))$")
_LONG = {"n't": "not", "'re": "are", "'m": "am", "'ll": "will", "'d": "would", "'ve": "have"}
_IS = frozenset(("it", "that", "what", "there", "where", "who", "how", "he", "she", "here", "when"))
_MARK = re.compile(r"[.?!\n…]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words in lower case with short forms written out: `. what is the price ? `.

    Every clause stands between marks: `,` within a sentence, else what ends it.
    """

    read: Words
    text: str
    starts: tuple[int, ...]
    owners: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The first word of the message in this stretch, and how many words it has."""
        first = self.owners[bisect_right(self.starts, start) - 1]
        last = self.owners[bisect_right(self.starts, end - 1) - 1]
        return first, last - first + 1

    def evidence(self, start: int, end: int) -> Evidence:
        """The words in this stretch, as they were written."""
        return self.read.evidence(*self.place(start, end))

    def around(self, at: int, marks: str) -> tuple[int, int]:
        """The clause (`,.?!`) or sentence (`.?!`) around a place, with the mark that ends it."""
        start = max(self.text.rfind(f"{mark} ", 0, at) for mark in marks)
        ends = (self.text.find(f" {mark} ", at - 1) for mark in marks)
        return start + 1, min(end for end in ends if end >= 0) + 3


@lru_cache(maxsize=64)
def spoken(text: str) -> Spoken:
    """Read a message; the last few stay read, since every condition looks at the same one."""
    read = words(text)
    made, starts, owners = [". "], [], []
    size, last = 2, 0
    for n, word in enumerate(read.plain):
        between = text[last : read.spans[n][0]]
        mark = _mark(between) if n else ""
        if n and (mark or read.clauses[n] != read.clauses[n - 1]):
            made.append(f"{mark or ','} ")
            size += 2
        for part in _long(word):
            made.append(f"{part} ")
            starts.append(size)
            owners.append(n)
            size += len(part) + 1
        last = read.spans[n][1]
    made.append(f"{_mark(text[last : last + 8]) or '.'} ")
    return Spoken(read, "".join(made), tuple(starts), tuple(owners))


def _mark(between: str) -> str:
    if "?" in between:
        return "?"
    found = _MARK.search(between)
    return "." if found else ""


def _long(word: str) -> list[str]:
    """A short form written out: "isn't" → "is not", "lemme" → "let me"."""
    if found := SHORTENED.get(word):
        return found.split()
    short = _SHORT.search(word)
    if short is None:
        return [word]
    head, tail = word[: short.start()], short.group()
    if tail == "'s":
        return [head, "is"] if head in _IS else [head]
    return [head, _LONG[tail]]


class Phrases:
    """Phrases written plainly: `a|b` one of these, `x*` any ending, `x?` may be missing.

    `~` stands for up to four words, `_` for a blank within a choice, `<name>` for a macro, `^` for
    the beginning of a clause and `$` for its end.
    """

    def __init__(self, phrases: str) -> None:
        self._phrases = re.sub(r"\s*\|\s*", "|", phrases)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        """Made when they are first looked for."""
        return tuple(_compiled(phrase) for phrase in self._phrases.split(";") if phrase.strip())

    def every(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Where one of them stands."""
        end = len(text) if end is None else end
        hits = [m.span() for pattern in self._patterns for m in pattern.finditer(text, start, end)]
        yield from sorted(hits, key=lambda hit: (hit[0], -hit[1]))

    def among(self, text: str, start: int = 0, end: int | None = None) -> bool:
        """Whether one of them stands there."""
        end = len(text) if end is None else end
        return any(pattern.search(text, start, end) for pattern in self._patterns)


_GAP = r"(?:[^\s,.?!]+ ){0,4}?"


def _compiled(phrase: str) -> re.Pattern[str]:
    return re.compile(r"(?<= )" + "".join(_piece(token) for token in phrase.split()))


def _piece(token: str) -> str:
    if token in _SIGNS:
        return _SIGNS[token]
    optional = token.endswith("?")
    body = _filled(token.removesuffix("?")).replace("_", " ").replace("*", r"[^\s,.?!]*")
    return f"(?:(?:{body}) ){'?' if optional else ''}"


def _filled(token: str) -> str:
    while "<" in token:
        token = re.sub(r"<(\w+)>", lambda m: "|".join(MACROS[m.group(1)].split()), token)
    return token


_SIGNS = {"~": _GAP, "^": r"(?<=[,.?!] )", "$": r"(?=[,.?!] )"}
