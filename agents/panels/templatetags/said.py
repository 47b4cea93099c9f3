"""Template helpers of the builder."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def as_json(said: Mapping[str, str]) -> str:
    """What is said at which field, for an attribute that the page reads."""
    return json.dumps(said)


@register.filter
def in_words(count: int, words: str) -> str:
    """A count and what it counts."""
    return f"{count} {words}"


@register.filter
def cards(count: int, words: str) -> str:
    """How many cards, and what of them."""
    return f"{count} card{'' if count == 1 else 's'} {words}"
