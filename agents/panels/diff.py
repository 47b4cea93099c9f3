"""What changed between two versions, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from actions import registry
from actions.base import Names
from actions.guards import guard_sentence
from agents.panels.cards import sentence
from agents.panels.forms.common import MOMENTS, REPEATS
from agents.panels.forms.shape import Spec, specs
from agents.panels.linter import read_action
from agents.panels.models import Action
from agents.panels.schema import AgentSettings, FrozenAction, VersionContent
from agents.panels.sections import SECTIONS

COMMON = {
    "when": "When",
    "moment": "Moment",
    "event": "Event",
    "only_if": "Only if",
    "repeat": "Repeat",
    "cool_down": "Pause between runs",
    "mode": "Mode",
    "confirm": "When in doubt",
    "threshold": "Threshold",
    "enabled": "Enabled",
}
SAID = {
    **{("moment", moment.value): text for moment, text in MOMENTS.items()},
    **{("repeat", repeat.value): text for repeat, text in REPEATS.items()},
}
LONG = 160


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went."""

    how: Literal["", "ins", "del"]
    text: str


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """One line of the list of changes."""

    how: Literal["added", "removed", "changed", "moved"]
    title: str
    lines: tuple[Line, ...] = ()

    @property
    def icon(self) -> str:
        """What stands before it."""
        return {"added": "plus", "removed": "minus", "changed": "pencil",
                "moved": "chevrons-up-down"}[self.how]  # fmt: skip


def changes(old: VersionContent | None, new: VersionContent) -> list[Change]:
    """Everything that differs; without an old version, what there is."""
    if old is None:
        first = [Change("added", "Instructions")] if new.instructions.strip() else []
        return [*first, *(_added(action, new.labels()) for action in new.actions)]
    return [*_texts(old, new), *_settings(old, new), *_actions(old, new)]


def _texts(old: VersionContent, new: VersionContent) -> Iterator[Change]:
    if old.agent_name != new.agent_name:
        yield Change("changed", "Name", (replaced(old.agent_name, new.agent_name),))
    if old.instructions != new.instructions:
        yield Change("changed", "Instructions", (words(old.instructions, new.instructions),))


def _settings(old: VersionContent, new: VersionContent) -> Iterator[Change]:
    """Section by section, as the settings page has them."""
    known = {spec.name: spec for spec in specs(AgentSettings)}
    before, after = (content.settings.model_dump() for content in (old, new))
    names = Names({**old.names, **new.names})
    for section in SECTIONS:
        asked = [known[name] for name in section.asked(new.kind)]
        if lines := tuple(_fields(asked, before, after, names)):
            yield Change("changed", f"Settings: {section.label}", lines)


def _actions(old: VersionContent, new: VersionContent) -> Iterator[Change]:
    before = {action.uid: action for action in old.actions}
    after = {action.uid: action for action in new.actions}
    for action in new.actions:
        if action.uid not in before:
            yield _added(action, new.labels())
        elif lines := tuple(edited(before[action.uid], action, old.labels(), new.labels())):
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


def edited(old: FrozenAction, new: FrozenAction, was: Names, now: Names) -> Iterator[Line]:
    """What differs between two states of one action, field by field."""
    for name, title in COMMON.items():
        if getattr(old, name) != getattr(new, name):
            words = _common(old, name, was), _common(new, name, now)
            yield (Piece("", f"{title} "), *replaced(*words))
    kind = registry.get(new.type)
    if kind is not None:
        names = Names({**was, **now})
        yield from _fields(specs(kind.Config, new.config), old.config, new.config, names)


def _common(action: FrozenAction, name: str, names: Names) -> str:
    """One of the settings that every action has, in words."""
    value = getattr(action, name)
    if name == "only_if":
        return ", ".join(guard_sentence(guard, names) for guard in value) or "always"
    if name == "event":
        return sentence(read_action(_row(action), names))[1]
    return SAID.get((name, str(value))) or _said(value)


def _fields(
    asked: Iterable[Spec],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    names: Names,
    within: str = "",
) -> Iterator[Line]:
    """The fields that differ; those of a group or a row by themselves, `within` it."""
    for spec in asked:
        before, after = old.get(spec.name, spec.default), new.get(spec.name, spec.default)
        if before == after:
            continue
        title = f"{within}{spec.label}"
        if spec.row is not None and spec.widget == "group":
            inner = specs(spec.row, after)
            yield from _fields(inner, before or {}, after or {}, names, f"{title}, ")
        elif spec.row is not None:
            yield from _row_list(spec, before or [], after or [], names, title)
        elif spec.widget == "picks":
            yield (Piece("", f"{title}: "), *_sets(before or [], after or [], names))
        elif spec.widget in ("words", "template", "condition"):
            yield (Piece("", f"{title}: "), *words(str(before or ""), str(after or "")))
        else:
            labels = {**dict(spec.options), **names}
            shown = [labels.get(str(v), _said(v)) for v in (before, after)]
            unit = (Piece("", spec.unit),) if spec.unit else ()
            yield (Piece("", f"{title} "), *replaced(*shown), *unit)


def _row_list(
    spec: Spec, before: list[Any], after: list[Any], names: Names, title: str
) -> Iterator[Line]:
    """Rows that went, came, changed or moved, known by their ids."""
    old = {str(row.get("id") or number): row for number, row in enumerate(before)}
    new = {str(row.get("id") or number): row for number, row in enumerate(after)}
    for key, row in old.items():
        if key not in new:
            yield (Piece("", f"{title}: "), Piece("del", _cut(_flat(row, names))))
    for key, row in new.items():
        if key not in old:
            yield (Piece("", f"{title}: "), Piece("ins", _cut(_flat(row, names))))
        elif spec.row is not None and row != old[key]:
            within = f"{title}, {_name(row, names)}: "
            yield from _fields(specs(spec.row, row), old[key], row, names, within)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield (Piece("", f"{title}: new order"),)


def _sets(before: list[str], after: list[str], names: Names) -> Line:
    gone = [names.label(ref) for ref in before if ref not in after]
    come = [names.label(ref) for ref in after if ref not in before]
    made = (Piece("del", ", ".join(gone)), Piece("ins", ", ".join(come)))
    return tuple(piece for piece in made if piece.text) or (Piece("", "new order"),)


def _name(row: Mapping[str, Any], names: Names) -> str:
    """What a row is called: the first thing that it holds."""
    texts = (_flat(value, names) for key, value in row.items() if key != "id")
    return next((text[:40] for text in texts if text), "row")


def _flat(value: Any, names: Names) -> str:
    """A row in one line: the texts and labels that it holds."""
    if isinstance(value, dict):
        parts = [_flat(item, names) for key, item in value.items() if key != "id"]
        return " · ".join(part for part in parts if part)
    if isinstance(value, list):
        return ", ".join(part for item in value if (part := _flat(item, names)))
    return names.get(str(value)) or ("" if value in ("", None, False, True) else str(value))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.0%}"
    return "–" if value in ("", None) else str(value).replace("_", " ")


def _added(action: FrozenAction, names: Names) -> Change:
    read = read_action(_row(action), names)
    lead, condition = sentence(read)
    does = read.kind.summary(read.config, names) if read.kind and read.config is not None else ""
    line = f"{lead} {condition}" + (f" → {does}" if does else "")
    return Change("added", label(action), ((Piece("", line),),))


def _row(action: FrozenAction) -> Action:
    """The action as a row that is not stored."""
    return Action(**{k: v for k, v in action.model_dump(mode="json").items() if k != "position"})


def label(action: FrozenAction) -> str:
    """What people call an action."""
    kind = registry.get(action.type)
    return kind.label if kind else action.type


def replaced(old: str, new: str) -> tuple[Piece, ...]:
    """One text in place of another."""
    if not (old and new):
        return (Piece("del", _cut(old)) if old else Piece("ins", _cut(new)),)
    return (Piece("del", _cut(old)), Piece("", "→"), Piece("ins", _cut(new)))


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
