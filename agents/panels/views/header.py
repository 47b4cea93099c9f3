"""What the header of an agent's pages says: what is wrong and where, what is not published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from agents.panels import unsaved
from agents.panels.cards import Board, Card
from agents.panels.diff import Change, changes
from agents.panels.freeze import content_of
from agents.panels.linter import PanelFinding
from agents.panels.models import Agent
from agents.panels.stored import config_of, read_content

PAGES = ("instructions", "settings")


@dataclass(frozen=True)
class Problem:
    """One thing to look at, and the address of the place where it is put right."""

    text: str
    url: str


@dataclass(frozen=True)
class Problems:
    """Everything that the header counts, by how bad it is."""

    unsaved: list[Problem] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def problems(agent: Agent, board: Board, user: object) -> Problems:
    """What is not saved, what blocks publishing, what is doubtful."""
    return Problems(
        [*_unsaved(agent, board, user)],
        [_problem(agent, board, one) for one in board.findings if one.level == "error"],
        [_problem(agent, board, one) for one in board.findings if one.level != "error"],
    )


def _unsaved(agent: Agent, board: Board, user: object) -> Iterable[Problem]:
    pages = {name: reverse(f"panels:{name}", args=[agent.uuid]) for name in PAGES}
    for part in unsaved.of(agent.panel, user):
        if card := board.card(part):
            yield Problem(card.label, f"{pages['instructions']}?open={part}#action-{part}")
        else:
            page = pages["instructions" if part == unsaved.INSTRUCTIONS else "settings"]
            yield Problem(unsaved.NAMED[part], f"{page}#{part}")


def _problem(agent: Agent, board: Board, found: PanelFinding) -> Problem:
    if found.settings:
        page = reverse("panels:settings", args=[agent.uuid])
        return Problem(found.text, f"{page}#{found.settings}")
    page, card = reverse("panels:instructions", args=[agent.uuid]), board.card(found.uid)
    if card is None:
        return Problem(found.text, f"{page}#instructions")
    return Problem(f"{card.label}: {found.text}", f"{page}?open={card.uid}#{field_id(card, found)}")


def field_id(card: Card, found: PanelFinding) -> str:
    """The id of the field that a finding is about; of the card where it is about none."""
    part, *rest = found.loc or ("",)
    inner = part == "config"
    at: Any = config_of(card.action) if inner else {"only_if": card.action.only_if}
    path = ["config" if inner else "common"]
    for name in rest if inner else found.loc:
        at = _within(at, name)
        path.append(str(at.get("id", "")) if isinstance(name, int) and at else str(name))
    prefix = f"f{card.action.uid.hex[:8]}"
    return "-".join([prefix, *path]) if found.loc else f"action-{card.uid}"


def _within(at: Any, name: str | int) -> Any:
    if isinstance(name, int):
        return at[name] if isinstance(at, list) and name < len(at) else None
    return at.get(name) if isinstance(at, Mapping) else None


def differences(agent: Agent) -> list[Change]:
    """What the draft has that the live version has not."""
    live = agent.live_version
    return changes(read_content(live.content) if live else None, content_of(agent.panel))
