"""Where in a text something was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that were found and their place."""

    quote: str
    start: int
    end: int

    @property
    def place(self) -> tuple[int, int]:
        """From where to where."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Found:
    """A value read from a text, in the form in which it is saved, and the words it came from."""

    value: str
    evidence: Evidence


def evidence(text: str, start: int, end: int) -> Evidence:
    """Evidence for a stretch of the text."""
    return Evidence(text[start:end], start, end)


def of(match: re.Match[str], group: int | str = 0) -> Evidence:
    """Evidence for what a pattern matched."""
    return Evidence(match.group(group), match.start(group), match.end(group))


def every(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Every match in the part of a text that is read: rules look at no more than this."""
    return pattern.finditer(text, 0, READ)


READ = 20_000  # characters of one message
