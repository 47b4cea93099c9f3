"""What people say for the things that conditions are about: found only where they ask for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.practice.vocabulary import speech
from actions.practice.wording import Phrases, Spoken, spoken
from actions.understood.evidence import Evidence
from actions.understood.words import stem

_SAID = Path(__file__).with_name("vocabulary") / "concepts.toml"
_SENTENCE, _CLAUSE = ".?", ",.?"
_ASKING = Phrases(speech.ASKING)
_VOIDS = {name: Phrases(said) for name, said in speech.VOIDS.items()}
_DENIED = re.compile(
    r"(?<= )(?:not|never|without|nor|neither|stop|(?:no(?= (?:\S+ ){0,2}$)))"
    rf" (?!(?:{'|'.join(speech.NO_DENIAL)}) )(?:(?!(?:but|because|so) )\S+ ){{0,6}}$"
)
_DENIED_AFTER = re.compile(r"(?:\S+ ){0,3}?not (?:\S+ )?(?:matter|important|necessary|needed|why) ")


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that a message may ask for, however it is put."""

    label: str
    sample: str
    named: Phrases
    says: Phrases
    about: Phrases
    unless: Phrases
    voids: tuple[Phrases, ...] = ()

    def find(self, message: str) -> Evidence | None:
        """The first words that ask for it, and neither deny it nor tell of something else."""
        heard = spoken(message)
        return next((heard.evidence(*hit) for hit in self._asked(heard)), None)

    def _asked(self, heard: Spoken) -> Iterator[tuple[int, int]]:
        alone = set(self.says.every(heard.text))
        for hit in sorted(alone | set(self.about.every(heard.text)), key=lambda h: (h[0], -h[1])):
            clause = heard.around(hit[0], _CLAUSE)
            if self.unless.among(heard.text, *clause) or denied(heard, hit):
                continue
            if any(void.among(heard.text, *clause) for void in self.voids):
                continue
            if hit in alone or asked_for(heard, hit):
                yield hit


def denied(heard: Spoken, hit: tuple[int, int]) -> bool:
    """Whether the clause turns what was found into its opposite."""
    start, end = heard.around(hit[0], _CLAUSE)
    before, after = heard.text[start : hit[0]], heard.text[hit[1] : end]
    return bool(_DENIED.search(before) or _DENIED_AFTER.match(after))


def asked_for(heard: Spoken, hit: tuple[int, int]) -> bool:
    """Whether the sentence is a question or a request, or hardly more than what was found."""
    start, end = heard.around(hit[0], _SENTENCE)
    if heard.text[start:end].endswith("? ") or _ASKING.among(heard.text, start, end):
        return True
    rest = f"{heard.text[start : hit[0]]} {heard.text[hit[1] : end]}".split()
    return all(word in speech.FILLERS or word in ".,?" for word in rest)


@dataclass(frozen=True, slots=True)
class Literal:
    """Words that are looked for as they stand.

    `asked`: only where they are asked for. `example`: of what is named, so said of here and now.
    `loose`: nobody put them into quotation marks; other words may mean the same.
    """

    words: tuple[str, ...]
    asked: bool = False
    example: bool = False
    loose: bool = False

    @property
    def label(self) -> str:
        """As the card shows it."""
        return f"the word{'s' if len(self.words) > 1 else ''} “{' '.join(self.words)}”"

    @property
    def sample(self) -> str:
        """A sentence with it."""
        said = " ".join(self.words)
        return f"I have a question about {said}" if self.asked else said

    def find(self, message: str) -> Evidence | None:
        """Where all the words stand near each other."""
        heard = spoken(message)
        for hit in self._places(heard):
            if denied(heard, hit) or (self.asked and not asked_for(heard, hit)):
                continue
            sentence = heard.around(hit[0], _SENTENCE)
            if not (self.example and any(v.among(heard.text, *sentence) for v in _VOIDS.values())):
                return heard.evidence(*hit)
        return None

    def _places(self, heard: Spoken) -> Iterator[tuple[int, int]]:
        tokens = [(m.group(), m.start()) for m in re.finditer(r"\S+", heard.text)]
        gap = 3 if self.asked else 0
        for n, _ in enumerate(tokens):
            at = n
            found: list[tuple[str, int]] = []
            for word in self.words:
                near = range(at, min(at + 1 + (gap if found else 0), len(tokens)))
                at = next((k for k in near if _same(word, tokens[k][0])), -1)
                if at < 0:
                    break
                found.append(tokens[at])
                at += 1
            else:
                yield found[0][1], found[-1][1] + len(found[-1][0])


def _same(wanted: str, said: str) -> bool:
    """Whether it is the word or a form of it; "fired" is none of "fire"."""
    if wanted == said:
        return True
    past = said.endswith("ed") and not wanted.endswith("ed")
    return not past and stem(wanted) == stem(said)


@lru_cache(maxsize=1)
def concepts() -> tuple[Concept, ...]:
    """Everything in the vocabulary."""
    return tuple(_read(**row) for row in tomllib.loads(_SAID.read_text("utf-8"))["concept"])


def _read(label: str, sample: str, voids: tuple[str, ...] = (), **said: Any) -> Concept:
    kept = {key: Phrases(said.get(key, "")) for key in ("named", "says", "about", "unless")}
    return Concept(label, sample, voids=tuple(_VOIDS[name] for name in voids), **kept)
