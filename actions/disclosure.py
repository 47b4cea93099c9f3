"""That an AI speaks: said in the greeting itself, else in a sentence behind it."""

from __future__ import annotations

from actions.languages import language, spoken_to


def names_ai(text: str, code: str) -> bool:
    """Whether these words say that an AI speaks."""
    return any(one.speaking.names_ai.search(text) for one in spoken_to(language(code)))


def opening(greeting: str, disclosure: str, code: str) -> str:
    """The first words, with the disclosure unless the greeting makes it."""
    if names_ai(greeting, code):
        return greeting.strip()
    return f"{greeting.strip()} {disclosure.strip()}".strip()
