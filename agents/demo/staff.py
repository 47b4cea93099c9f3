"""Makes the demo business's agents and publishes each twice."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from actions import registry
from agents.demo.library import BY, Data, data_of, own
from agents.demo.names import Names, action_uid
from agents.panels.history import step
from agents.panels.models import Action, Agent, InstructionPanel, Version
from agents.panels.publish import publish
from agents.panels.schema import AgentSettings
from agents.panels.services import create_agent, save_settings

AGENTS = ("front_desk", "messages")


@transaction.atomic
def make_agents(names: Names) -> None:
    """Both agents without their actions, so that sequences can name them."""
    for key in AGENTS:
        data = data_of(key)
        agent = create_agent(name=_free_name(data["name"]), kind=data["kind"], user=BY)
        own("agent", agent.uuid)
        names.put(f"agent:{key}", f"agent:{agent.uuid}")


def _free_name(name: str) -> str:
    taken = set(Agent.objects.filter(name__startswith=name).values_list("name", flat=True))
    return next(n for n in (name, *(f"{name} {k}" for k in range(2, 1000))) if n not in taken)


@transaction.atomic
def publish_both(names: Names) -> dict[str, tuple[Version, Version]]:
    """The first version of each agent and the one that is live, by the agent's key."""
    return {key: _versions(key, names) for key in AGENTS}


def _versions(key: str, names: Names) -> tuple[Version, Version]:
    agent = Agent.objects.select_related("panel").get(uuid=names.key(f"agent:{key}"))
    data = data_of(key)
    for action in data["actions"]:
        names.put(f"action:{action['key']}", f"action:{action_uid(agent.uuid, action['key'])}")
    return (_version(agent, data | _as_it_was(data), names), _version(agent, data, names))


def _as_it_was(data: Data) -> Data:
    """The same agent a few days earlier."""
    first = data["first_version"]
    return {
        "note": first["note"],
        "settings": data["settings"] | first["settings"],
        "instructions": first["instructions"],
        "actions": [one for one in data["actions"] if one["key"] not in first["without"]],
    }


def _version(agent: Agent, data: Data, names: Names) -> Version:
    settings = AgentSettings.model_validate(names.resolve(data["settings"]))
    save_settings(agent=agent, settings=settings, user=BY)
    panel = InstructionPanel.objects.get(agent=agent)
    with step(panel=panel, user=None, label=data["note"]):
        panel.instructions = "\n".join(data["instructions"])
        panel.save(update_fields=["instructions", "saved_at"])
        _put(panel, data["actions"], names)
    return publish(panel=panel, user=None, note=data["note"], invented=True)


def _put(panel: InstructionPanel, actions: list[Data], names: Names) -> None:
    """The actions in this order; those that are there stay the rows they are."""
    there = {row.uid: row for row in panel.actions.all()}
    for position, data in enumerate(actions):
        uid = action_uid(panel.agent.uuid, data["key"])
        if uid in there:
            Action.objects.filter(uid=uid).update(position=position)
        else:
            Action.objects.create(panel=panel, uid=uid, position=position, **_fields(data, names))


def _fields(data: Data, names: Names) -> dict[str, Any]:
    kind = registry.get(data["type"])
    assert kind is not None  # noqa: S101 - a data file of ours
    given: dict[str, Any] = names.resolve({k: v for k, v in data.items() if k != "key"})
    defaults = {"schema_version": kind.schema_version, "repeat": kind.default_repeat.value}
    return {**defaults, "config": {}, **given}
