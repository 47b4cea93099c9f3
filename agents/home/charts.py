"""Charts as plain shapes: a template draws them as SVG, colours and patterns are the style sheet's.

Widths are percentages and heights pixels, so that bars follow their card while words keep their
size. Every chart carries its numbers as a table: nobody needs the picture, or its colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PLOT = 150  # the height of the drawing in pixels
TOP = 18  # room for the number above the highest bar
GAP = 0.22  # of a slot, between two bars
NUMBERED = 14  # bars up to which each carries its number
NAMED = 8  # names below the bars, at most


@dataclass(frozen=True, slots=True)
class Part:
    """One colour of the bars: its name, its numbers from left to right, how it is filled."""

    name: str
    values: tuple[int, ...]
    fill: str

    @property
    def total(self) -> int:
        """Of the whole chart."""
        return sum(self.values)

    @property
    def shown(self) -> str:
        """The total as people read it."""
        return f"{self.total:,}"


@dataclass(frozen=True, slots=True)
class Rect:
    """A piece of a bar."""

    x: str
    y: str
    width: str
    height: str
    fill: str


@dataclass(frozen=True, slots=True)
class Word:
    """A number or a name at its place; `minor`: left out where there is little room."""

    x: str
    y: str
    text: str
    minor: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across at a round number, and where the number stands beside it."""

    y: str
    text: str
    base: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Upright bars in parts, one for each label."""

    id: str
    title: str
    said: str
    unit: str
    labels: tuple[str, ...]
    parts: tuple[Part, ...]
    rects: tuple[Rect, ...]
    numbers: tuple[Word, ...]
    names: tuple[Word, ...]
    rules: tuple[Rule, ...]
    height: int = PLOT
    floor: int = PLOT - 1

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(part.total for part in self.parts)

    @property
    def rows(self) -> list[tuple[str, tuple[int, ...]]]:
        """The same as a table."""
        return [
            (label, tuple(part.values[n] for part in self.parts))
            for n, label in enumerate(self.labels)
        ]


def part(name: str, values: Sequence[int], fill: str = "solid") -> Part:
    """A part of every bar; a number below nothing is nothing."""
    return Part(name, tuple(max(0, value) for value in values), fill)


def bar_chart(
    id: str, title: str, unit: str, labels: Sequence[str], parts: Sequence[Part]
) -> BarChart:
    """Lay the bars out; a part that holds nothing is left out unless there is no other."""
    parts = [one for one in parts if one.total] or list(parts[:1])
    heights = [sum(part.values[n] for part in parts) for n in range(len(labels))]
    top = ceiling(max(heights, default=0))
    slot = 100 / max(len(labels), 1)
    return BarChart(
        id=id,
        title=title,
        said=_said(unit, labels, heights),
        unit=unit,
        labels=tuple(labels),
        parts=tuple(parts),
        rects=tuple(_rects(parts, len(labels), top, slot)),
        numbers=tuple(_numbers(heights, top, slot)),
        names=tuple(_names(labels, slot)),
        rules=tuple(_rule(value, top) for value in (top, top // 2)),
    )


def ceiling(value: int) -> int:
    """The next round number that halves well: 2, 4, 10, 20, 40, 100 …"""
    step = 1
    while True:
        for top in (2 * step, 4 * step, 10 * step):
            if value <= top:
                return top
        step *= 10


def _y(value: int, top: int) -> float:
    return TOP + (PLOT - TOP) * (1 - value / top)


def _rule(value: int, top: int) -> Rule:
    y = _y(value, top)
    return Rule(_px(y), f"{value:,}", _px(y + 4))


def _px(value: float) -> str:
    return f"{value:.1f}"


def _rects(parts: Sequence[Part], count: int, top: int, slot: float) -> list[Rect]:
    made = []
    for n in range(count):
        below = 0
        for part in parts:
            if value := part.values[n]:
                low = _y(below, top)
                high = min(_y(below + value, top), low - 1)  # the smallest part shows too
                x, width = f"{slot * (n + GAP / 2):.3f}%", f"{slot * (1 - GAP):.3f}%"
                made.append(Rect(x, _px(high), width, _px(low - high), part.fill))
                below += value
    return made


def _numbers(heights: Sequence[int], top: int, slot: float) -> list[Word]:
    """Above every bar where there are few, else above the highest alone."""
    highest = max(range(len(heights)), key=heights.__getitem__, default=0)
    few = len(heights) <= NUMBERED
    return [
        Word(_middle(n, slot), _px(_y(value, top) - 5), f"{value:,}", n != highest)
        for n, value in enumerate(heights)
        if value and (few or n == highest)
    ]


def _names(labels: Sequence[str], slot: float) -> list[Word]:
    """Evenly, the last one always; every other one only where there is room."""
    step = -(-len(labels) // NAMED) or 1
    chosen = list(range(len(labels) - 1, -1, -step))
    return [_name(n, slot, labels[n], place % 2 == 1) for place, n in enumerate(chosen)]


def _name(place: int, slot: float, text: str, minor: bool) -> Word:
    """Below the middle of its bar; at the edges it keeps inside."""
    middle = slot * (place + 0.5)
    if middle > 92:
        return Word("100%", "", text, minor, "end")
    if middle < 8:
        return Word("0%", "", text, minor, "start")
    return Word(_middle(place, slot), "", text, minor)


def _middle(place: int, slot: float) -> str:
    return f"{slot * (place + 0.5):.3f}%"


def _said(unit: str, labels: Sequence[str], heights: Sequence[int]) -> str:
    """The chart in one sentence."""
    if not any(heights):
        return f"No {unit}."
    highest = max(range(len(heights)), key=heights.__getitem__)
    return (
        f"{sum(heights):,} {unit} from {labels[0]} to {labels[-1]}; "
        f"the most: {labels[highest]}, {heights[highest]:,}."
    )


# --- lying bars ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RankRow:
    """One line of a ranking: its words, its number, and how long its bar is."""

    label: str
    count: int
    width: str
    share: str
    url: str = ""


def ranking(rows: Sequence[tuple[str, int, str]]) -> list[RankRow]:
    """Words, number and address, with bars beside the longest of them."""
    rows = [row for row in rows if row[1] > 0]
    total, most = sum(n for _, n, _ in rows), max((n for _, n, _ in rows), default=0)
    return [
        RankRow(label, n, f"{100 * n / most:.2f}%", percent(n / total), url)
        for label, n, url in rows
    ]


def percent(share: float | None) -> str:
    """As people read it; nothing at all has no share."""
    if share is None:
        return "–"
    value = 100 * share
    if 0 < value < 1:
        return "< 1 %"
    if 99 < value < 100:
        return "> 99 %"
    return f"{value:.0f} %"
