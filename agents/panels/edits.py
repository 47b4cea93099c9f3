"""The edit history as a page shows it: who changed what of the draft, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.panels.diff import COMMON
from agents.panels.history import name_of
from agents.panels.models import Edit, InstructionPanel

SHOWN = 30  # steps, until all are asked for


@dataclass(frozen=True)
class EditLine:
    """One step as the list shows it."""

    pk: int
    label: str
    fields: list[str]
    who: str
    at: datetime
    undone: bool

    @property
    def way(self) -> str:
        """What its button does."""
        return "redo" if self.undone else "undo"


def edits_of(panel: InstructionPanel, *, every: bool = False) -> dict[str, Any]:
    """The steps, newest first; `more` is how many there are where not all are shown."""
    steps = Edit.objects.filter(panel=panel).select_related("user")
    count = steps.count()
    shown = steps if every else steps[:SHOWN]
    return {
        "edits": [_line(step) for step in shown],
        "more": 0 if every or count <= SHOWN else count,
    }


def _line(step: Edit) -> EditLine:
    undone = step.undone_at is not None
    return EditLine(step.pk, step.label, _fields(step), name_of(step), step.at, undone)


def _fields(step: Edit) -> list[str]:
    """Which fields of its cards a step changed; none where whole cards came or went."""
    rows = [row for row in step.after.get("cards", {}).values() if row]
    changed = {name for row in rows for name in row if "type" not in row}
    named = [label for name, label in COMMON.items() if name in changed]
    others = {"note": "Note", "config": "What it does"}
    return named + [label for name, label in others.items() if name in changed]
