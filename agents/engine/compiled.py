"""A version made ready for turns: types looked up, settings validated, tools and prompt built once.

Everything here is the same for every conversation on a version, so it is kept per process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from django.conf import settings
from pydantic import ValidationError

from actions import registry, understood
from actions.base import ActionType, Moment, Names, ToolArguments
from actions.hours import Hours
from agents.conversations.reasons import Reason
from agents.engine import prompt
from agents.engine.tools import tool
from agents.panels.schema import FrozenAction, VersionContent
from agents.panels.stored import read_content

KEPT = 200  # versions per process


@dataclass(slots=True)
class CompiledAction:
    """One action of a version; `problem` says why it can never run."""

    uid: str
    index: int
    frozen: FrozenAction
    names: Names
    threshold: float
    kind: ActionType | None = None
    config: Any = None
    arguments: type[ToolArguments] | None = None
    tool_name: str = ""
    tool: bytes = b""
    predicates: dict[str, str] = field(default_factory=dict)
    understood: dict[str, understood.Understanding] = field(default_factory=dict)
    problem: Reason | None = None
    note: str = ""
    moments: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """The chosen moment; settings that hold may add others."""
        self.moments = frozenset({self.frozen.moment})

    @property
    def label(self) -> str:
        """What people call it."""
        return self.kind.label if self.kind else self.frozen.type

    @property
    def moment(self) -> str:
        """When it may run."""
        return self.frozen.moment

    @property
    def chained(self) -> bool:
        """It waits for another action's outcome and has no condition of its own."""
        waits = any(guard.kind == "ended_with" for guard in self.frozen.only_if)
        return waits and not self.predicates

    @property
    def always(self) -> bool:
        """At an event moment no condition means: always."""
        return not self.predicates and self.moment != Moment.DURING

    @property
    def needs_model(self) -> bool:
        """Rules understand none of its conditions."""
        if not self.predicates:
            return not (self.chained or self.always)
        return all(item.needs_model for item in self.understood.values())


@dataclass
class CompiledVersion:
    """A version, ready."""

    id: int
    content: VersionContent
    actions: list[CompiledAction]
    system: str
    _tools: dict[tuple[int, ...], bytes] = field(default_factory=dict)

    @property
    def settings(self) -> Any:
        """The agent's settings in this version."""
        return self.content.settings

    @cached_property
    def hours(self) -> Hours:
        """The agent's business hours; where it has no time zone, in the site's."""
        return self.content.settings.hours.in_zone(settings.TIME_ZONE)

    @cached_property
    def by_uid(self) -> dict[str, CompiledAction]:
        """Actions by uid."""
        return {action.uid: action for action in self.actions}

    @cached_property
    def by_tool(self) -> dict[str, CompiledAction]:
        """Actions by the name of their tool."""
        return {action.tool_name: action for action in self.actions if action.tool_name}

    @cached_property
    def promises(self) -> dict[str, understood.Phrases]:
        """Per action type the phrases with which an agent promises it, in its language."""
        language = self.settings.language
        found = {}
        for action in self.actions:
            if action.kind and action.frozen.enabled and (p := action.kind.promises.get(language)):
                found[action.kind.slug] = understood.Phrases(p)
        return found

    @cached_property
    def all_promises(self) -> understood.Phrases | None:
        """All phrases at once, for the speech."""
        language = self.settings.language
        phrases = [
            phrase
            for action in self.actions
            if action.kind and action.frozen.enabled
            for phrase in action.kind.promises.get(language, ())
        ]
        return understood.Phrases(sorted(set(phrases))) if phrases else None

    def tools(self, actions: Sequence[CompiledAction]) -> bytes | None:
        """The tools of these actions as a JSON array, byte for byte the same every time."""
        key = tuple(action.index for action in actions if action.tool)
        if not key:
            return None
        if key not in self._tools:
            self._tools[key] = b"[" + b",".join(self.actions[i].tool for i in key) + b"]"
        return self._tools[key]


_cache: OrderedDict[int, CompiledVersion] = OrderedDict()


def compiled(version_id: int, content: dict[str, Any]) -> CompiledVersion:
    """The version, from the process's memory or made now."""
    if version_id not in _cache:
        _cache[version_id] = compile_version(version_id, read_content(content))
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    _cache.move_to_end(version_id)
    return _cache[version_id]


def forget() -> None:
    """Empty the memory, for tests that register types."""
    _cache.clear()


def compile_version(version_id: int, content: VersionContent) -> CompiledVersion:
    """Look everything up that a turn needs."""
    names = content.labels()
    used: dict[str, int] = {}
    made = []
    for index, frozen in enumerate(sorted(content.actions, key=lambda item: item.position)):
        made.append(_compile_action(index, frozen, names, content, used))
    return CompiledVersion(version_id, content, made, prompt.stable(content, made))


def _compile_action(
    index: int, frozen: FrozenAction, names: Names, content: VersionContent, used: dict[str, int]
) -> CompiledAction:
    threshold = frozen.threshold or content.settings.threshold / 100
    action = CompiledAction(str(frozen.uid), index, frozen, names, threshold)
    kind = registry.get(frozen.type)
    if kind is None:
        action.problem = Reason.UNAVAILABLE_TYPE
        return action
    action.kind = kind
    try:
        action.config = kind.Config.model_validate(frozen.config)
    except ValidationError:
        action.problem, action.note = Reason.MISSING_DATA, "Its settings are not complete."
        return action
    action.moments |= kind.also_at(action.config)
    empty = [name for name, c in kind.choices(action.config, names).items() if not c.labels]
    if empty:
        action.problem, action.note = Reason.MISSING_DATA, "Nothing is left to choose from."
        return action
    action.arguments = kind.arguments(action.config, names)
    action.predicates = {
        key: text
        for key, text in kind.predicates(action.config, frozen.when, names).items()
        if text
    }
    action.understood = {key: understood.understand(t) for key, t in action.predicates.items()}
    used[kind.slug] = used.get(kind.slug, 0) + 1
    number = used[kind.slug]
    action.tool_name = kind.slug if number == 1 else f"{kind.slug}_{number}"
    description = kind.tool_description(action.config, frozen.when, names)
    action.tool = orjson.dumps(tool(action.tool_name, description, action.arguments))
    return action
