"""Small talk: which of the language's sentences answers it."""

from __future__ import annotations

from actions.practice.vocabulary.smalltalk import SMALL_TALK
from actions.practice.wording import Phrases, spoken

_LONGEST = 12  # words of a message that is no more than small talk
_KINDS = {code: [(key, Phrases(said)) for key, said in rows] for code, rows in SMALL_TALK.items()}


def small_talk(message: str, language: str = "en") -> str:
    """The key of the sentence that answers it; empty where it is about something."""
    heard = spoken(message)
    if not 0 < len(heard.read.plain) <= _LONGEST:
        return ""
    kinds = _KINDS.get(language, ())
    return next((key for key, said in kinds if said.among(heard.text)), "")
