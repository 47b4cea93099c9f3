"""Words of a message: their stems, where a phrase stands among them, and whether it is denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from actions.languages import ENGLISH, Language
from actions.understood.evidence import READ, Evidence, evidence

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CLAUSE = re.compile(r"[.,;:!?\n()–—]")
_SCOPE = 7  # words over which a denial reaches


@dataclass(frozen=True, slots=True)
class Words:
    """A text as words with places."""

    text: str
    plain: tuple[str, ...]
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    clauses: tuple[int, ...]
    places: dict[str, list[int]]
    language: Language

    def at(self, phrase: Sequence[str]) -> Iterator[int]:
        """Where a sequence of stems stands within one clause."""
        size = len(phrase)
        for n in self.places.get(phrase[0], ()) if phrase else ():
            same = self.stems[n : n + size] == tuple(phrase)
            if same and self.clauses[n] == self.clauses[n + size - 1]:
                yield n

    def evidence(self, first: int, size: int) -> Evidence:
        """The words from `first` on, as they were written."""
        return evidence(self.text, self.spans[first][0], self.spans[first + size - 1][1])

    def denied(self, first: int, size: int) -> bool:
        """Whether the clause turns the words from `first` on into their opposite."""
        clause, grammar = self.clauses[first], self.language.grammar
        for n in range(first - 1, max(first - _SCOPE, -1), -1):
            if self.clauses[n] != clause:
                break
            if self._denies(n, first):
                return True
            if self.plain[n] in grammar.breaks:
                break
        after = range(first + size, min(first + size + 3, len(self.plain)))
        return any(
            self.stems[n] == "not"
            and self.clauses[n] == clause
            and any(word in grammar.denied_after for word in self.plain[n + 1 : n + 3])
            for n in after
        )

    def _denies(self, n: int, hit: int) -> bool:
        word, grammar = self.stems[n], self.language.grammar
        if word not in grammar.deniers:
            return self.plain[n : n + 2] in grammar.known
        following = self.plain[n + 1] if n + 1 < hit else ""
        if following in grammar.harmless:
            return False
        if word == "no":
            between = self.plain[n + 1 : hit]
            return len(between) < 3 and not any(w in grammar.fresh_start for w in between)
        return not any(w in grammar.hardly for w in self.plain[n + 1 : hit])


@lru_cache(maxsize=64)
def words(text: str, language: Language = ENGLISH) -> Words:
    """Read a text; the last few stay read, since every condition looks at the same message."""
    plain: list[str] = []
    stems: list[str] = []
    spans: list[tuple[int, int]] = []
    clauses: list[int] = []
    places: dict[str, list[int]] = {}
    clause, last, folded = 0, 0, language.fold(text)
    for match in _WORD.finditer(folded, 0, READ):
        if _CLAUSE.search(text, last, match.start()):
            clause += 1
        word = match.group().casefold().replace("’", "'")
        stemmed = language.grammar.stem(word)
        places.setdefault(stemmed, []).append(len(plain))
        plain.append(word)
        stems.append(stemmed)
        spans.append(match.span())
        clauses.append(clause)
        last = match.end()
    read = tuple(plain), tuple(stems), tuple(spans), tuple(clauses)
    return Words(text, *read, places, language)


def stem(word: str) -> str:
    """The stem of an English word."""
    return ENGLISH.grammar.stem(word)


def stems(phrase: str, language: Language = ENGLISH) -> tuple[str, ...]:
    """The stems of a phrase."""
    return words(phrase, language).stems
