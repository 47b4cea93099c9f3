"""Stored settings, cards and versions, read by any later release: upgraded, never refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from actions import registry
from actions.stored import current, known_part
from agents.panels.models import Action
from agents.panels.schema import (
    SCHEMA,
    AgentSettings,
    EventCondition,
    FrozenAction,
    VersionContent,
)

Stored = Mapping[str, Any]
LEFT = ("uid", "type", "position", "when", "config")  # of an action that cannot be read


def upgrade_settings(stored: dict[str, Any], version: int) -> dict[str, Any]:
    """An agent's settings of an earlier schema, as this one has them."""
    hours = stored.get("hours")
    if version < 2 and isinstance(hours, Mapping) and hours.get("zone") == "UTC":
        stored["hours"] = {**hours, "zone": ""}  # it was the default, nobody had chosen it
    return stored


def read_settings(stored: Stored, version: int | None = None) -> AgentSettings:
    """An agent's settings; a value that this release does not take is its default."""
    version = version or stored.get("schema_version", 1)
    known = known_part(AgentSettings, upgrade_settings(dict(stored), version))
    try:
        return AgentSettings.model_validate(known)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            _drop(known, item["loc"])
        return AgentSettings.model_validate(known)


def _drop(within: Any, loc: tuple[str | int, ...]) -> None:
    *path, last = loc
    for name in path:
        within = within[name]
    within.pop(last, None)


def stored_settings(settings: AgentSettings) -> dict[str, Any]:
    """As the agent's row holds them."""
    return {**settings.model_dump(mode="json"), "schema_version": SCHEMA}


def config_of(action: Action) -> dict[str, Any]:
    """A card's settings as its type has them now; they may be incomplete."""
    kind = registry.get(action.type)
    return current(kind, action.config, action.schema_version) if kind else action.config


def event_of(action: Action) -> EventCondition:
    """The event of a card; one that this release does not know is any."""
    try:
        return EventCondition.model_validate(known_part(EventCondition, action.event or {}))
    except ValidationError:
        return EventCondition()


def read_frozen(stored: Stored) -> FrozenAction:
    """An action of a version; one that this release cannot read stays, switched off."""
    known = known_part(FrozenAction, stored)
    kind = registry.get(str(known.get("type")))
    if kind is not None:
        known["config"] = current(kind, known.get("config") or {}, known.get("schema_version", 1))
        known["schema_version"] = kind.schema_version
    try:
        return FrozenAction.model_validate(known)
    except ValidationError:
        left = {name: known[name] for name in LEFT if name in known}
        return FrozenAction.model_validate({**left, "enabled": False})


def read_content(stored: Stored) -> VersionContent:
    """A version's content; the only way to read it."""
    settings = read_settings(stored.get("settings", {}), stored.get("schema_version", 1))
    known = {name: stored[name] for name in VersionContent.model_fields if name in stored}
    actions = [read_frozen(action) for action in stored.get("actions", ())]
    new = {"settings": settings, "actions": actions, "schema_version": SCHEMA}
    return VersionContent.model_validate({**known, **new})
