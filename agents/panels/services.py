"""Writes to agents, panels and actions. Every change of a panel counts its revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from actions import registry
from actions.base import ActionType
from agents.core.services import audit
from agents.core.text import long_text, one_line
from agents.panels.freeze import freeze_panel as freeze_panel
from agents.panels.history import FIELDS, place, renumber, step
from agents.panels.history import CannotUndo as CannotUndo
from agents.panels.history import Overtaken as Overtaken
from agents.panels.history import redo as redo
from agents.panels.history import undo as undo
from agents.panels.models import Action, Agent, InstructionPanel
from agents.panels.publish import NotPublishable as NotPublishable
from agents.panels.publish import publish as publish
from agents.panels.references import action_label
from agents.panels.restoring import restore_version as restore_version
from agents.panels.schema import AgentSettings
from agents.panels.starters import STARTERS
from agents.panels.starting import Rows
from agents.panels.stored import config_of, read_settings, stored_settings


class UnknownType(LookupError):
    """No action type has this slug, or it does not fit the agent."""


@dataclass(frozen=True)
class ActionDraft:
    """What the form of an action holds; an incomplete `config` may be stored."""

    when: str = ""
    moment: str = "during"
    event: dict[str, Any] = field(default_factory=dict)
    only_if: list[dict[str, Any]] = field(default_factory=list)
    repeat: str = "every_time"
    cool_down: int = 0
    mode: str = "live"
    confirm: str = "ask"
    threshold: float | None = None
    note: str = ""
    config: dict[str, Any] = field(default_factory=dict)

    def put_on(self, action: Action) -> dict[str, Any]:
        """Let a row hold it, not yet stored; gives what was set."""
        kind = registry.get(action.type)
        values = asdict(self) | ({"schema_version": kind.schema_version} if kind else {})
        for name, value in values.items():
            setattr(action, name, value)
        return values


@transaction.atomic
def create_agent(*, name: str, kind: str, starter: str = "", user: object = None) -> Agent:
    """An agent with its panel, empty or from a ready-made start."""
    start, rows = STARTERS.get(starter), Rows(user)
    name = one_line(name, 120)
    settings = AgentSettings.model_validate(start.settings_for(rows) if start else {})
    agent = Agent.objects.create(
        name=name, kind=Agent.Kind(kind), settings=stored_settings(settings)
    )
    panel = InstructionPanel.objects.create(
        agent=agent, instructions=start.instructions if start else ""
    )
    for slug, changes in start.actions(rows) if start else ():
        if registry.get(slug) is not None:
            _add(panel, slug, changes)
    _log(agent, "created", user)
    return agent


@transaction.atomic
def rename_agent(*, agent: Agent, name: str, user: object = None) -> None:
    """Give an agent another name."""
    before, agent.name = agent.name, one_line(name, 120)
    if before == agent.name:
        return
    with step(panel=agent.panel, user=user, label="Name changed"):
        agent.save(update_fields=["name"])
    _log(agent, "renamed", user, before={"name": before}, after={"name": agent.name})


@transaction.atomic
def save_settings(
    *,
    agent: Agent,
    settings: AgentSettings,
    fields: Sequence[str] = (),
    label: str = "Settings",
    user: object = None,
) -> None:
    """Keep the agent's settings; with `fields` only these, so that others may save the rest."""
    before = Agent.objects.select_for_update().get(pk=agent.pk).settings
    values = stored_settings(settings)
    kept = stored_settings(read_settings(before))
    agent.settings = kept | {name: values[name] for name in fields} if fields else values
    if before == agent.settings:
        return
    with step(panel=agent.panel, user=user, label=f"{label} changed"):
        agent.save(update_fields=["settings"])
    changed = [name for name in agent.settings if before.get(name) != agent.settings[name]]
    _log(
        agent, "changed settings", user,
        before={name: before[name] for name in changed if name in before},
        after={name: agent.settings[name] for name in changed},
    )  # fmt: skip


@transaction.atomic
def set_paused(*, agent: Agent, paused: bool, user: object = None) -> None:
    """Stop an agent, or let it go on."""
    agent.paused = paused
    agent.save(update_fields=["paused"])
    _log(agent, "paused" if paused else "resumed", user)


@transaction.atomic
def save_instructions(*, panel: InstructionPanel, text: str, user: object = None) -> None:
    """Keep the instructions; the audit trail has the versions, not every keystroke.

    Raises Overtaken where they are no longer what `panel` holds.
    """
    text = long_text(text)
    if text == panel.instructions:
        return
    with step(panel=panel, user=user, label="Instructions changed") as before:
        if before.instructions != panel.instructions:
            raise Overtaken
        panel.instructions = text
        panel.save(update_fields=["instructions", "saved_at"])


@transaction.atomic
def add_action(*, panel: InstructionPanel, slug: str, user: object = None) -> Action:
    """Put an action type on the panel, with its defaults, at the end of the list."""
    kind = registry.get(slug)
    if kind is None or not fits(kind, panel.agent):
        raise UnknownType(slug)
    with step(panel=panel, user=user, label=f"{kind.label} added"):
        action = _add(panel, slug, {"config": kind.default_config(panel.agent.kind)})
    _log_action(action, "added", user)
    return action


def fits(kind: ActionType, agent: Agent) -> bool:
    """Whether an agent of this kind can have the type."""
    voice = agent.kind == Agent.Kind.VOICE
    return any((channel.value == "voice") == voice for channel in kind.channels)


def _add(panel: InstructionPanel, slug: str, changes: Mapping[str, Any]) -> Action:
    kind = registry.get(slug)
    assert kind is not None  # noqa: S101 - the callers have looked
    moment = changes.get("moment", kind.first_moment(panel.agent.kind).value)
    return Action.objects.create(
        panel=panel,
        type=slug,
        position=panel.actions.count(),
        schema_version=kind.schema_version,
        **{"moment": moment, "repeat": kind.default_repeat.value, **changes},
    )


@transaction.atomic
def save_action(*, action: Action, draft: ActionDraft, user: object = None) -> None:
    """Keep what the form of an action holds; raises Overtaken where `action` is not the newest."""
    before = {name: getattr(action, name) for name in asdict(draft)}
    after = asdict(draft)
    if before == after:
        return
    with step(panel=action.panel, user=user, label=f"{action_label(action)} changed"):
        same = Action.objects.filter(pk=action.pk, revision=action.revision)
        if not same.update(**draft.put_on(action), revision=F("revision") + 1):
            raise Overtaken
        action.revision += 1
    changed = [name for name in after if before[name] != after[name]]
    _log_action(
        action, "changed", user,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )  # fmt: skip


def draft_of(action: Action) -> ActionDraft:
    """What the form of an action holds now."""
    values = {item.name: getattr(action, item.name) for item in fields(ActionDraft)}
    return ActionDraft(**{**values, "config": config_of(action)})


@transaction.atomic
def move_action(*, action: Action, to: int, user: object = None) -> None:
    """Put an action at another place of the list."""
    with step(panel=action.panel, user=user, label=f"{action_label(action)} moved"):
        rows = [row for row in action.panel.actions.all() if row.pk != action.pk]
        rows.insert(max(0, min(to, len(rows))), action)
        renumber(rows)
    _log_action(action, "moved", user, after={"position": action.position})


@transaction.atomic
def move_behind(*, action: Action, other: UUID | None, user: object = None) -> None:
    """Put an action right behind another one; without one, or if that is gone, at the top."""
    rows = [row for row in action.panel.actions.all() if row.pk != action.pk]
    uids = [row.uid for row in rows]
    move_action(action=action, to=uids.index(other) + 1 if other in uids else 0, user=user)


@transaction.atomic
def order_actions(*, panel: InstructionPanel, uids: list[UUID], user: object = None) -> None:
    """Put the actions into this order; one that is not named stays behind its neighbour."""
    before = list(panel.actions.values_list("uid", flat=True))
    with step(panel=panel, user=user, label="Actions moved"):
        place(panel, [str(uid) for uid in uids])
    if before != list(panel.actions.values_list("uid", flat=True)):
        _log(panel.agent, "ordered actions", user)


@transaction.atomic
def duplicate_action(*, action: Action, user: object = None) -> Action:
    """A copy behind the action; it is another action, with its own uid."""
    with step(panel=action.panel, user=user, label=f"{action_label(action)} duplicated"):
        copy = Action(panel=action.panel, uid=uuid4(), position=action.position)
        for name in FIELDS:
            setattr(copy, name, getattr(action, name))
        copy.save()
        rows = [row for row in action.panel.actions.all() if row.pk != copy.pk]
        rows.insert(rows.index(action) + 1, copy)
        renumber(rows)
    _log_action(copy, "duplicated", user)
    return copy


@transaction.atomic
def set_enabled(*, action: Action, enabled: bool, user: object = None) -> None:
    """Switch an action on or off."""
    word = "enabled" if enabled else "disabled"
    with step(panel=action.panel, user=user, label=f"{action_label(action)} {word}"):
        action.enabled = enabled
        action.save(update_fields=["enabled"])
    _log_action(action, word, user)


@transaction.atomic
def delete_action(*, action: Action, user: object = None) -> None:
    """Take an action off the panel; undoing it brings it back with its uid."""
    kept = {name: getattr(action, name) for name in FIELDS}
    kept |= {"uid": str(action.uid), "position": action.position}
    _log_action(action, "deleted", user, before=kept)
    panel = action.panel
    with step(panel=panel, user=user, label=f"{action_label(action)} deleted"):
        action.delete()
        renumber(list(panel.actions.all()))


def _log(agent: Agent, verb: str, user: object, **values: dict[str, Any]) -> None:
    audit(
        actor=str(user or ""), verb=verb, kind="agent", object_id=agent.uuid,
        label=agent.name, **values,  # type: ignore[arg-type]
    )  # fmt: skip


def _log_action(action: Action, verb: str, user: object, **values: dict[str, Any]) -> None:
    audit(
        actor=str(user or ""), verb=verb, kind="action", object_id=action.uid,
        label=str(action), **values,  # type: ignore[arg-type]
    )  # fmt: skip
