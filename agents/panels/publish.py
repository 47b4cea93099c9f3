"""Publishing: strict where the draft is tolerant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from pydantic import ValidationError

from actions import registry
from actions.base import ActionType, Mode, Need
from agents.core import needs
from agents.core.models import User
from agents.core.services import audit
from agents.panels.freeze import freeze_panel
from agents.panels.linter import PanelFinding, lint
from agents.panels.models import Action, Agent, InstructionPanel, Version
from agents.panels.stored import config_of


class NotPublishable(Exception):
    """The panel has errors; `findings` says which."""

    def __init__(self, findings: list[PanelFinding]) -> None:
        super().__init__("; ".join(finding.text for finding in findings))
        self.findings = findings


def lacking(action: Action) -> list[Need]:
    """What an action needs before it can act for real."""
    kind = registry.get(action.type)
    return needs.unmet(_needs(kind, config_of(action))) if kind else []


def _needs(kind: ActionType, config: dict[str, Any]) -> tuple[Need, ...]:
    try:
        return kind.needs_of(kind.Config.model_validate(config))
    except ValidationError:
        return kind.needs


@transaction.atomic
def publish(
    *,
    panel: InstructionPanel,
    user: User | None,
    note: str = "",
    modes: Mapping[str, str] | None = None,
    invented: bool = False,
) -> Version:
    """Freeze the panel under the next number and let new conversations run on it.

    `modes` sets actions by uid to live or shadow; one that lacks something becomes shadow, except
    on the panel of an `invented` agent: nothing of it leaves anyway. Raises NotPublishable.
    """
    agent = Agent.objects.select_for_update().get(pk=panel.agent_id)
    panel = InstructionPanel.objects.get(pk=panel.pk)
    if errors := [finding for finding in lint(panel) if finding.level == "error"]:
        raise NotPublishable(errors)
    if not invented:
        _set_modes(panel, modes or {})
    version = freeze_panel(panel=panel)
    if version.number is None:
        last = agent.versions.aggregate(last=Max("number"))["last"] or 0
        version.number, version.note = last + 1, note[:500]
        version.published_by = user
    version.published_at = timezone.now()
    version.save(update_fields=["number", "note", "published_at", "published_by"])
    Agent.objects.filter(pk=agent.pk).update(live_version=version)
    audit(
        actor=str(user or ""),
        verb="published",
        kind="agent",
        object_id=agent.uuid,
        label=agent.name,
        after={"version": version.number},
        reason=note,
    )
    return version


def _set_modes(panel: InstructionPanel, modes: Mapping[str, str]) -> None:
    for action in panel.actions.filter(enabled=True):
        wanted = modes.get(str(action.uid), action.mode)
        mode = Mode.SHADOW.value if wanted == Mode.SHADOW or lacking(action) else Mode.LIVE.value
        if action.mode != mode:
            row = Action.objects.filter(pk=action.pk)
            row.update(mode=mode, revision=F("revision") + 1)  # an open form is of another state
