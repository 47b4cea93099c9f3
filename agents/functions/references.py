"""The pick kind of this room, what a version keeps of a function, and what is doubtful about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from agents.core import picks
from agents.core.picks import Option, PickKind, Trouble, Use, Within
from agents.functions.models import Function
from agents.routing.references import row_labels

KIND = "function"


def _options(within: Within) -> Iterable[Option]:
    for row in Function.objects.all():
        yield Option(f"{KIND}:{row.pk}", row.name, row.settings.get("about", ""))


def _details(keys: Sequence[str]) -> Mapping[str, str]:
    rows = Function.objects.filter(pk__in=picks.by_pk(keys))
    return {str(row.pk): json.dumps(row.details(), sort_keys=True) for row in rows}


def _cannot_be_called(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Functions that lack what a call needs."""
    return {
        str(row.pk): Trouble(
            "error",
            f"“{row.name}” has no {lacks}. An admin must enter it.",
            f"{KIND}:{row.pk}",
        )
        for row in Function.objects.filter(pk__in=picks.by_pk(keys))
        if (lacks := row.lacks)
    }


def _saves(ref: str) -> Iterable[Use]:
    """Functions whose answer is kept in a property."""
    if ref.startswith("property:"):
        for row in Function.objects.all():
            if any(value.get("property") == ref for value in row.settings.get("values", ())):
                yield Use(f"Function {row.name}")


def register_kinds() -> None:
    """Called at start-up."""
    picks.register(
        PickKind(KIND, "Function", "Functions", _options, row_labels(Function),
                 by_form=True, new="function", details=_details)
    )  # fmt: skip
    picks.register_uses(_saves)
    picks.register_troubles(KIND, _cannot_be_called)
