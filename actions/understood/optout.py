"""Opting out: reserved words, and wording that any reasonable person reads as *leave me alone*.

Both are looked for in the agent's language and in English.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from actions.languages import ENGLISH, LANGUAGES, Language, spoken_to
from actions.languages.rooms import OptOut
from actions.understood.evidence import READ, Evidence, every, evidence


def opt_out_word(text: str, language: Language = ENGLISH) -> str | None:
    """The reserved word that the whole message is, e.g. STOP; for SMS only."""
    words = (_reserved(text, spoken, spoken.optout.out) for spoken in spoken_to(language))
    return next(filter(None, words), None)


def opt_in_word(text: str, language: Language = ENGLISH) -> str | None:
    """START or UNSTOP, where that is the whole message; for SMS only."""
    words = (_reserved(text, spoken, spoken.optout.back_in) for spoken in spoken_to(language))
    return next(filter(None, words), None)


def _reserved(text: str, language: Language, reserved: frozenset[str]) -> str | None:
    how = language.optout
    folded = language.fold(unicodedata.normalize("NFKC", text[:2000]).casefold())
    kept = (c if c.isalnum() else "" if unicodedata.category(c) == "Cf" else " " for c in folded)
    said = " ".join("".join(kept).split())
    word = how.pairs.get(said, said)
    if word not in reserved and reserved is how.out:
        rest = " ".join(part for part in said.split() if part not in how.polite)
        rest = how.pairs.get(rest, rest)
        word = rest if rest in how.beside_polite else word
    return word.upper() if word in reserved else None


@lru_cache
def _wordings(language: Language) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"(?<!\w)(?:{_spaced(one)})", re.I) for one in language.optout.wordings
    )


def _spaced(pattern: str) -> str:
    """Every blank of a pattern may be a few blanks."""
    return re.sub(r"(?<![\[=i o])\\s(?![?*+{-])", r"\\s{1,4}", pattern)


def opt_out_wording(text: str, language: Language = ENGLISH) -> Evidence | None:
    """Words that ask for no more contact, on any channel."""
    found = (_wording(text, spoken) for spoken in spoken_to(language))
    return next(filter(None, found), None)


def _wording(text: str, language: Language) -> Evidence | None:
    folded, how = language.fold(text), language.optout
    for pattern in _wordings(language):
        for match in every(pattern, folded):
            if not _excused(folded, match, how):
                return evidence(text, *match.span())
    more = how.no_more.search(folded, 0, READ)
    return evidence(text, *more.span(1)) if more else None


def _excused(text: str, match: re.Match[str], how: OptOut) -> bool:
    """Turned round by what stands right before, or a story about others."""
    before = text[max(match.start() - 60, 0) : match.start()]
    if how.demand.search(before):
        return False
    if how.turned.search(before) or how.other_list.search(match.group()):
        return True
    first = match.group().split()[0].casefold().replace("’", "'")
    return first in how.told and bool(how.story.search(before))


def invites_reserved_word(template: str) -> str | None:
    """The reserved word that a template wants as an answer to something else than opting out."""
    words = (_invited(template, language) for language in LANGUAGES.values())
    return next(filter(None, words), None)


@lru_cache
def _any_reserved() -> re.Pattern[str]:
    """The reserved words of every language: a template in one may name that of another."""
    every_one = "|".join(language.optout.reserved for language in LANGUAGES.values())
    return re.compile(rf"(?<![\w-])({every_one})(?![\w-])", re.I)


def _invited(template: str, language: Language) -> str | None:
    how, folded = language.optout, language.fold(template)
    for invite in every(how.invite, folded):
        asked = invite.group(1)
        for word in _any_reserved().finditer(asked):
            before, after = asked[: word.start()], asked[word.end() :]
            plain = re.sub(r"[\s-]", "", word.group()).upper()
            direct = how.direct.match(before) and how.followed.match(after)
            marked = word.group().isupper() or before[-1:] in tuple("\"“'‘«")
            if not direct and not marked:
                continue
            ends = plain in how.plain_ends and how.to_end.match(after)
            if not (how.to_opt_out.match(after) or ends):
                return plain
    return None
