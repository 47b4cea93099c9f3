"""A person's name, said with a cue or as the answer to the question for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.text import listed
from actions.understood.evidence import Evidence, every, evidence

_PART = r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_])){0,29}\.?"
_STRONG = re.compile(
    rf"\b(?:my|the)\s(?:full\s|first\s|last\s)?name(?:\sis|['’]s|:)\s+({_PART}(?:\s{_PART}){{0,3}})"
    rf"|\b(?:call\sme|i\sam\scalled|i['’]m\scalled)\s+({_PART}(?:\s{_PART}){{0,2}})",
    re.I,
)
_WEAK = re.compile(
    rf"\b(?:[Ii]['’]?m|[Ii]\sam|[Tt]his\sis|[Ii]t['’]?s)\s+({_PART}(?:\s{_PART}){{0,3}})"
)
_SIGNED = re.compile(rf"(?:^|[.,!]\s)({_PART}(?:\s{_PART}){{0,2}})\s(?:here|speaking)\b")
_STOP = frozenset(
    listed(
        "and but or i i'm im my you your we it's is am are was calling from with at in on here "
        "speaking the a an to for of not so because please thanks thank what how can could would "
        "do have need want looking interested sorry hi hello hey back later again tomorrow today "
        "when if by now crazy it that this old years phone email number nice good"
    )
)
_NOT_A_NAME = frozenset(
    listed(
        "yes yeah yep no nope ok okay sure stop cancel quit end help maybe none nobody nothing "
        "what why who where when how later great good fine perfect happy glad ready busy sorry "
        "done interested looking calling correct right wrong unsubscribe start hello hi hey "
        "thanks american mexican spanish english german french canadian monday tuesday wednesday "
        "thursday friday saturday sunday driving working home here there just still also very "
        "really going trying having getting waiting wondering all only about ok, afraid aware "
        "sick tired new morning afternoon evening skip pass anonymous private guess continue next"
    )
)
_TITLES = frozenset(listed("mr mrs ms miss dr prof mister doctor sir"))
_GREETING = re.compile(
    r"^\s*(?:(?:yes|sure|ok|okay|hi|hello|hey|yeah|of course|it['’]?s|it is|i['’]?m|i am|this is|"
    r"um|uh|well|certainly)[,.!]*\s+){1,3}",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, with its first and last part."""

    value: str
    first: str
    last: str
    evidence: Evidence


def find_name(text: str, *, asked: bool = False) -> Name | None:
    """A name after "my name is", "I'm", "this is"; with `asked` a bare short answer too."""
    for match in every(_STRONG, text):
        group = 1 if match.group(1) else 2
        if name := _name(text, match.start(group), match.group(group), False):
            return name
    for pattern in (_WEAK, _SIGNED):
        for match in every(pattern, text):
            if name := _name(text, match.start(1), match.group(1), not asked):
                return name
    return _bare(text) if asked else None


def _name(text: str, start: int, said: str, capitals: bool) -> Name | None:
    parts: list[str] = []
    end = start
    for match in re.finditer(r"\S+", said):
        word = match.group().replace("’", "'").lower().rstrip(".")
        if word in _STOP or (not parts and word in _NOT_A_NAME):
            break
        if capitals and not match.group()[0].isupper():
            break
        if word not in _TITLES:
            parts.append(match.group())
        end = start + match.end()
        ended = match.group().endswith(".") and len(word) > 1 and word not in _TITLES
        if ended or len(parts) == 3:
            break
    if not parts or (len(parts[0].rstrip(".")) == 1 and len(parts) == 1):
        return None
    return _made(text, start, end, parts)


def _made(text: str, start: int, end: int, parts: list[str]) -> Name:
    parts[-1] = parts[-1].rstrip(".") if len(parts[-1]) > 2 else parts[-1]
    while end > start and text[end - 1] == ".":
        end -= 1
    shown = [_cased(part) for part in parts]
    last = shown[-1] if len(shown) > 1 else ""
    first = " ".join(shown[:-1]) if last else shown[0]
    return Name(" ".join(shown), first, last, evidence(text, start, end))


def _cased(part: str) -> str:
    if not (part.islower() or (part.isupper() and len(part) > 2)):
        return part
    return re.sub(r"(^|['’-])([^\W\d_])", lambda m: m.group(1) + m.group(2).upper(), part.lower())


def _bare(text: str) -> Name | None:
    if len(text) > 120 or "?" in text:
        return None
    greeting = _GREETING.match(text)
    start = greeting.end() if greeting else len(text) - len(text.lstrip())
    said = text[start:].rstrip().rstrip(".,!")
    words = said.split()
    if not 1 <= len(words) <= 3 or not re.fullmatch(rf"{_PART}(?:\s+{_PART}){{0,2}}", said):
        return None
    plain = [word.replace("’", "'").lower().rstrip(".") for word in words]
    if any(word in _STOP or word in _NOT_A_NAME for word in plain):
        return None
    return _name(text, start, said, False)
