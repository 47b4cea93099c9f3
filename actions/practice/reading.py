"""How a condition is read: which part of it is the *when*, and what kind of thing it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from actions.practice.vocabulary import patterns
from actions.practice.vocabulary.events import EVENTS

QUOTED = re.compile(patterns.QUOTED)
_MARKER = re.compile(patterns.MARKER, re.I)
_RELATIVE = re.compile(r"\bwho\b", re.I)
_THEN = re.compile(
    rf"\s*(?:then|please|you|we|the agent|immediately|{'|'.join(patterns.DOING)})\b", re.I
)
_IMPERATIVE = re.compile(patterns.IMPERATIVE, re.I)
_BY_WAY_OF = re.compile(patterns.BY_WAY_OF, re.I)
UNSURE = re.compile(patterns.UNSURE, re.I)
DENIED = re.compile(r"\b(?:not|never|no longer|\w+n['’]t|cannot|refus\w+)\b", re.I)
GIVES = re.compile(patterns.GIVES, re.I)
ASKS = re.compile(patterns.ASKS, re.I)
WISHES = re.compile(patterns.WISHES, re.I)
_LIST_OF_TOPICS = re.compile(r"\b(?:about|regarding|mentions?|concerning|says?)\b", re.I)


def quoted(condition: str) -> list[str]:
    """The words that stand in quotation marks."""
    found = (next(filter(None, m.groups()), "").strip() for m in QUOTED.finditer(condition))
    return [words for words in dict.fromkeys(found) if words]


def clause(condition: str) -> tuple[str, str]:
    """The *when* of a condition, and what stands around it."""
    text = " ".join(condition.split())
    marker = _MARKER.search(_masked(text))
    if marker and WISHES.search(text, 0, marker.start()):
        return _BY_WAY_OF.sub(" ", _until_doing(text)), ""
    if marker is None and _IMPERATIVE.match(text):
        marker = _RELATIVE.search(text)
    if marker is None:
        return _BY_WAY_OF.sub(" ", _until_doing(text)), ""
    rest = text[marker.end() :]
    strict = marker.group().lower() in ("unless", "until", "while")
    when = _BY_WAY_OF.sub(" ", _until_doing(rest)).strip()
    around = _IMPERATIVE.sub("", text[: marker.start()]).strip()
    return (f"{marker.group()} {when}" if strict else when), around


def _masked(text: str) -> str:
    """The text with its quotations blanked, letter for letter."""
    return QUOTED.sub(lambda m: "_" * len(m.group()), text)


_LISTED = re.compile(r"\s*(?:\w+,\s*){0,3}\w+\s+or\b")  # "book, move or cancel an appointment"


def _until_doing(text: str) -> str:
    """Up to the comma or "then" behind which stands what is to be done."""
    masked = _masked(text)
    for comma in re.finditer(r"[,;:–—]|\.(?=\s|$)|\bthen\b", masked):
        behind = masked[comma.end() :]
        if _LISTED.match(behind):
            continue
        if comma.group() == "then" or not behind.strip() or _THEN.match(behind):
            return text[: comma.start()]
    return text


_STATES = re.compile(patterns.STATES, re.I)
_TOPIC = re.compile(patterns.TOPIC, re.I)
_INDIRECT = re.compile(r"\b(?:whether|if|where|how|why|who|when|what|which|to \w+)\b", re.I)
_MENTIONS = re.compile(r"\b(?:mention\w*|brings? up|says?|talks?)\b", re.I)
_EXCEPT = re.compile(patterns.EXCEPT, re.I)
_EXAMPLES = re.compile(patterns.EXAMPLES, re.I)
_AND = re.compile(r"\s*(?:\band\b|&)\s*")
ANY = re.compile(patterns.ANY, re.I)
_REQUESTED = re.compile(r"(?:it is |this is |they )?(?:request\w*|asked|asks?)(?: for)?", re.I)


@dataclass(frozen=True, slots=True)
class Frame:
    """How the contact puts what follows; a part without a verb of its own goes on with it."""

    asks: bool = False
    giving: bool = False
    mentions: bool = False

    def then(self, text: str) -> Frame:
        """The frame of the next part."""
        framed = bool(ASKS.search(text))
        giving = bool(GIVES.search(text)) or (self.giving and not framed)
        if _TOPIC.search(text):
            indirect = _INDIRECT.search(text)
            return Frame(not indirect, giving, bool(_MENTIONS.search(text)))
        if framed or _STATES.search(text):
            return Frame(False, giving)
        return Frame(self.asks, giving, self.mentions)


_ELLIPSIS = re.compile(patterns.ELLIPSIS, re.I)


def unfinished(text: str) -> bool:
    """Whether its object stands in the part beside it: "gives or asks for an extension"."""
    return bool(_ELLIPSIS.fullmatch(text.strip()))


def points_back(when: str) -> bool:
    """A bare "when requested" is about what stands before it."""
    return bool(_REQUESTED.fullmatch(when.strip()))


def exception(text: str) -> list[str]:
    """What is taken out: "unless they are angry"."""
    found = _EXCEPT.search(f" {_masked(text)}")
    return [f" {text}"[found.start() :].strip(" ,")] if found else []


def without_exception(text: str) -> str:
    """The rest."""
    found = _EXCEPT.search(f" {_masked(text)}")
    return f" {text}"[: found.start()] if found else text


def examples(text: str) -> tuple[str, list[str]]:
    """What is named, and the examples of it: "an emergency such as a gas leak or fire"."""
    found = _EXAMPLES.search(_masked(text))
    if found is None:
        return text, []
    parts = list(alternatives(text[found.end() :]))
    own = next((n for n, part in enumerate(parts) if ASKS.search(part)), len(parts))
    head = ", or ".join((text[: found.start()], *parts[own:]))
    return head, parts[:own]


def conjuncts(text: str) -> list[str]:
    """The parts that are required together."""
    masked, at, made = _masked(text), 0, []
    for split in _AND.finditer(masked):
        made.append(text[at : split.start()])
        at = split.end()
    return [part for part in (*made, text[at:]) if part.strip()]


def alternatives(text: str) -> Iterator[str]:
    """The parts of a clause of which one is enough."""
    listing = bool(_LIST_OF_TOPICS.search(text))
    masked = _masked(text)
    at = 0
    for split in re.finditer(r"\s*(?:,\s*(?:or|and)\b|,|;|/|\bor\b|\band\b)\s*", masked):
        topic_only = listing and not ASKS.search(masked[split.end() :].split(" and ")[0])
        if "and" in split.group() and not topic_only:
            continue
        yield text[at : split.start()]
        at = split.end()
    yield text[at:]


_EVENT_PATTERNS = tuple((name, re.compile(pattern, re.I)) for name, pattern in EVENTS)


def event(text: str) -> str:
    """The event that a clause names; empty where it is about words."""
    return next((name for name, pattern in _EVENT_PATTERNS if pattern.search(text.strip())), "")
