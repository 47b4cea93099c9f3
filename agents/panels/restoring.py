"""A published version taken back into the draft, as one step that can be undone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F

from agents.core.services import audit
from agents.panels.freeze import frozen
from agents.panels.history import place, step
from agents.panels.models import Action, Agent, InstructionPanel, Version
from agents.panels.schema import FrozenAction
from agents.panels.stored import read_content, stored_settings


@transaction.atomic
def restore_version(*, version: Version, user: object = None) -> None:
    """Make the draft what the version is: instructions, actions, settings; the name stays."""
    agent, panel = version.agent, version.agent.panel
    content = read_content(version.content)
    with step(panel=panel, user=user, label=f"Version {version.number} restored"):
        InstructionPanel.objects.filter(pk=panel.pk).update(instructions=content.instructions)
        settings = stored_settings(content.settings)
        Agent.objects.filter(pk=agent.pk).update(settings=settings)
        _restore_actions(panel, content.actions)
    audit(
        actor=str(user or ""), verb="restored", kind="agent", object_id=agent.uuid,
        label=agent.name, after={"version": version.number},
    )  # fmt: skip


def _restore_actions(panel: InstructionPanel, actions: list[FrozenAction]) -> None:
    """The same cards with the same uids, in the same order; others go."""
    wanted = {action.uid: action for action in actions}
    rows = {row.uid: row for row in Action.objects.filter(panel=panel)}
    Action.objects.filter(panel=panel).exclude(uid__in=wanted).delete()
    for action in actions:
        row = rows.get(action.uid)
        if row is None:
            Action.objects.create(panel=panel, uid=action.uid, position=32_000, **_values(action))
        elif frozen(row, action.position) != action:
            changed = Action.objects.filter(pk=row.pk)
            changed.update(**_values(action), revision=F("revision") + 1)
    place(panel, [str(action.uid) for action in actions])


def _values(action: FrozenAction) -> dict[str, Any]:
    values = action.model_dump(mode="json")
    return {name: value for name, value in values.items() if name not in ("uid", "position")}
