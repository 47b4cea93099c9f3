"""Words of a message: their stems, where a phrase stands among them, and whether it is denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from actions.text import listed
from actions.understood.evidence import READ, Evidence, evidence

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NOT = frozenset(
    listed(
        "not cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt "
        "havent hasnt hadnt aint"
    )
)
_DENIERS = frozenset(listed("not never without no nor neither"))
# After "I don't …" these words leave the wish standing: "I don't know the price".
_NO_DENIAL = frozenset(
    listed(
        "know find understand see sure forget hesitate wait solve fix resolve figure remember "
        "mind reach clear told sent given received gotten heard answered replied you only just"
    )
)
_KNOWN_BEFORE = frozenset(("know", "saw", "heard", "seen"))  # after "already"
# "The price does not matter", "this is not a concern".
_DENIED_AFTER = frozenset(
    listed("matter important concern issue problem relevant necessary need interest what why")
)
_FRESH_START = frozenset(
    listed(
        "but however though although because so then i i'm i'd i've my it it's what how when "
        "where which who could would"
    )
)
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
        clause = self.clauses[first]
        for n in range(first - 1, max(first - _SCOPE, -1), -1):
            if self.clauses[n] != clause:
                break
            if self._denies(n, first):
                return True
            if self.plain[n] in ("but", "however", "though", "although", "because"):
                break
        after = range(first + size, min(first + size + 3, len(self.plain)))
        return any(
            self.stems[n] == "not"
            and self.clauses[n] == clause
            and any(word in _DENIED_AFTER for word in self.plain[n + 1 : n + 3])
            for n in after
        )

    def _denies(self, n: int, hit: int) -> bool:
        word = self.stems[n]
        if word not in _DENIERS:
            return self.plain[n] == "already" and self.plain[n + 1] in (
                "know",
                "saw",
                "heard",
                "seen",
            )
        following = self.plain[n + 1] if n + 1 < hit else ""
        if following in _NO_DENIAL:
            return False
        if word == "no":
            between = self.plain[n + 1 : hit]
            return len(between) < 3 and not any(w in _FRESH_START for w in between)
        return not any(w in ("but", "because") for w in self.plain[n + 1 : hit])


@lru_cache(maxsize=64)
def words(text: str) -> Words:
    """Read a text; the last few stay read, since every condition looks at the same message."""
    plain: list[str] = []
    stems: list[str] = []
    spans: list[tuple[int, int]] = []
    clauses: list[int] = []
    places: dict[str, list[int]] = {}
    clause, last = 0, 0
    for match in _WORD.finditer(text, 0, READ):
        if _CLAUSE.search(text, last, match.start()):
            clause += 1
        word = match.group().casefold().replace("’", "'")
        stemmed = stem(word)
        places.setdefault(stemmed, []).append(len(plain))
        plain.append(word)
        stems.append(stemmed)
        spans.append(match.span())
        clauses.append(clause)
        last = match.end()
    return Words(text, tuple(plain), tuple(stems), tuple(spans), tuple(clauses), places)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A light stem: plural, -ing, -ed and a last e go; every "-n't" is "not"."""
    if word.endswith("n't") or word in _NOT:
        return "not"
    word = word.removesuffix("'s").removesuffix("s'").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = _without(word, "ing") or _without(word, "ed") or word
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > 2 and word.endswith("y") else word


def stems(phrase: str) -> tuple[str, ...]:
    """The stems of a phrase."""
    return words(phrase).stems


def _without(word: str, ending: str) -> str:
    if not word.endswith(ending):
        return ""
    rest = word[: -len(ending)]
    if len(rest) < 3 or not re.search("[aeiouy]", rest):
        return ""
    doubled = rest[-1] == rest[-2] and rest[-1] not in "lsz"
    return rest[:-1] if doubled else rest
