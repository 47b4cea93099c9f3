"""What people call the things that conditions are about: a small set of synonyms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.practice.vocabulary import concepts as vocabulary
from actions.understood.evidence import Evidence
from actions.understood.words import stems, words


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(stems(part.strip()) for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Element:
    """Something a message must mention: any of these phrases, none of which may be denied."""

    label: str
    phrases: tuple[tuple[str, ...], ...]
    unless: tuple[tuple[str, ...], ...] = ()
    action: bool = False

    def find(self, message: str) -> Evidence | None:
        """The first mention that counts."""
        read = words(message)
        if any(True for phrase in self.unless for _ in read.at(phrase)):
            return None
        hits = sorted(
            (at, -len(phrase))
            for phrase in self.phrases
            for at in read.at(phrase)
            if not read.denied(at, len(phrase))
        )
        return read.evidence(hits[0][0], -hits[0][1]) if hits else None


@dataclass(frozen=True, slots=True)
class Concept:
    """How a condition names it, and the element that messages are searched for."""

    named: tuple[tuple[str, ...], ...]
    element: Element
    covers: tuple[str, ...] = ()


def _concept(
    named: str, said: str, *, unless: str = "", covers: str = "", action: bool = False
) -> Concept:
    shown = [part.strip() for part in said.split(",")][:4]
    label = ", ".join(f"“{part}”" for part in shown[:-1]) + f" or “{shown[-1]}”"
    element = Element(label, _phrases(said), _phrases(unless), action)
    return Concept(_phrases(named), element, tuple(s for p in _phrases(covers) for s in p))


def literal(word_stems: Iterable[str], label: str) -> Element:
    """An element for words that are looked for as they stand."""
    return Element(f"“{label}”", (tuple(word_stems),))


CONCEPTS = tuple(_concept(**row) for row in vocabulary.CONCEPTS)
