"""The pick kind of this room, the actions of a panel, and who on the panels refers to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from actions import registry
from agents.core.picks import Option, PickKind, Use, Within, register, register_uses
from agents.panels.freeze import refs_of, settings_of
from agents.panels.models import Action, Agent


def action_label(action: Action) -> str:
    """What people call an action."""
    kind = registry.get(action.type)
    return kind.label if kind else action.type


def _options(within: Within) -> Iterable[Option]:
    for action in Action.objects.filter(panel_id=within.panel):
        yield Option(f"action:{action.uid}", action_label(action), action.when[:60])


def _labels(keys: Sequence[str]) -> Mapping[str, str]:
    rows = Action.objects.filter(uid__in=[uid for key in keys if (uid := as_uuid(key))])
    return {str(row.uid): action_label(row) for row in rows}


def as_uuid(text: str) -> UUID | None:
    """A UUID, or None where the text is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _uses(ref: str) -> Iterable[Use]:
    """The actions and agents that refer to something."""
    for action in Action.objects.select_related("panel__agent"):
        if ref in refs_of(action):
            agent = action.panel.agent
            yield Use(f"{action_label(action)} of {agent.name}", link(agent, action))
    for agent in Agent.objects.select_related("panel"):
        if ref in settings_of(agent.panel).refs:
            yield Use(f"Settings of {agent.name}", settings_link(agent))


def settings_link(agent: Agent) -> str:
    """The page of the agent's settings."""
    try:
        return reverse("panels:settings", args=[agent.uuid])
    except NoReverseMatch:
        return ""


def link(agent: Agent, action: Action | None = None) -> str:
    """The panel, with a card open."""
    try:
        url = reverse("panels:instructions", args=[agent.uuid])
    except NoReverseMatch:
        return ""
    return f"{url}?open={action.uid}" if action else url


def _agents(within: Within) -> Iterable[Option]:
    for agent in Agent.objects.all():
        yield Option(f"agent:{agent.uuid}", agent.name, agent.get_kind_display())


def _agent_labels(keys: Sequence[str]) -> Mapping[str, str]:
    rows = Agent.objects.filter(uuid__in=[uid for key in keys if (uid := as_uuid(key))])
    return {str(row.uuid): row.name for row in rows}


def register_kinds() -> None:
    """Called at start-up."""
    register(PickKind("agent", "Agent", "Agents", _agents, _agent_labels))
    register(PickKind("action", "Action", "Actions", _options, _labels))
    register_uses(_uses)
