"""What code understands of a condition in plain language, and whether a message meets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from actions.practice import formats, reading
from actions.practice.concepts import Concept, Literal, concepts
from actions.practice.vocabulary.frames import EVENT_SENTENCES, FRAME, OPTING_OUT, STOP_WORDS
from actions.practice.wording import Phrases, spoken
from actions.text import clean
from actions.understood.agreement import negative, positive
from actions.understood.evidence import Evidence, evidence
from actions.understood.optout import opt_out_word, opt_out_wording

NEEDS_MODEL = "Needs a language model: will not fire in practice mode."
_MOST_WORDS = 3  # words that are looked for as they stand
_CONTEXT = 3  # earlier messages in which a value may have been given


class Part(Protocol):
    """Something that a message is searched for."""

    @property
    def label(self) -> str: ...

    @property
    def sample(self) -> str: ...

    def find(self, message: str) -> Evidence | None: ...


@dataclass(frozen=True, slots=True)
class Test:
    """A part made of a function: formats, yes and no, opting out."""

    label: str
    look: Callable[[str], Evidence | None]
    sample: str = ""

    def find(self, message: str) -> Evidence | None:
        """What the function finds."""
        return self.look(message)


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """A condition as rules see it. `parts`: alternatives, of each all parts are required.

    `event` names what is not about words: always, reply, started, ended, no_answer, handoff.
    `missing` are the words of the condition that are not understood. `whole`: it is claimed to be
    understood; else it may fire on the part that is, or on nothing but its own words.
    """

    kind: str
    sentence: str
    needs_model: bool = False
    event: str = ""
    parts: tuple[Parts, ...] = field(default=(), repr=False)
    missing: tuple[str, ...] = ()
    whole: bool = True

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


def _all(required: Parts, message: str, said_before: Sequence[str]) -> Evidence | None:
    """Every part is in the message; beside one that is, values may have been given earlier."""
    first: Evidence | None = None
    for part in required:
        hit = part.find(message)
        if hit is None and not (
            isinstance(part, Test) and any(map(part.find, said_before[-_CONTEXT:]))
        ):
            return None
        first = first or hit
    return first


@lru_cache(maxsize=1024)
def understand(condition: str) -> Understanding:
    """What code understands of an admin's *when*."""
    condition = clean(condition, 2000).strip()
    if not condition:
        return Understanding("empty", f"There is no condition. {NEEDS_MODEL}", True, whole=False)
    when, around = reading.clause(condition)
    if reading.points_back(when):
        when = around
    return _of_event(when) or _of_words(when or condition)


def _of_event(when: str) -> Understanding | None:
    named = {reading.event(part) for part in reading.alternatives(when)}
    name = reading.event(when)
    if not name or "" in named or reading.WISHES.search(when):
        return None
    return Understanding("event", EVENT_SENTENCES[name], event=name)


# --- what is looked for ---------------------------------------------------------------------


def _of_words(when: str) -> Understanding:
    """The alternatives that are understood, and those that are not."""
    found: list[tuple[str, Parts]] = []
    missing: list[str] = []
    exceptions = reading.exception(when)
    frame = reading.Frame()
    head, examples = reading.examples(reading.without_exception(when))
    for alternative in reading.alternatives(head):
        frame = frame.then(alternative)
        if reading.unfinished(alternative):
            continue
        known = _conjunction(alternative, frame)
        if isinstance(known, str):
            missing.append(known)
        else:
            found.append(known)
    found += filter(None, map(_example, examples))
    if exceptions or not found:
        named = [text for text in (*missing, *exceptions) if text != when.strip(" ,.;")]
        return _not_understood(named)
    return _looking(found, missing)


def _example(text: str) -> tuple[str, Parts] | None:
    said = reading.quoted(text)
    named = tuple(_content(text))
    return _quoted(said) if said else ("words", (Literal(named, example=True),)) if named else None


def _conjunction(text: str, frame: reading.Frame) -> tuple[str, Parts] | str:
    """Everything that one alternative asks for, else the words that are not understood."""
    kinds: set[str] = set()
    parts: list[Part] = []
    for each in reading.conjuncts(text):
        known = _piece(each, frame)
        if known is None:
            return each.strip(" ,.;")
        kind, more = known
        kinds.add(kind)
        parts += more
    if not parts:
        return text.strip(" ,.;")
    return (kinds.pop() if len(kinds) == 1 else "words"), tuple(parts)


def _piece(text: str, frame: reading.Frame) -> tuple[str, Parts] | None:
    """What one statement asks for; None where any word of it is not understood."""
    if said := reading.quoted(text):
        bare = reading.QUOTED.sub(" ", text)
        unknown = bool(reading.DENIED.search(bare) or reading.UNSURE.search(bare))
        return None if unknown else _quoted(said)
    if _OPTING_OUT.among(spoken(text).text):
        left = _left(text, _OPTING_OUT.every(spoken(text).text))
        return None if left else ("opt_out", (_OUT,))
    if answer := formats.answer_named(text):
        return "answer", (_ANSWERS[answer],)
    if named := formats.named(text, giving=frame.giving, asked=False):
        fitting, left_over = named
        unknown = bool(_content(left_over)) or bool(reading.DENIED.search(left_over))
        return None if unknown else ("format", tuple(map(_tested, fitting)))
    return _meant(text, frame)


def _tested(fmt: formats.Format) -> Test:
    return Test(fmt.label, fmt.look, fmt.sample)


def _meant(text: str, frame: reading.Frame) -> tuple[str, Parts] | None:
    """The things that are named, else the words as they stand."""
    plain = spoken(text).text
    spans: list[tuple[int, int]] = []
    parts: list[Part] = []
    for start, end, concept in _named(plain):
        if all(end <= a or start >= b for a, b in spans):
            spans.append((start, end))
            parts.append(concept)
    left = _left(text, spans)
    if parts:
        unique = tuple(dict.fromkeys(parts))
        return None if left or reading.DENIED.search(_blanked(plain, spans)) else ("words", unique)
    unclear = reading.UNSURE.search(text) or reading.DENIED.search(text)
    if unclear or not frame.asks or not 1 <= len(left) <= _MOST_WORDS:
        return None
    if any(len(word) < 3 or word.isdigit() for word in left):
        return None
    return "words", (Literal(tuple(left), asked=not frame.mentions, loose=True),)


def _named(plain: str) -> list[tuple[int, int, Concept]]:
    """Every concept that is named in a condition, the longest first."""
    hits = [(*hit, each) for each in concepts() for hit in each.named.every(plain)]
    return sorted(hits, key=lambda hit: hit[0] - hit[1])


def _left(text: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """The words that say something beside what stands in these places."""
    return _content(_blanked(spoken(text).text, spans))


def _blanked(plain: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        plain = f"{plain[:start]}{' ' * (end - start)}{plain[end:]}"
    return plain


def _content(text: str) -> list[str]:
    return [word for word in spoken(text).text.split() if word not in FRAME and word not in ".,?"]


def _looking(found: list[tuple[str, Parts]], missing: Sequence[str] = ()) -> Understanding:
    shown = dict.fromkeys(" together with ".join(p.label for p in parts) for _, parts in found)
    only = any(isinstance(p, Literal) and p.loose for _, parts in found for p in parts)
    sentence = f"Practice mode looks for {'; or for '.join(shown)}"
    sentence += " only" if missing or only else ""
    sentence += f"; it does not understand {_listed(missing)}" if missing else ""
    kinds = {kind for kind, _ in found}
    kind = next(iter(kinds)) if len(kinds) == 1 else "opt_out" if "opt_out" in kinds else "words"
    parts = tuple(parts for _, parts in found)
    return Understanding(
        kind, f"{sentence}.", parts=parts, missing=tuple(missing), whole=not (missing or only)
    )


def _not_understood(missing: Sequence[str]) -> Understanding:
    """Nothing fires where a part that is required is not understood; the card names it."""
    named = f"Practice mode does not understand {_listed(missing)}. " if missing else ""
    sentence = f"{named}{NEEDS_MODEL}"
    return Understanding("model", sentence, True, missing=tuple(missing), whole=False)


def _listed(words: Sequence[str]) -> str:
    return " or ".join(f"“{each}”" for each in words)


# --- quoted words, opting out, answers ------------------------------------------------------

_OPTING_OUT = Phrases(OPTING_OUT)


def _quoted(said: Sequence[str]) -> tuple[str, Parts] | None:
    parts = [_quoted_part(phrase) for phrase in said if _words_of(phrase)]
    if not parts:
        return None
    if any(part is _OUT for part in parts):
        return "opt_out", (parts[0] if len(parts) == 1 else _either(parts),)
    return "words", (parts[0] if len(parts) == 1 else _either(parts),)


def _either(parts: Sequence[Part]) -> Test:
    def look(message: str) -> Evidence | None:
        return next((hit for part in parts if (hit := part.find(message))), None)

    return Test(" or ".join(part.label for part in parts), look, parts[0].sample)


def _quoted_part(phrase: str) -> Part:
    plain = phrase.casefold().strip(" .!")
    if re.sub(r"[\W_]", "", plain) in STOP_WORDS or opt_out_wording(phrase):
        return _OUT
    if plain in ("yes", "y", "no", "n"):
        return Test(f"a {'yes' if plain[0] == 'y' else 'no'}", _SAYS[plain[0]], plain)
    return Literal(tuple(_words_of(phrase)))


def _words_of(phrase: str) -> list[str]:
    return [word for word in spoken(phrase).text.split() if word not in ".,?"]


def _wants_out(message: str) -> Evidence | None:
    word = opt_out_word(message)
    if word and word.casefold() in STOP_WORDS:
        return evidence(message, 0, len(message))
    return opt_out_wording(message)


_SAYS: dict[str, Callable[[str], Evidence | None]] = {"y": positive, "n": negative}
_OUT = Test("wording such as “stop calling me”, or STOP alone", _wants_out, "stop calling me")
_ANSWERS = {
    "positive": Test("a positive answer", positive, "yes"),
    "negative": Test("a negative answer", negative, "no"),
    "either": Test("a yes or a no", lambda text: positive(text) or negative(text), "yes"),
}


# --- expected responses of a script ---------------------------------------------------------


@lru_cache(maxsize=1024)
def expected_response(expectation: str) -> Understanding:
    """What a step of a script waits for; blank means any reply."""
    expectation = clean(expectation, 2000).strip()
    if not expectation or reading.ANY.match(expectation):
        return Understanding("event", EVENT_SENTENCES["reply"], event="reply")
    if reading.quoted(expectation):
        return understand(expectation)
    if answer := formats.answer_named(expectation):
        return _looking([("answer", (_ANSWERS[answer],))])
    found: list[tuple[str, Parts]] = [
        ("format", tuple(map(_tested, named[0])))
        for part in reading.alternatives(expectation)
        if (named := formats.named(part, giving=True, asked=True))
    ]
    return _looking(found) if found else understand(expectation)
