"""What code understands of a condition in plain language, and whether a message meets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from actions.practice import formats, reading
from actions.practice.concepts import CONCEPTS, Element, literal
from actions.text import clean, listed
from actions.understood.agreement import negative, positive
from actions.understood.evidence import Evidence, evidence
from actions.understood.optout import opt_out_word, opt_out_wording
from actions.understood.words import stems, words

NEEDS_MODEL = "Needs a language model: will not fire in practice mode."
_MOST_WORDS = 4  # content words that a condition may require together
_CONTEXT = 3  # earlier messages in which the object of a wish may have been named


class Part(Protocol):
    """Something that a message is searched for."""

    @property
    def label(self) -> str: ...

    def find(self, message: str) -> Evidence | None: ...


@dataclass(frozen=True, slots=True)
class Test:
    """A part made of a function: formats, yes and no, opting out."""

    label: str
    look: Callable[[str], Evidence | None]

    def find(self, message: str) -> Evidence | None:
        """What the function finds."""
        return self.look(message)


@dataclass(frozen=True, slots=True)
class Understanding:
    """A condition as rules see it. `parts`: alternatives, of each all parts are required.

    `event` names what is not about words: always, reply, started, ended, no_answer, handoff.
    """

    kind: str
    sentence: str
    needs_model: bool = False
    event: str = ""
    parts: tuple[tuple[Part, ...], ...] = field(default=(), repr=False)

    def match(
        self, message: str, said_before: Sequence[str] = (), *, event: str = ""
    ) -> Evidence | None:
        """The words that meet the condition; `event` is what is happening in this turn."""
        if self.event:
            return self._of_event(message, said_before, event)
        hits = (_all(required, message, said_before) for required in self.parts)
        return next((hit for hit in hits if hit), None)

    def _of_event(self, message: str, said_before: Sequence[str], event: str) -> Evidence | None:
        happened = (
            self.event in ("always", event)
            or (self.event == "reply" and bool(message.strip()))
            or (self.event == "started" and not said_before)
        )
        return evidence(message, 0, min(len(message), 200)) if happened else None


def _all(required: Sequence[Part], message: str, said_before: Sequence[str]) -> Evidence | None:
    """Every part is in the message; beside what gives the wish its sense, some may be earlier."""
    first: Evidence | None = None
    wished = any(_carries(part) for part in required)
    for part in required:
        hit = part.find(message)
        if hit is None:
            spare = isinstance(part, Test) or (wished and not _carries(part))
            recent = said_before[-_CONTEXT:] if spare else ()
            if not any(part.find(text) for text in recent):
                return None
        first = first or hit
    return first


def _carries(part: Part) -> bool:
    return isinstance(part, Element) and part.action


@lru_cache(maxsize=1024)
def understand(condition: str) -> Understanding:
    """What code understands of an admin's *when*."""
    condition = clean(condition, 2000).strip()
    if not condition:
        return Understanding("empty", f"There is no condition. {NEEDS_MODEL}", True)
    when, around = reading.clause(condition)
    if said := reading.quoted(when) or ([] if when else reading.quoted(condition)):
        return _quoted(when, said)
    return (
        _opting_out(when)
        or _event(when)
        or _confirmed(when)
        or _of_words(when)
        or (_of_words(around) if _points_back(when) else None)
        or Understanding("model", NEEDS_MODEL, True)
    )


# --- quoted words ---------------------------------------------------------------------------

_STOP_WORDS = frozenset(listed("stop stopall unsubscribe optout revoke"))


def _quoted(when: str, said: list[str]) -> Understanding:
    rest = reading.QUOTED.sub(" ", when)
    if reading.DENIED.search(rest) or reading.UNSURE.search(rest):
        return Understanding("model", NEEDS_MODEL, True)
    if any(_means_stop(phrase) for phrase in said):
        return _stop_calling(tuple((literal(stems(p), p),) for p in said if not _means_stop(p)))
    parts = tuple((_quoted_part(phrase),) for phrase in said if stems(phrase))
    if not parts:
        return Understanding("model", NEEDS_MODEL, True)
    return _looking("words", parts)


def _means_stop(phrase: str) -> bool:
    plain = re.sub(r"[\W_]", "", phrase).casefold()
    return plain in _STOP_WORDS or opt_out_wording(phrase) is not None


def _quoted_part(phrase: str) -> Part:
    plain = phrase.casefold().strip(" .!")
    if plain in ("yes", "y"):
        return Test("a yes", positive)
    if plain in ("no", "n"):
        return Test("a no", negative)
    return literal(stems(phrase), phrase)


# --- opting out -----------------------------------------------------------------------------

_OUT = re.compile(
    r"\bstop (?:\w+ ){0,3}?(?:calling|texting|messag\w+|contact\w*|emailing|calls|texts|"
    r"outreach)\b|"
    r"\bnot (?:\w+ ){0,3}?(?:call(?:ed)?|contact(?:ed)?|text(?:ed)?|messaged)\b(?! back)|"
    r"\bopt(?:s|ed|ing)?[\s-]?out\b|\bunsubscrib\w+|\bdnc\b|\bdo[\s-]not[\s-](?:call|contact)\b|"
    r"\b(?:remov\w+|taken?|takes) (?:\w+ ){0,3}?(?:from|off) (?:\w+ ){0,3}?lists?\b|"
    r"\bno longer (?:\w+ ){0,3}?(?:contact\w*|called|messages|calls|texts)\b|\bleft alone\b|"
    r"\brevok\w+ (?:\w+ )?consent\b",
    re.I,
)


def _opting_out(when: str) -> Understanding | None:
    return _stop_calling(()) if _OUT.search(when) else None


def _stop_calling(others: tuple[tuple[Part, ...], ...]) -> Understanding:
    out = Test("wording such as “stop calling me”, or STOP alone", _wants_out)
    return _looking("opt_out", ((out,), *others))


def _wants_out(message: str) -> Evidence | None:
    word = opt_out_word(message)
    if word in ("STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT", "REVOKE"):
        return evidence(message, 0, len(message))
    return opt_out_wording(message)


# --- events ---------------------------------------------------------------------------------

_EVENT_SENTENCES = {
    "always": "Fires every time.",
    "reply": "Fires on any reply.",
    "started": "Fires on the first message.",
    "ended": "Fires when the conversation has ended, not on words.",
    "no_answer": "Fires when nobody answers, not on words.",
    "handoff": "Fires when the conversation is handed over, not on words.",
}


def _event(when: str) -> Understanding | None:
    name = reading.event(when)
    if not name or reading.WISHES.search(when):
        return None
    return Understanding("event", _EVENT_SENTENCES[name], event=name)


# --- formats and key words ------------------------------------------------------------------

_STOPPED = stems(
    "the a an our your their his her its my this that these those they he she it we us them him "
    "i you customer caller contact lead user client visitor patient prospect guest member people "
    "anyone anybody everyone is are was were be been being has have had do does did will would "
    "could should can may might must to of for about with in on at by from as regarding "
    "concerning ask asking request want need like wish inquire inquires enquire mention talk "
    "speak say said reply respond answer write type call report interested question know "
    "looking prefer raise bring up tell state and or any some if when wants asks get gets "
    "getting give gives make makes into there here than so how what which please has having "
    "inquiry enquiry inquiries questions word words phrase topic something anything"
)
_STOPS = frozenset(_STOPPED)


def _points_back(when: str) -> bool:
    """A bare "when requested" is about what stands before it."""
    return bool(
        re.fullmatch(
            r"(?:it is |this is |they )?(?:request\w*|asked|asks?)(?: for)?", when.strip(), re.I
        )
    )


def _confirmed(when: str) -> Understanding | None:
    """An answer that is a yes or a no."""
    label = formats.answer_named(when)
    if label is None:
        return None
    return _looking("answer", ((_answers()[label],),))


def _answers() -> dict[str, Part]:
    return {
        "positive": Test("a positive answer", positive),
        "negative": Test("a negative answer", negative),
        "either": Test("a yes or a no", lambda text: positive(text) or negative(text)),
    }


def _of_words(when: str) -> Understanding | None:
    giving = vague = False
    found: list[tuple[Part, ...]] = []
    kinds: set[str] = set()
    for alternative in reading.alternatives(when):
        framed = bool(reading.ASKS.search(alternative))
        if reading.UNSURE.search(alternative) or (vague and not framed):
            vague = True
            continue
        giving = bool(reading.GIVES.search(alternative)) or (giving and not framed)
        named = formats.named(alternative, giving=giving)
        if named and not reading.DENIED.search(alternative):
            found.append(tuple(Test(fmt.label, fmt.look) for fmt in named))
            kinds.add("format")
        elif not named and (required := _required(alternative)):
            found.append(required)
            kinds.add("words")
    if not found:
        return None
    return _looking("format" if kinds == {"format"} else "words", tuple(found))


def _required(alternative: str) -> tuple[Part, ...]:
    """The concepts and remaining words of which a message must have all; empty: too vague."""
    read = words(alternative)
    left = list(read.stems)
    parts: list[Part] = []
    for concept in CONCEPTS:
        at = next((n for p in concept.named for n in _places(left, p)), None)
        if at is None:
            continue
        longest = max((p for p in concept.named if at in _places(left, p)), key=len)
        left[at : at + len(longest)] = [""] * len(longest)
        left = ["" if s in concept.covers else s for s in left]
        parts.append(concept.element)
    if reading.DENIED.search(" ".join(w for w, s in zip(read.plain, left, strict=True) if s)):
        return ()
    rest = [(word, s) for word, s in zip(read.plain, left, strict=True) if s and s not in _STOPS]
    framed = reading.ASKS.search(alternative) or (parts and not rest) or len(read.plain) <= 3
    if not framed or not 1 <= len(parts) + len(rest) <= _MOST_WORDS:
        return ()
    if any(len(s) < 2 or s.isdigit() for _, s in rest):
        return ()
    return (*parts, *(literal((s,), word) for word, s in rest))


def _places(left: Sequence[str], phrase: tuple[str, ...]) -> list[int]:
    size = len(phrase)
    return [n for n in range(len(left) - size + 1) if tuple(left[n : n + size]) == phrase]


def _looking(kind: str, parts: tuple[tuple[Part, ...], ...]) -> Understanding:
    shown = list(dict.fromkeys(" together with ".join(p.label for p in all_) for all_ in parts))
    return Understanding(kind, f"Practice mode looks for {'; or for '.join(shown)}.", parts=parts)


# --- expected responses of a script ---------------------------------------------------------

_ANY = re.compile(
    r"^\W*(?:any(?:thing)?(?: (?:reply|response|answer|message|text))?|"
    r"(?:a |the )?(?:reply|response|answer))\W*$",
    re.I,
)


@lru_cache(maxsize=1024)
def expected_response(expectation: str) -> Understanding:
    """What a step of a script waits for; blank means any reply."""
    expectation = clean(expectation, 2000).strip()
    if not expectation or _ANY.match(expectation):
        return Understanding("event", _EVENT_SENTENCES["reply"], event="reply")
    if reading.quoted(expectation):
        return understand(expectation)
    if answer := formats.answer_named(expectation):
        return _looking("answer", ((_answers()[answer],),))
    found = [
        tuple(Test(fmt.label, fmt.look) for fmt in named)
        for part in reading.alternatives(expectation)
        if (named := formats.named(part, giving=True, asked=True))
    ]
    return _looking("format", tuple(found)) if found else understand(expectation)
