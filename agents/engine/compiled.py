"""A version made ready for turns: types looked up, settings validated, tools and prompt built once.

Everything here is the same for every conversation on a version, so it is kept per process.
"""

from __future__ import annotations

from collections import Counter
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
from actions.languages import Language, language, spoken_to
from actions.languages.words import in_language
from actions.practice import Understanding, understand
from agents.conversations.reasons import Reason
from agents.engine.kept import Kept
from agents.engine.naming import Wanted, tool_names
from agents.engine.system_message import system_message
from agents.engine.tools import tool
from agents.panels.models import Version
from agents.panels.schema import FrozenAction, VersionContent
from agents.panels.stored import read_content

ROOM = 96_000_000  # bytes that published versions may take in a process, about
ROOM_FOR_DRAFTS = 32_000_000  # the same for drafts that are tried: they never push out the others
SUBSETS = 64  # sets of tools that a version keeps
CLASS_BYTES = 20_000  # of an action's argument class with its validators, about
COPIES = 6  # how much more a version takes in memory than as JSON, about


@dataclass(slots=True)
class CompiledAction:
    """One action of a version; `problem` says why it can never run."""

    uid: str
    index: int
    frozen: FrozenAction
    names: Names
    threshold: float | None  # None: the judge's default
    kind: ActionType | None = None
    config: Any = None
    arguments: type[ToolArguments] | None = None
    tool_name: str = ""
    earlier_name: str = ""
    tool: bytes = b""
    predicates: dict[str, str] = field(default_factory=dict)
    understood: dict[str, Understanding] = field(default_factory=dict)
    looked_for: str = ""
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
    def guidance(self) -> str:
        """What it adds to the agent's instructions."""
        if self.kind is None or self.config is None or not self.frozen.enabled:
            return ""
        return self.kind.guidance(self.config, self.names)

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
    _tools: Kept[tuple[int, ...], bytes] = field(default_factory=lambda: Kept(SUBSETS))

    @property
    def settings(self) -> Any:
        """The agent's settings in this version."""
        return self.content.settings

    @cached_property
    def language(self) -> Language:
        """The language of the agent's own words."""
        return language(self.settings.language)

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
        tools = [action for action in self.actions if action.tool_name]
        return {action.earlier_name: action for action in tools} | {
            action.tool_name: action for action in tools
        }

    @cached_property
    def promises(self) -> dict[str, understood.Phrases]:
        """Per action type the phrases with which an agent promises it."""
        return {slug: understood.Phrases(said) for slug, said in self._promises.items()}

    @cached_property
    def all_promises(self) -> understood.Phrases | None:
        """All phrases at once, for the speech."""
        phrases = {phrase for said in self._promises.values() for phrase in said}
        return understood.Phrases(sorted(phrases)) if phrases else None

    @cached_property
    def _promises(self) -> dict[str, tuple[str, ...]]:
        """In the agent's language, and in English, which its contacts may speak."""
        kinds = {a.kind.slug: a.kind for a in self.actions if a.kind and a.frozen.enabled}
        found = {
            slug: tuple(
                phrase
                for spoken in spoken_to(self.language)
                for known in (spoken.promises.get(slug, ()), kind.promises.get(spoken.code, ()))
                for phrase in known
            )
            for slug, kind in kinds.items()
        }
        return {slug: said for slug, said in found.items() if said}

    def tools(self, actions: Sequence[CompiledAction]) -> bytes | None:
        """The tools of these actions as a JSON array, byte for byte the same every time."""
        key = tuple(action.index for action in actions if action.tool)
        if not key:
            return None
        return self._tools.get(
            key, lambda: b"[" + b",".join(self.actions[i].tool for i in key) + b"]"
        )

    @cached_property
    def size(self) -> int:
        """About how many bytes of memory it takes; tools per subset included."""
        stored = len(self.content.model_dump_json())
        tools = sum(len(action.tool) for action in self.actions)
        classes = sum(action.arguments is not None for action in self.actions)
        return COPIES * stored + SUBSETS * tools + CLASS_BYTES * classes


def _size(version: CompiledVersion) -> int:
    return version.size


_published: Kept[int, CompiledVersion] = Kept(ROOM, _size)
_drafts: Kept[int, CompiledVersion] = Kept(ROOM_FOR_DRAFTS, _size)


def compiled_version(version_id: int) -> CompiledVersion:
    """The version, from the process's memory, else read and made ready."""
    found = _published.find(version_id) or _drafts.find(version_id)
    if found is not None:
        return found
    content, number = Version.objects.values_list("content", "number").get(id=version_id)
    return compiled(version_id, content, draft=number is None)


def compiled(version_id: int, content: dict[str, Any], *, draft: bool = False) -> CompiledVersion:
    """The version, from the process's memory or made now."""
    kept = _drafts if draft else _published
    return kept.get(version_id, lambda: compile_version(version_id, read_content(content)))


def forget() -> None:
    """Empty the memory, for tests that register types."""
    _published.clear()
    _drafts.clear()


def compile_version(version_id: int, content: VersionContent) -> CompiledVersion:
    """Look everything up that a turn needs."""
    names = content.labels()
    made = []
    for index, frozen in enumerate(sorted(content.actions, key=lambda item: item.position)):
        made.append(_compile_action(index, frozen, names, content))
    _name_tools([action for action in made if action.arguments is not None])
    system = system_message(content, [action.guidance for action in made])
    return CompiledVersion(version_id, content, made, system)


def _compile_action(
    index: int, frozen: FrozenAction, names: Names, content: VersionContent
) -> CompiledAction:
    agents_own = content.settings.threshold
    threshold = frozen.threshold or (agents_own / 100 if agents_own else None)
    action = CompiledAction(str(frozen.uid), index, frozen, names, threshold)
    kind = registry.get(frozen.type)
    if kind is None:
        action.problem = Reason.UNAVAILABLE_TYPE
        return action
    action.kind = kind
    try:
        spoken = language(content.settings.language)
        action.config = in_language(kind.Config.model_validate(frozen.config), spoken)
    except ValidationError:
        action.problem, action.note = Reason.MISSING_DATA, "Its settings are incomplete."
        return action
    action.moments |= kind.also_at(action.config)
    empty = [name for name, c in kind.choices(action.config, names).items() if not c.labels]
    if empty:
        action.problem, action.note = (
            Reason.MISSING_DATA,
            "Its last choice has been deleted.",
        )
        return action
    action.arguments = kind.arguments(action.config, names)
    action.predicates = {
        key: text
        for key, text in kind.predicates(action.config, frozen.when, names).items()
        if text
    }
    action.understood = {key: understand(t) for key, t in action.predicates.items()}
    action.looked_for = _looked_for(action)
    return action


def _looked_for(action: CompiledAction) -> str:
    """What practice mode searches a message for, in words."""
    wanted = [
        " together with ".join(part.label for part in required)
        for known in action.understood.values()
        for required in known.parts
    ]
    return either(list(dict.fromkeys(wanted)))


def either(items: Sequence[str]) -> str:
    """One of these, as a sentence names them: a, b or c."""
    return " or ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def _name_tools(actions: Sequence[CompiledAction]) -> None:
    """Name the tools after what they do; the number of its type was the name in earlier calls."""
    numbers: Counter[str] = Counter()
    for action, name in zip(actions, tool_names([_wanted(one) for one in actions]), strict=True):
        kind, arguments = action.kind, action.arguments
        assert kind is not None and arguments is not None  # noqa: S101 - what has a tool has both
        numbers[kind.slug] += 1
        number = numbers[kind.slug]
        action.earlier_name = kind.slug if number == 1 else f"{kind.slug}_{number}"
        action.tool_name = name
        description = kind.tool_description(action.config, action.frozen.when, action.names)
        action.tool = orjson.dumps(tool(name, description, arguments))


def _wanted(action: CompiledAction) -> Wanted:
    """Its own name, and the first thing that its settings refer to."""
    kind = action.kind
    assert kind is not None  # noqa: S101 - what has a tool has a type
    labels = (action.names.get(ref, "") for ref in kind.refs(action.config))
    return Wanted(kind.tool_name(action.config, action.names), next(filter(None, labels), ""))
