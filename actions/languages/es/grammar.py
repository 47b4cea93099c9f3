"""Stems and denials in Spanish; words are read without their accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from actions.languages.rooms import Grammar, row


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """The text without accents, letter for letter: many people do not type them."""
    return "".join(_plain(char) for char in text)


@lru_cache(maxsize=1024)
def _plain(char: str) -> str:
    return char if char.isascii() else unicodedata.normalize("NFD", char)[:1]


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A light stem: the plural and a last vowel go; `no` is the plain denial."""
    if word == "no":
        return "not"
    if len(word) > 5 and word.endswith("ces"):
        word = f"{word[:-3]}z"
    elif len(word) > 5 and word.endswith("es"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "aeo" else word


GRAMMAR = Grammar(
    stem=stem,
    deniers=row("not nunca jamas ni sin tampoco"),
    # Behind "no …" these words leave the wish standing: "no sé el precio".
    harmless=row(
        "se conozco encuentro entiendo veo recuerdo olvido espere esperen puedo funciona sirve "
        "he me solo solamente dude olvide estoy"
    ),
    known=frozenset({("ya", "se"), ("ya", "vi"), ("ya", "conozco")}),
    denied_after=row("importa interesa necesario relevante hace"),
    fresh_start=row("pero aunque porque entonces yo que como cuando donde cual quien"),
    breaks=row("pero aunque porque sino"),
    hardly=row("pero porque sino"),
)
