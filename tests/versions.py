"""Panels as they were stored once: files that every release must read, and how one is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from agents.panels.history import FIELDS
from agents.panels.models import Action, Agent, InstructionPanel, Version
from agents.panels.services import freeze_panel

FOLDER = Path(__file__).parent / "fixtures" / "versions"
STORED = sorted(path.stem for path in FOLDER.glob("*.json"))

Stored = dict[str, Any]


def as_stored(agent: Agent) -> Stored:
    """Everything of a panel that a later release has to read."""
    rows = agent.panel.actions.values("uid", "position", *FIELDS)
    return {
        "agent": {"uuid": agent.uuid, "name": agent.name, "kind": agent.kind,
                  "settings": agent.settings},
        "instructions": agent.panel.instructions,
        "actions": list(rows),
        "version": freeze_panel(panel=agent.panel).content,
    }  # fmt: skip


def keep(agent: Agent, name: str) -> None:
    """Put a panel of today into the folder; what lies there is never changed."""
    raw = orjson.dumps(as_stored(agent), option=orjson.OPT_INDENT_2)
    (FOLDER / f"{name}.json").write_bytes(raw + b"\n")


def stored(name: str) -> Stored:
    """A file of the folder."""
    found: Stored = orjson.loads((FOLDER / f"{name}.json").read_bytes())
    return found


def put_back(stored: Stored) -> Agent:
    """The rows as they were stored, with the version published under the number 1."""
    agent = Agent.objects.create(**{**stored["agent"], "uuid": UUID(stored["agent"]["uuid"])})
    panel = InstructionPanel.objects.create(agent=agent, instructions=stored["instructions"])
    for row in stored["actions"]:
        Action.objects.create(panel=panel, **row)
    agent.live_version = Version.objects.create(
        agent=agent, number=1, digest="stored", content=stored["version"]
    )
    agent.save(update_fields=["live_version"])
    return agent
