"""Why and why not over a whole conversation: every turn's decisions, or those about one action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.conversations.reading import DecisionView, TurnView


@dataclass(frozen=True, slots=True)
class Asked:
    """An action and how often it fired, as the select offers it."""

    uid: str
    label: str
    fired: int
    turns: int


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions that are shown, by turn, and what else can be asked for."""

    only: str
    actions: tuple[Asked, ...]
    turns: tuple[tuple[TurnView, tuple[DecisionView, ...]], ...]


def decided(turns: Iterable[TurnView], wanted: str = "") -> Decided:
    """All decisions; those about one action where there is such a one."""
    turns = list(turns)
    by_action: dict[str, list[DecisionView]] = {}
    for turn in turns:
        for view in turn.decisions:
            by_action.setdefault(view.action.uid, []).append(view)
    only = wanted if wanted in by_action else ""
    shown = ((turn, tuple(d for d in turn.decisions if only in ("", d.action.uid)))
             for turn in turns)  # fmt: skip
    actions = (_asked(uid, views) for uid, views in by_action.items())
    return Decided(
        only=only,
        actions=tuple(sorted(actions, key=lambda one: one.label)),
        turns=tuple((turn, views) for turn, views in shown if views),
    )


def _asked(uid: str, views: list[DecisionView]) -> Asked:
    name = views[0].action
    label = f"{name.label}: {name.when[:60]}" if name.when else name.label
    return Asked(uid, label, sum(view.fired for view in views), len(views))
