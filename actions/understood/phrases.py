"""Promise phrases: found in a text, and the tail of a growing text that may yet become one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from actions.understood.evidence import Evidence, evidence

_SAME = str.maketrans("’ʼ‘`´\n\t\r\u00a0", "'''''    ")
_SPACES = re.compile("  +")


class Phrases:
    """A fixed set of phrases, ready to be looked for after every piece of a stream."""

    def __init__(self, phrases: Iterable[str]) -> None:
        plain = {" ".join(_fold(phrase).split()) for phrase in phrases} - {""}
        self._beginnings = frozenset(p[:n] for p in plain for n in range(1, len(p) + 1))
        self._firsts = frozenset(p[0] for p in plain)
        self._reach = 2 * max(map(len, plain), default=0)
        longest_first = sorted(plain, key=lambda p: (-len(p), p))
        bodies = (re.escape(p).replace("\\ ", " +") for p in longest_first)
        self._pattern = re.compile(f"(?:{_branches(bodies)})(?!'?\\w)") if plain else None

    def found(self, text: str) -> Evidence | None:
        """The first phrase in the text."""
        if self._pattern is None:
            return None
        folded = _fold(text)
        match = self._pattern.search(folded)
        while match and _inside_word(folded, match.start()):
            match = self._pattern.search(folded, match.start() + 1)
        return evidence(text, *match.span()) if match else None

    def tail(self, text: str) -> int:
        """From where the end of the text may still begin a phrase; its length where nothing may."""
        size = len(text)
        start = max(size - self._reach, 0)
        folded = _fold(text[start:])
        for at, char in enumerate(folded):
            if char not in self._firsts:
                continue
            if _SPACES.sub(" ", folded[at:]) not in self._beginnings:
                continue
            if not _inside_word(folded, at):
                return start + at
        return size


def promised(sentence: str, phrases: Sequence[str]) -> Evidence | None:
    """The first of the phrases in a sentence."""
    return Phrases(phrases).found(sentence)


def promise_tail(text: str, phrases: Sequence[str]) -> int:
    """`Phrases.tail` for a set that is used once."""
    return Phrases(phrases).tail(text)


def _branches(bodies: Iterable[str]) -> str:
    """Alternatives grouped by their first letter, so that a search fails fast."""
    groups: dict[str, list[str]] = {}
    for body in bodies:
        head = body[:2] if body.startswith("\\") else body[0]
        groups.setdefault(head, []).append(body[len(head) :])
    return "|".join(f"{head}(?:{'|'.join(rests)})" for head, rests in groups.items())


def _fold(text: str) -> str:
    """Lower case and plain signs, letter for letter: places stay the same."""
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return folded if folded.isascii() and folded.isprintable() else folded.translate(_SAME)


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_'")
