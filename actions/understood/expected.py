"""Answers that an expectation names in a word or two, read in the agent's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions.languages import Language, spoken_to
from actions.understood.agreement import negative, positive, yes_no
from actions.understood.names import find_name
from actions.understood.values import find_value

_SOME_DAY = date(2000, 1, 1)  # whether there is a date does not depend on today
_LONGEST = 10  # words of an expectation that names no more than a format


def given(expectation: str, message: str, language: Language) -> bool | None:
    """Whether an answer holds what an expectation names; None: it names no format."""
    if len(expectation.split()) > _LONGEST:
        return None
    for spoken in spoken_to(language):
        folded = spoken.fold(expectation)
        if named := [kind for kind, pattern in spoken.expected.items() if pattern.search(folded)]:
            return all(_LOOKS[kind](message, language) for kind in named)
    return None


def _value(kind: str) -> Callable[[str, Language], bool]:
    def look(message: str, language: Language) -> bool:
        return find_value(kind, message, language, today=_SOME_DAY) is not None

    return look


_LOOKS: dict[str, Callable[[str, Language], bool]] = {
    "either": lambda message, language: yes_no(message, language) is not None,
    "yes": lambda message, language: positive(message, language) is not None,
    "no": lambda message, language: negative(message, language) is not None,
    "name": lambda message, language: find_name(message, language, asked=True) is not None,
    **{kind: _value(kind) for kind in ("email", "phone", "date", "number")},
}
