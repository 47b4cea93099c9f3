"""Languages: one folder each, found by itself; English stands in for what has none."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from actions.languages.rooms import Language

__all__ = ["ENGLISH", "LANGUAGES", "Language", "language", "spoken_to"]


def _found() -> dict[str, Language]:
    folders = sorted(item.name for item in pkgutil.iter_modules(__path__) if item.ispkg)
    modules = (import_module(f"{__name__}.{name}") for name in folders)
    return {module.LANGUAGE.code: module.LANGUAGE for module in modules}


LANGUAGES: Mapping[str, Language] = _found()
ENGLISH = LANGUAGES["en"]


def language(code: str) -> Language:
    """The language of a code; English where there is no folder for it."""
    return LANGUAGES.get(code, ENGLISH)


def spoken_to(own: Language) -> tuple[Language, ...]:
    """The languages in which a contact is understood: the agent's, then English."""
    return (own,) if own is ENGLISH else (own, ENGLISH)
