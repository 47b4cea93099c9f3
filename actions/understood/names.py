"""A person's name, said with a cue or as the answer to the question for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.languages import ENGLISH, Language, spoken_to
from actions.languages.rooms import NAME_PART
from actions.understood.evidence import Evidence, every, evidence


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, with its first and last part."""

    value: str
    first: str
    last: str
    evidence: Evidence


def find_name(text: str, language: Language = ENGLISH, *, asked: bool = False) -> Name | None:
    """A name after "my name is", "I'm", "this is"; with `asked` a bare short answer too."""
    found = (_said(text, spoken, asked) for spoken in spoken_to(language))
    return next(filter(None, found), None) or (_bare(text, language) if asked else None)


def _said(text: str, language: Language, asked: bool) -> Name | None:
    naming = language.naming
    for match in every(naming.strong, text):
        group = match.lastindex or 1
        if name := _name(text, match.start(group), match.group(group), language):
            return name
    for pattern in (naming.weak, naming.signed):
        for match in every(pattern, text):
            said = match.group(1)
            if name := _name(text, match.start(1), said, language, capitals=not asked):
                return name
    return None


def _name(
    text: str, start: int, said: str, language: Language, *, capitals: bool = False
) -> Name | None:
    parts: list[str] = []
    end, naming, begun = start, language.naming, ""
    for match in re.finditer(r"\S+", said):
        word = _plain(match.group(), language)
        if parts and word in naming.particles:
            begun += f"{match.group()} "
            continue
        if word in naming.stop or (not parts and word in naming.no_name):
            break
        if capitals and not match.group()[0].isupper():
            break
        if word not in naming.titles:
            parts.append(begun + _cased(match.group()))
            begun = ""
        end = start + match.end()
        ended = match.group().endswith(".") and len(word) > 1 and word not in naming.titles
        if ended or len(parts) == naming.parts:
            break
    if not parts or (len(parts[0].rstrip(".")) == 1 and len(parts) == 1):
        return None
    return _made(text, (start, end), parts, naming.surnames)


def _plain(word: str, language: Language) -> str:
    return language.fold(word).replace("’", "'").lower().rstrip(".")


def _made(text: str, place: tuple[int, int], parts: list[str], surnames: int) -> Name:
    start, end = place
    parts[-1] = parts[-1].rstrip(".") if len(parts[-1]) > 2 else parts[-1]
    while end > start and text[end - 1] == ".":
        end -= 1
    given = max(len(parts) - surnames, 1)
    first, last = " ".join(parts[:given]), " ".join(parts[given:])
    return Name(" ".join(parts), first, last, evidence(text, start, end))


def _cased(part: str) -> str:
    if not (part.islower() or (part.isupper() and len(part) > 2)):
        return part
    return re.sub(r"(^|['’-])([^\W\d_])", lambda m: m.group(1) + m.group(2).upper(), part.lower())


def _bare(text: str, language: Language) -> Name | None:
    if len(text) > 120 or "?" in text:
        return None
    naming = language.naming
    greeting = naming.greeting.match(text)
    start = greeting.end() if greeting else len(text) - len(text.lstrip())
    said = text[start:].rstrip().rstrip(".,!")
    words = said.split()
    longest = naming.parts + 2 * bool(naming.particles)
    if not 1 <= len(words) <= longest or not _WORDS.fullmatch(said):
        return None
    plain = {_plain(word, language) for word in words} - naming.particles
    if plain & (naming.stop | naming.no_name):
        return None
    return _name(text, start, said, language)


_WORDS = re.compile(rf"{NAME_PART}(?:\s+{NAME_PART})*")
