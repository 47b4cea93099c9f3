"""Text at the entrance: what people type, made safe to store and bounded."""

from __future__ import annotations

from actions.text import clean

LINE = 200
LONG = 100_000


def one_line(text: object, limit: int = LINE) -> str:
    """A name or another short text: storable, without line breaks and outer blanks."""
    return " ".join(clean(text, limit * 4).split())[:limit]


def long_text(text: object, limit: int = LONG) -> str:
    """A text of any length a person may paste: storable, line breaks as `\\n`."""
    return clean(text, limit).replace("\r\n", "\n").replace("\r", "\n")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: *1 contact*, *3 contacts*."""
    return f"{number} {one if number == 1 else many or one + 's'}"
