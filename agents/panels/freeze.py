"""A panel frozen: the same content is the same row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson
from django.db import transaction
from pydantic import ValidationError

from actions import registry
from actions.base import Mode, Names, Settings
from actions.variables import VARIABLES
from agents.contacts.variables import property_variables
from agents.core import picks
from agents.panels.forms.check import walk
from agents.panels.forms.shape import other_names, slot_names
from agents.panels.forms.tree import tree_of
from agents.panels.models import Action, InstructionPanel, Version
from agents.panels.schema import AgentSettings, FrozenAction, VersionContent
from agents.panels.stored import config_of, read_frozen, read_settings


def refs_of(action: Action) -> list[str]:
    """Every reference that an action holds: in its settings, its *only if* and its templates."""
    found = [guard.get("ref", "") for guard in action.only_if if isinstance(guard, dict)]
    kind = registry.get(action.type)
    if kind is not None:
        config = config_of(action)
        try:
            found += kind.refs(kind.Config.model_validate(config))
        except ValidationError:
            found += _refs_anywhere(config)
        found += _properties_in(kind.Config, config)
    return [ref for ref in dict.fromkeys(found) if ref]


def _properties_in(model: type[Settings], config: dict[str, Any]) -> list[str]:
    """The properties that templates name by their label."""
    named: set[str] = set()
    for _, spec, value, siblings in walk(model, tree_of(model, config)):
        if spec.widget == "template":
            named |= other_names(str(value or ""), [*VARIABLES, *slot_names(spec, siblings)])
    known = property_variables() if named else {}
    return [f"property:{known[name].key}" for name in sorted(named) if name in known]


def _refs_anywhere(value: Any) -> list[str]:
    """References in settings that are not complete: every text that looks like one."""
    if isinstance(value, dict):
        return [ref for item in value.values() for ref in _refs_anywhere(item)]
    if isinstance(value, list):
        return [ref for item in value for ref in _refs_anywhere(item)]
    slug = picks.split(value)[0] if isinstance(value, str) and len(value) < 200 else ""
    return [str(value)] if picks.kind(slug) else []


def names_of(actions: Iterable[Action], settings: AgentSettings) -> Names:
    """The labels of everything that these actions and settings refer to."""
    refs = [ref for action in actions for ref in refs_of(action)]
    own = [*settings.refs, *_properties_in(AgentSettings, settings.model_dump(mode="json"))]
    return Names(picks.labels([*refs, *own]) | picks.details(refs))


def settings_of(panel: InstructionPanel) -> AgentSettings:
    """The agent's settings."""
    return read_settings(panel.agent.settings)


def content_of(panel: InstructionPanel) -> VersionContent:
    """The panel as a version holds it."""
    rows = list(panel.actions.all())
    settings = settings_of(panel)
    return VersionContent(
        agent_uuid=panel.agent.uuid,
        agent_name=panel.agent.name,
        kind=panel.agent.kind,
        settings=settings,
        instructions=panel.instructions,
        actions=[frozen(row, position) for position, row in enumerate(rows)],
        names=dict(sorted(names_of(rows, settings).items())),
    )


def frozen(row: Action, position: int) -> FrozenAction:
    """An action as a version holds it."""
    names = [name for name in FrozenAction.model_fields if name != "position"]
    data = {name: getattr(row, name) for name in names}
    return read_frozen({**data, "event": row.event or {}, "position": position})


def digest_of(content: VersionContent) -> str:
    """The fingerprint of a version."""
    data = content.model_dump(mode="json")
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def content_to_try(panel: InstructionPanel) -> VersionContent:
    """The panel as a test runs it: nothing leaves, so what only watches acts as well."""
    content = content_of(panel)
    acting = [
        action.model_copy(update={"mode": Mode.LIVE.value})
        if action.mode == Mode.SHADOW
        else action
        for action in content.actions
    ]
    return content.model_copy(update={"actions": acting})


@transaction.atomic
def freeze_panel(*, panel: InstructionPanel, content: VersionContent | None = None) -> Version:
    """The version with exactly this content, made where there is none; it gets no number."""
    content = content or content_of(panel)
    version, _ = Version.objects.get_or_create(
        agent=panel.agent,
        digest=digest_of(content),
        defaults={"content": content.model_dump(mode="json")},
    )
    return version
