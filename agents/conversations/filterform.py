"""The form of the list's filters: what each may be, and a chip for each that is set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from actions import registry
from agents.contacts.models import Disposition, Tag
from agents.conversations.filters import DRAFT, NEEDS_LOOK, RAN, TRANSFERS, Filters
from agents.conversations.models import ActionRun, Conversation
from agents.conversations.pages import CHANNELS
from agents.panels.models import Action, Agent

Pair = tuple[str, str]
GONE = "no longer there"


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading; the first group has none."""

    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One select. `follows`: what it offers depends on the agent."""

    name: str
    label: str
    empty: str
    value: str
    groups: tuple[Group, ...]
    follows: bool = False

    @property
    def chosen(self) -> str:
        """The words of what is picked."""
        return next((words for one in self.groups for key, words in one.pairs if key == self.value),
                    GONE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set, and the address without it."""

    label: str
    words: str
    query: str


@dataclass(frozen=True, slots=True)
class FilterForm:
    """Everything the form and the chips show."""

    fields: tuple[Field, ...]
    chips: tuple[Chip, ...]


def filter_form(filters: Filters) -> FilterForm:
    """With what there is to choose from today."""
    agents = list(Agent.objects.select_related("live_version"))
    agent = next((row for row in agents if str(row.uuid) == filters.agent), None)
    made = (
        _field(filters, "agent", "Agent", "All agents", [(str(a.uuid), a.name) for a in agents]),
        _versions(filters, agent),
        _field(filters, "channel", "Channel", "All channels", CHANNELS.items()),
        _outcomes(filters),
        _field(filters, "disposition", "Disposition", "Any disposition", _rows(Disposition)),
        _field(filters, "tag", "Tag", "Any tag", _rows(Tag)),
        _actions(filters, agent),
        _field(filters, "ran", "What it did", "Fired or failed", RAN.items()),
    )
    return FilterForm(made, _chips(filters, made))


def _field(filters: Filters, name: str, label: str, empty: str, pairs: Iterable[Pair]) -> Field:
    return Field(name, label, empty, getattr(filters, name), (Group("", tuple(pairs)),))


def _rows(model: type[Disposition] | type[Tag]) -> list[Pair]:
    return [(str(pk), name) for pk, name in model._default_manager.values_list("pk", "name")]


def _versions(filters: Filters, agent: Agent | None) -> Field:
    """The agent's own; a number alone narrows without an agent too."""
    pairs: list[Pair] = []
    if agent:
        numbers = agent.versions.exclude(number=None).values_list("number", flat=True)
        pairs = [(str(number), f"Version {number}") for number in numbers]
        pairs += [(DRAFT, "Draft")] if filters.tests else []
    elif filters.version:
        words = "Draft" if filters.version == DRAFT else f"Version {filters.version}"
        pairs = [(filters.version, words)]
    group = Group("" if agent or pairs else "Pick an agent first", tuple(pairs))
    return Field("version", "Version", "Any version", filters.version, (group,), True)


def _outcomes(filters: Filters) -> Field:
    states = tuple((str(key), str(words)) for key, words in Conversation.State.choices)
    transfers = tuple((f"transfer_{key}", words) for key, words in TRANSFERS.items())
    look = tuple(NEEDS_LOOK.items())
    groups = (Group("", states), Group("Needs a look", look), Group("Transfers", transfers))
    return Field("outcome", "Outcome", "Any outcome", filters.outcome, groups)


# --- actions ---------------------------------------------------------------------------------


def _actions(filters: Filters, agent: Agent | None) -> Field:
    """The kinds of the catalog, and the agent's own actions one by one."""
    own = tuple(_own_actions(agent)) if agent else ()
    kinds = tuple((kind.slug, kind.label) for kind in registry.all_types())
    groups = [Group(f"Actions of {agent}", own)] if agent and own else []
    groups.append(Group("Action types", kinds))
    known = {key for group in groups for key, _ in group.pairs}
    if filters.action and filters.action not in known:
        groups.append(Group("Earlier", ((filters.action, _earlier(filters.action)),)))
    return Field("action", "Action", "Any action", filters.action, tuple(groups), True)


def _own_actions(agent: Agent) -> Iterable[Pair]:
    """Of the draft in its order, then what only the live version has."""
    rows = Action.objects.filter(panel__agent=agent).values_list("uid", "type", "when")
    drafted = {str(uid): _name(slug, when) for uid, slug, when in rows}
    version = agent.live_version
    live: list[dict[str, Any]] = version.content["actions"] if version else []
    published = {one["uid"]: _name(one["type"], one.get("when", "")) for one in live}
    return (
        drafted | {uid: words for uid, words in published.items() if uid not in drafted}
    ).items()


def _name(slug: str, when: str = "") -> str:
    kind = registry.get(slug)
    label = kind.label if kind else slug.replace("_", " ").capitalize()
    return f"{label}: {when[:60].strip()}{'…' if len(when) > 60 else ''}" if when else label


def _earlier(action: str) -> str:
    """What stands in no panel and no live version any more, as the ledger knows it."""
    if "-" not in action:
        return _name(action)
    slug = ActionRun.objects.filter(action_uid=action).values_list("type", flat=True).first()
    return f"{_name(slug)}, {GONE}" if slug else f"An action that is {GONE}"


# --- chips -----------------------------------------------------------------------------------


def _chips(filters: Filters, made: Iterable[Field]) -> tuple[Chip, ...]:
    by_name = {field.name: field for field in made}
    plain = {"q": "Text", "since": "From", "until": "To"}
    chips = []
    for name, value in filters.given.items():
        field = by_name.get(name)
        label = field.label if field else plain[name]
        words = field.chosen if field else f"“{value}”" if name == "q" else _day(value)
        said = words.startswith(f"{label} ")
        chips.append(Chip("" if said else label, words, filters.without(name).query))
    return tuple(chips)


def _day(text: str) -> str:
    day = parse_date(text)
    return date_format(day, "j M Y") if day else text
