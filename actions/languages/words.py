"""Words that nobody has changed follow the agent's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from actions.languages import ENGLISH, LANGUAGES, Language, language

T = TypeVar("T", bound=BaseModel)


def in_language(settings: T, spoken: Language) -> T:
    """The settings with every sentence that is still a language's own in this one."""
    changed = {
        name: spoken.sentences[key]
        for name, key in sentences_of(type(settings))
        if is_own(key, getattr(settings, name)) and getattr(settings, name) != spoken.sentences[key]
    }
    return settings.model_copy(update=changed) if changed else settings


def with_words(model: type[BaseModel], given: Mapping[str, Any], code: str) -> dict[str, Any]:
    """What is given, with the language's sentences where nothing or another language's is.

    English ones are the defaults: what was not given stays away.
    """
    spoken = language(code)
    own = {
        name: spoken.sentences[key]
        for name, key in sentences_of(model)
        if is_own(key, given.get(name, "" if spoken is ENGLISH else ENGLISH.sentences[key]))
    }
    return {**given, **own}


def sentences_of(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The fields that hold words the agent says, each with the key of its sentence."""
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and (key := extra.get("sentence")):
            yield name, str(key)


def is_own(key: str, text: object) -> bool:
    """Whether it is the sentence of some language, not an admin's own."""
    return any(text == one.sentences[key] for one in LANGUAGES.values())
