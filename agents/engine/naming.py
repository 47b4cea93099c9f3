"""The names of a version's tools: legal, each once, the same for the same content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from actions.text import identifier

LONGEST = 64
RESERVED = ("none_of_these",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a tool would be called, and what tells it from others that are called the same."""

    name: str
    more: str = ""


def tool_names(wanted: Sequence[Wanted]) -> list[str]:
    """`transfer_call` where there is one, `transfer_call_sales` where there are several."""
    several = Counter(one.name for one in wanted)
    found: list[str] = []
    for one in wanted:
        more = identifier(one.more) if several[one.name] > 1 else ""
        more = "" if more == one.name else more
        found.append(_free(identifier(f"{one.name} {more}", LONGEST), (*RESERVED, *found)))
    return found


def _free(name: str, taken: Sequence[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[: LONGEST - 1 - len(str(number))]}_{number}"
    return free
