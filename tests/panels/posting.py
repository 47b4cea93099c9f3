"""A card's form as its page sends it."""

from __future__ import annotations

from typing import Any

from actions import registry
from agents.panels.forms.common import common_for
from agents.panels.forms.tree import tree_of
from agents.panels.models import Action
from tests.mission.panel import fields


def posted(row: Action, when: str) -> dict[str, Any]:
    """What is sent where only the condition was typed."""
    kind = registry.get(row.type)
    assert kind is not None
    stored = {"moment": row.moment, "when": when, "repeat": row.repeat}
    common = tree_of(common_for(row.type, voice=True), stored)
    return {
        **dict(fields(common, "common")),
        **dict(fields(tree_of(kind.Config, row.config), "config")),
        "revision": str(row.revision),
    }
