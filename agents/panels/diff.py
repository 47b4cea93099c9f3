"""What changed between two versions, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from actions import registry
from actions.base import Names
from agents.panels.cards import sentence
from agents.panels.forms.shape import specs
from agents.panels.linter import read_action
from agents.panels.models import Action
from agents.panels.schema import AgentSettings, FrozenAction, VersionContent

COMMON = {
    "when": "When",
    "moment": "Moment",
    "event": "Event",
    "only_if": "Only if",
    "repeat": "Repeat",
    "cool_down": "Rest between",
    "mode": "Mode",
    "confirm": "When in doubt",
    "threshold": "Threshold",
    "enabled": "Enabled",
}
LONG = 160


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went."""

    how: Literal["", "ins", "del"]
    text: str


@dataclass(frozen=True)
class Change:
    """One line of the list of changes."""

    how: Literal["added", "removed", "changed", "moved"]
    title: str
    lines: tuple[tuple[Piece, ...], ...] = ()

    @property
    def icon(self) -> str:
        """What stands before it."""
        return {"added": "plus", "removed": "minus", "changed": "git-compare",
                "moved": "arrow-up"}[self.how]  # fmt: skip


def changes(old: VersionContent | None, new: VersionContent) -> list[Change]:
    """Everything that differs; without an old version, what there is."""
    if old is None:
        first = [Change("added", "Instructions")] if new.instructions.strip() else []
        return [*first, *(_added(action, new.labels()) for action in new.actions)]
    return [*_texts(old, new), *_settings(old.settings, new.settings), *_actions(old, new)]


def _texts(old: VersionContent, new: VersionContent) -> Iterator[Change]:
    if old.agent_name != new.agent_name:
        yield Change("changed", "Name", (replaced(old.agent_name, new.agent_name),))
    if old.instructions != new.instructions:
        yield Change("changed", "Instructions", (words(old.instructions, new.instructions),))


def _settings(old: AgentSettings, new: AgentSettings) -> Iterator[Change]:
    lines = tuple(_fields(AgentSettings, old.model_dump(), new.model_dump(), Names()))
    if lines:
        yield Change("changed", "Settings", lines)


def _actions(old: VersionContent, new: VersionContent) -> Iterator[Change]:
    before = {action.uid: action for action in old.actions}
    after = {action.uid: action for action in new.actions}
    for action in new.actions:
        if action.uid not in before:
            yield _added(action, new.labels())
        elif lines := tuple(_edited(before[action.uid], action, old, new)):
            yield Change("changed", label(action), lines)
    for action in old.actions:
        if action.uid not in after:
            yield Change("removed", label(action))
    stayed = [action.uid for action in old.actions if action.uid in after]
    order = [action.uid for action in new.actions if action.uid in before]
    for uid in _moved(stayed, order):
        place = order.index(uid)
        where = f"after {label(after[order[place - 1]])}" if place else "to the top"
        yield Change("moved", label(after[uid]), ((Piece("", f"moved {where}"),),))


def _moved(before: list[Any], after: list[Any]) -> list[Any]:
    """The fewest entries whose move explains the new order."""
    kept: set[Any] = set()
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for block in matcher.get_matching_blocks():
        kept |= set(after[block.b : block.b + block.size])
    return [uid for uid in after if uid not in kept]


def _edited(
    old: FrozenAction, new: FrozenAction, was: VersionContent, now: VersionContent
) -> Iterator[tuple[Piece, ...]]:
    for name, title in COMMON.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            if name in ("event", "only_if"):
                yield (Piece("", f"{title} changed"),)
            else:
                yield (Piece("", f"{title} "), *replaced(_said(before), _said(after)))
    kind = registry.get(new.type)
    if kind is not None:
        names = Names({**was.names, **now.names})
        yield from _fields(kind.Config, old.config, new.config, names)


def _fields(
    model: type[BaseModel], old: dict[str, Any], new: dict[str, Any], names: Names
) -> Iterator[tuple[Piece, ...]]:
    for spec in specs(model, new):
        before, after = old.get(spec.name), new.get(spec.name)
        if before == after:
            continue
        if spec.widget in ("rows", "group", "picks"):
            yield (
                Piece("", f"{spec.label}: "),
                *replaced(_rows(before, names), _rows(after, names)),
            )
        elif spec.widget in ("words", "template"):
            yield (Piece("", f"{spec.label}: "), *words(_said(before), _said(after)))
        else:
            labels = {**dict(spec.options), **names}
            shown = [labels.get(str(v), _said(v)) for v in (before, after)]
            unit = (Piece("", f" {spec.unit}"),) if spec.unit else ()
            yield (Piece("", f"{spec.label} "), *replaced(*shown), *unit)


def _rows(value: Any, names: Names) -> str:
    """Rows in one line: the texts and labels that they hold."""
    if isinstance(value, dict):
        parts = [_rows(item, names) for key, item in value.items() if key != "id"]
        return " ".join(part for part in parts if part)
    if isinstance(value, list):
        return ", ".join(part for item in value if (part := _rows(item, names)))
    return names.get(str(value)) or ("" if value in ("", None, False, True) else str(value))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.0%}"
    return "–" if value in ("", None) else str(value).replace("_", " ")


def _added(action: FrozenAction, names: Names) -> Change:
    row = Action(**{k: v for k, v in action.model_dump(mode="json").items() if k != "position"})
    lead, condition = sentence(read_action(row, names))
    return Change("added", label(action), ((Piece("", f"{lead} {condition}"),),))


def label(action: FrozenAction) -> str:
    """What people call an action."""
    kind = registry.get(action.type)
    return kind.label if kind else action.type


def replaced(old: str, new: str) -> tuple[Piece, ...]:
    """One text in place of another."""
    made = (Piece("del", _cut(old)), Piece("ins", _cut(new)))
    return tuple(piece for piece in made if piece.text)


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts word by word; far from a change the words are left out."""
    a, b = old.split()[:3000], new.split()[:3000]
    pieces: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("", _around(a[i:j], first=not pieces, last=j == len(a))))
            continue
        if i < j:
            pieces.append(Piece("del", _cut(" ".join(a[i:j]))))
        if k < m:
            pieces.append(Piece("ins", _cut(" ".join(b[k:m]))))
    return tuple(pieces)


def _around(kept: list[str], *, first: bool, last: bool) -> str:
    if len(kept) <= 8:
        return " ".join(kept)
    start = "" if first else " ".join(kept[:3])
    end = "" if last else " ".join(kept[-3:])
    return f"{start} … {end}".strip()
