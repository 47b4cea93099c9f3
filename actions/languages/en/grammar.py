"""Stems and denials in English."""

from __future__ import annotations

import re
from functools import lru_cache

from actions.languages.rooms import Grammar, row

_NOT = row(
    "not cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt "
    "havent hasnt hadnt aint"
)


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


def _without(word: str, ending: str) -> str:
    if not word.endswith(ending):
        return ""
    rest = word[: -len(ending)]
    if len(rest) < 3 or not re.search("[aeiouy]", rest):
        return ""
    doubled = rest[-1] == rest[-2] and rest[-1] not in "lsz"
    return rest[:-1] if doubled else rest


GRAMMAR = Grammar(
    stem=stem,
    deniers=row("not never without no nor neither"),
    # After "I don't …" these words leave the wish standing: "I don't know the price".
    harmless=row(
        "know find understand see sure forget hesitate wait solve fix resolve figure remember "
        "mind reach clear told sent given received gotten heard answered replied you only just"
    ),
    known=frozenset(("already", verb) for verb in ("know", "saw", "heard", "seen")),
    # "The price does not matter", "this is not a concern".
    denied_after=row(
        "matter important concern issue problem relevant necessary need interest what why"
    ),
    fresh_start=row(
        "but however though although because so then i i'm i'd i've my it it's what how when "
        "where which who could would"
    ),
    breaks=row("but however though although because"),
    hardly=row("but because"),
)
