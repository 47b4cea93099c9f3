"""How many parts an SMS takes: GSM-7 or UCS-2, and which character made the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_LIMITS = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True, slots=True)
class Segments:
    """The size of a message; `characters` are the units that the encoding counts."""

    encoding: Literal["GSM-7", "UCS-2"]
    characters: int
    count: int
    per_segment: int
    remaining: int
    culprit: str | None = None


def segments(text: str) -> Segments:
    """Count the parts; neither an escaped character nor a surrogate pair is split."""
    culprit = next((c for c in text if c not in _BASIC and c not in _EXTENDED), None)
    encoding: Literal["GSM-7", "UCS-2"] = "UCS-2" if culprit else "GSM-7"
    widths = [_width(c, encoding) for c in text]
    total = sum(widths)
    single, part = _LIMITS[encoding]
    if total <= single:
        return Segments(encoding, total, min(total, 1), single, single - total, culprit)
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return Segments(encoding, total, count, part, part - used, culprit)


def _width(char: str, encoding: str) -> int:
    wide = char > "\uffff" if encoding == "UCS-2" else char in _EXTENDED
    return 2 if wide else 1
