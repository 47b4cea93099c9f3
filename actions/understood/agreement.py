"""Yes and no in an answer: a yes is a short yes, whatever takes it back or puts it off is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from actions.languages import ENGLISH, Language, spoken_to
from actions.languages.rooms import Said
from actions.understood.evidence import Evidence, every, evidence, of
from actions.understood.words import words

_READ, _LONGEST = 2000, 14  # characters that are read; words of an answer that merely holds a yes
_UP, _DOWN = re.compile("👍|✅|👌|🆗|💯|☑|✔"), re.compile("👎|❌|🚫|✖")


def yes_no(text: str, language: Language = ENGLISH) -> bool | None:
    """Whether an answer is yes or no; None where it is neither, both, or in doubt."""
    for answer in (_answer(text, spoken) for spoken in spoken_to(language)):
        said = answer.yes_no()
        if said is not None or answer.begun:
            return said
    return None


def positive(text: str, language: Language = ENGLISH) -> Evidence | None:
    """Any positive answer: a yes, a longer one too, thumbs up, or interest that is not denied."""
    for answer in (_answer(text, spoken) for spoken in spoken_to(language)):
        found = answer.positive()
        if found or answer.begun:
            return found
    return None


def negative(text: str, language: Language = ENGLISH) -> Evidence | None:
    """A clear no."""
    return _whole(text) if yes_no(text, language) is False else None


def _whole(text: str) -> Evidence:
    start = len(text) - len(text.lstrip())
    return evidence(text, start, min(len(text.rstrip()), start + 200))


class _Answer:
    """A text read as an answer in one language."""

    def __init__(self, text: str, language: Language) -> None:
        self._text, self._language, self._how = text, language, language.agreement
        self._plain = language.fold(text[:_READ])
        self._said = self._words()
        asks = text.rstrip().endswith("?")
        self._asks = asks and not self._how.why_not.search(self._plain[-40:])
        self._rest, self._bears = self._after_yes()

    def yes_no(self) -> bool | None:
        """A short yes, a no, or neither."""
        said, how = self._said, self._how
        if not said or _contains(said, how.unsure) or (self._asks and len(said) < 3):
            return None
        if no := _leads(said, how.no):
            return None if self._goes_back_on_no(no) else False
        if self._rest is not None:
            short = self._strangers(self._rest, self._bears) <= self._bears
            return True if short and not self._doubts(self._rest) else None
        if self._asks or len(said) > _LONGEST:
            return None
        if _contains(said, how.refusal):
            return False
        return True if how.agreed.search(self._plain) and not self._doubts(said) else None

    def positive(self) -> Evidence | None:
        """A yes, a longer one too, or interest."""
        apart = _answer(self._how.more.sub(" ", self._text), self._language)
        if apart.yes_no() or apart.longer_yes():
            return _whole(self._text)
        return None if self.begun else self._interest()

    @property
    def begun(self) -> bool:
        """Whether it is an answer in this language, whatever it comes to."""
        unsure = _contains(self._said, self._how.unsure)
        return unsure or self._rest is not None or bool(_leads(self._said, self._how.no))

    def longer_yes(self) -> bool:
        """A firm yes with more behind it: enough where nothing consequential hangs on it."""
        return self._rest is not None and self._bears > 1 and not self._doubts(self._rest)

    def _interest(self) -> Evidence | None:
        read = words(self._text, self._language)
        for match in every(self._how.interest, self._language.fold(self._text)):
            first = next((n for n, (a, _) in enumerate(read.spans) if a >= match.start()), 0)
            stopping = self._how.stopping.match(self._text[match.end() :])
            if not read.denied(first, 1) and not stopping:
                return evidence(self._text, *of(match).place)
        return None

    def _words(self) -> Said:
        """Without what one says before an answer; signs such as a thumb up are words."""
        up, down = self._how.signs
        signed = _DOWN.sub(down, _UP.sub(up, self._text[:_READ]))
        short = self._how.shortened
        plain = [short.get(word, word) for word in words(signed, self._language).plain]
        said = tuple(self._how.harmless.sub(up, " ".join(plain)).split())
        while len(said) > 1 and said[0] in self._how.leading:
            said = said[1:]
        return said

    def _after_yes(self) -> tuple[Said | None, int]:
        """What follows the words of agreement at the beginning, and how many more they bear."""
        # Each kind of yes with the number of further words that it bears: a name, a day, a thing.
        kinds = ((self._how.firm, 2), (self._how.casual, 1), (self._how.alone, 0))
        said, rest, borne = self._said, None, 0
        while True:
            length, bears = max((_leads(said, kind), bears) for kind, bears in kinds)
            if not length:
                break
            rest = said = said[length:]
            borne = max(borne, bears)
        if rest and not borne and self._strangers(rest, borne):
            return None, 0  # "right now I am at work", "I would like to know more"
        return rest, borne

    def _strangers(self, rest: Said, borne: int) -> int:
        how = self._how
        short = {phrase[0] for phrase in how.firm + how.casual if len(phrase) == 1}
        known = how.polite | how.going_on | short if borne else how.polite
        return sum(1 for word in rest if word not in known and not word[0].isdigit())

    def _doubts(self, rest: Said) -> bool:
        """Whether anything behind a yes denies it, puts it off, changes it or asks back."""
        how = self._how
        if self._asks and not how.request.match(" ".join(rest)):
            return True
        unfinished = bool(rest) and rest[-1] in how.unfinished and rest[-2:] not in how.finished
        denied = any(word in how.doubt or self._not(word) or word == "never" for word in rest)
        return unfinished or denied or bool(how.doubtful.search(self._plain))

    def _goes_back_on_no(self, no: int) -> bool:
        """Whether a no goes on with a yes: "no wait, go ahead", but not "don't do it"."""
        rest, how = self._said[no:], self._how
        if not rest or any(self._not(word) for word in rest):
            return False
        bare = self._said[no - 1] in how.bare_no
        agreed = how.firm + how.casual if bare else how.settled
        return any(_leads(rest[n:], agreed) for n in range(len(rest)))

    def _not(self, word: str) -> bool:
        return self._language.grammar.stem(word) == "not"


@lru_cache(maxsize=64)
def _answer(text: str, language: Language) -> _Answer:
    """Read once, however many conditions look at it."""
    return _Answer(text, language)


def _leads(said: Said, phrases: Sequence[Said]) -> int:
    """The length of the longest of the phrases at the beginning."""
    return next((len(phrase) for phrase in phrases if said[: len(phrase)] == phrase), 0)


def _contains(said: Said, phrases: Sequence[Said]) -> bool:
    joined = f" {' '.join(said)} "
    return any(f" {' '.join(phrase)} " in joined for phrase in phrases)
