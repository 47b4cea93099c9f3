"""An extension in an answer: digits, or spoken digits that are not a number of something."""

from __future__ import annotations

import re

from actions.languages import ENGLISH, Language
from actions.understood.contacts import find_digits, is_only
from actions.understood.evidence import Found

_NAMED = re.compile(r"\bext", re.I)


def find_extension(text: str, language: Language = ENGLISH) -> Found | None:
    """Digits; a single spoken one only alone or beside the word: "one question" has none."""
    found = find_digits(text, language)
    if found is None or len(found.value) > 1 or found.evidence.quote.isdigit():
        return found
    return found if _NAMED.search(text) or is_only(text, found.evidence, 0) else None
