"""What every action type is made of: one contract for type, form, engine and model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Literal, cast

from pydantic import BaseModel, ConfigDict, create_model

from actions.context import Context
from actions.errors import ActionError as ActionError
from actions.errors import Audience as Audience
from actions.fields import Choices
from actions.flow import Ask as Ask
from actions.flow import Collect as Collect
from actions.flow import End as End
from actions.flow import Flow as Flow
from actions.flow import HandOff as HandOff
from actions.flow import Outcome as Outcome
from actions.flow import Script as Script
from actions.flow import ScriptStep as ScriptStep
from actions.flow import Target as Target
from actions.languages import ENGLISH, Language
from actions.terms import Channel as Channel
from actions.terms import Moment as Moment
from actions.terms import Names as Names
from actions.understood import Evidence, find_choice

ALL = frozenset(Channel)
TEXT = frozenset({Channel.SMS, Channel.CHAT})
VOICE = frozenset({Channel.VOICE})
EVERY_MOMENT = frozenset(Moment)


class Repeat(StrEnum):
    """How often an action may run."""

    EVERY_TIME = "every_time"
    ONCE = "once"
    ONCE_PER_CONTACT = "once_per_contact"


class Mode(StrEnum):
    """What happens when an action fires: it acts, it is only recorded, or a person is asked."""

    LIVE = "live"
    SHADOW = "shadow"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the linter found: an error blocks publishing, a warning does not."""

    level: Literal["error", "warning"]
    text: str
    loc: tuple[str | int, ...] = ()


class Settings(BaseModel):
    """Base of what an admin fills in: the form, the stored JSON and the API's schema."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Row(Settings):
    """One row of a list in the settings; the id survives moving and editing."""

    id: str = ""


class ToolArguments(BaseModel):
    """Base of what the model supplies; strict, nothing unknown, `X | None` where optional."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NoArguments(ToolArguments):
    """For a type that takes nothing from the model."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in a turn that has no words: see `Moment.NO_ANSWER` and `Moment.IDLE`."""

    kind: str
    attempt: int = 1
    silent_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What practice mode works on: the message, what matched in it, and the words before it."""

    message: str
    evidence: Mapping[str, Evidence]
    before: Sequence[str] = ()
    today: str = ""
    language: Language = ENGLISH


@dataclass(frozen=True, slots=True)
class Need:
    """What a type wants before it can act for real, e.g. a line or a connection."""

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case; one test runs every example of every type.

    `effects` are the `line`s of the effects in order; `error` the start of the refusal.
    `simulated` is what is answered: `owner` and `function` of the ports, `bookings` of the contact.
    """

    title: str
    config: Mapping[str, Any]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    effects: Sequence[str] = ()
    line: str = ""
    flow: type[Any] | None = None
    error: str = ""
    confirmed: bool = False
    asked: int = 0
    moment: str = "during"
    simulated: Mapping[str, Any] = field(default_factory=dict)


class ActionType:
    """One kind of thing an agent can do. Stateless; `execute` emits effects and asks ports."""

    slug: ClassVar[str]
    label: ClassVar[str]
    group: ClassVar[str]
    icon: ClassVar[str]
    rank: ClassVar[int] = 100
    """Where it stands in its group of the palette: what is used most has the lowest."""
    also_called: ClassVar[tuple[str, ...]] = ()
    """Other words that people look for it by in the palette."""
    about: ClassVar[str] = ""
    tool_help: ClassVar[str] = ""
    when_hint: ClassVar[str] = ""
    channels: ClassVar[frozenset[Channel]] = ALL
    moments: ClassVar[frozenset[Moment]] = EVERY_MOMENT
    default_moment: ClassVar[Moment] = Moment.DURING
    default_repeat: ClassVar[Repeat] = Repeat.EVERY_TIME
    ends: ClassVar[bool] = False
    consequential: ClassVar[bool] = False
    may_be_consequential: ClassVar[bool] = False
    """Its settings decide whether it is consequential: see `is_consequential`."""
    one_key: ClassVar[bool] = False
    many: ClassVar[bool] = False
    speaks: ClassVar[bool] = False
    asks: ClassVar[bool] = False
    """`execute` may wait for a model or a vendor: it runs in the asking pool, not in the loop."""
    answered_by: ClassVar[tuple[str, ...]] = ()
    """Who answers when it runs, which Try it simulates: `hubspot`, `function`, `calendar` …"""
    saves: ClassVar[bool] = False
    """Its point is what it saves: a run that ended well and saved nothing has shown nothing."""
    with_handoff: ClassVar[bool] = False
    """At a hand-off its effects are committed with the claim of the hand-off, or not at all."""
    needs: ClassVar[tuple[Need, ...]] = ()
    """What must exist before publishing offers `live`; the registry of checks knows the kinds."""
    promises: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Phrases that promise it, by language; what a language knows of it by itself is added."""
    outcomes: ClassVar[tuple[str, ...]] = ("done", "failed")
    schema_version: ClassVar[int] = 1

    class Config(Settings):
        """What the admin fills in."""

    class Arguments(NoArguments):
        """What the model supplies."""

    examples: ClassVar[Sequence[Example]] = ()

    def moments_for(self, channel_kind: str) -> frozenset[Moment]:
        """The moments that an agent of this kind (`voice` or `text`) may choose."""
        return self.moments if channel_kind == "voice" else self.moments - {Moment.NO_ANSWER}

    def also_at(self, config: Any) -> frozenset[Moment]:
        """Further moments at which a part of these settings acts, whatever moment was chosen."""
        return frozenset()

    def first_moment(self, channel_kind: str) -> Moment:
        """The moment of a new card."""
        return self.default_moment

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """The settings of a new card, not yet complete; `channel_kind` is `voice` or `text`."""
        return {}

    def upgrade(self, config: dict[str, Any], version: int) -> dict[str, Any]:
        """Settings that an earlier schema `version` stored, as `schema_version` has them."""
        return config

    def summary(self, config: Any, names: Names) -> str:
        """What the action does, as the end of the sentence *When … →*."""
        return self.label

    def refs(self, config: Any) -> list[str]:
        """Every reference (`person:12`) that these settings hold."""
        return list(_refs_in(config))

    def arguments(self, config: Any, names: Names) -> type[ToolArguments]:
        """The tool's arguments, narrowed to what this panel allows."""
        narrowed = {
            name: (choices.annotation(type(self).Arguments.model_fields[name].annotation), ...)
            for name, choices in self.choices(config, names).items()
        }
        if not narrowed:
            return self.Arguments
        base: Any = self.Arguments
        fields: dict[str, Any] = {}
        for name, (annotation, _) in narrowed.items():
            info = base.model_fields[name]
            fields[name] = (annotation, info)
        narrower: Any = create_model(f"{base.__name__}Narrowed", __base__=base, **fields)
        return cast("type[ToolArguments]", narrower)

    def choices(self, config: Any, names: Names) -> dict[str, Choices]:
        """Argument → the labels that this panel allows; an empty one makes it `missing_data`."""
        return {}

    def predicates(self, config: Any, when: str, names: Names) -> dict[str, str]:
        """What the judge is asked: one condition per choice that has its own, else one."""
        return {"": when} if when else {}

    def named(self, config: Any, names: Names, args: Any) -> list[str]:
        """The keys of `predicates` that these arguments name; empty means all of them."""
        keys: list[str] = []
        for name, choices in self.choices(config, names).items():
            value = getattr(args, name, None)
            labels = value if isinstance(value, list) else [value]
            keys += [choices.keys[label] for label in labels if label in choices.keys]
        return keys

    def offer(self, config: Any, names: Names, args: Any, language: Language = ENGLISH) -> str:
        """What the contact is asked to confirm, "shall I …?"; empty: there are no words for it."""
        return self.summary(config, names) if language is ENGLISH else ""

    def guidance(self, config: Any, names: Names) -> str:
        """A sentence or two for the agent's instructions while this action is enabled."""
        return ""

    def tool_name(self, config: Any, names: Names) -> str:
        """What the tool is called; of several that are called the same, each gets an addition."""
        return self.slug

    def tool_description(self, config: Any, when: str, names: Names) -> str:
        """What the model reads about the tool."""
        conditions = [text for text in self.predicates(config, when, names).values() if text]
        condition = "; ".join(dict.fromkeys(conditions))
        about = self.tool_help or self.about
        return f"Only when {condition}: {about}" if condition else about

    def unclear(self, config: Any, names: Names, heard: Heard) -> str:
        """What practice mode asks where the contact began to give something and did not end."""
        return ""

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """Arguments made by rule from what was heard, for practice mode; None: nothing to do."""
        choices = self.choices(config, names)
        made: dict[str, Any] = {}
        for name, info in self.Arguments.model_fields.items():
            if name in choices:
                picked = picked_by_rule(choices[name], heard)
                if not picked:
                    return None
                made[name] = picked if "list" in str(info.annotation) else picked[0]
            elif "None" in str(info.annotation):
                made[name] = None
            else:
                made[name] = quoted(heard)
        return made

    def reread(self, config: Any, heard: Heard) -> dict[str, Any] | None:
        """What practice mode changes where an answer chose none of what was offered."""
        return None

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """Arguments taken from the settings where no model is asked; None: not bound to it."""
        return {} if not self.Arguments.model_fields else None

    def answer_hint(self, config: Any) -> str:
        """What a tester does where it asks first, as in *choose one of the times*.

        `config` is the stored JSON.
        """
        return ""

    def sample_values(self, config: Any, names: Names) -> str:
        """What a tester says beside the words of the condition, where values are asked for."""
        return ""

    def repeats(self, args: Any) -> bool:
        """Whether a further call with other values may run in the same turn."""
        return self.many

    def is_consequential(self, config: Any, names: Names) -> bool:
        """Whether with these settings it is consequential."""
        return self.consequential

    def needs_of(self, config: Any) -> tuple[Need, ...]:
        """What these settings want before they can act for real."""
        return self.needs

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Findings about this action alone."""
        return []

    def foresee(self, ctx: Context, config: Any) -> None:
        """At a hand-off: begin what takes time while the model still decides."""

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Do it, by effects and ports only: no ORM, no vendor, no network."""
        raise ActionError(f"{self.label} cannot be run.")


def conditions(choices: Iterable[tuple[str, str]], when: str) -> dict[str, str]:
    """What is judged where choices may have conditions of their own: (reference, condition).

    A choice without one shares the action's, so that no choice rides on another one's verdict.
    """
    own: dict[str, str] = {}
    for ref, text in choices:
        own[ref] = " or ".join(filter(None, dict.fromkeys((own.get(ref, ""), text))))
    if not any(own.values()):
        return {"": when} if when else {}
    return {ref: text or when for ref, text in own.items() if text or when}


def picked_by_rule(choices: Choices, heard: Heard, shared: Collection[str] = ()) -> list[str]:
    """The labels whose condition was met, else the named one, else those that share one."""
    met = [label for label, ref in choices.keys.items() if ref in heard.evidence]
    if met:
        return met
    named = find_choice(heard.message, choices.labels, heard.language)
    if named:
        return [named.value]
    alone = len(choices.labels) == 1
    return [label for label, ref in choices.keys.items() if alone or ref in shared]


def quoted(heard: Heard, limit: int = 200) -> str:
    """The words that met the condition, else the beginning of the message."""
    first = next(iter(heard.evidence.values()), None)
    return (first.quote if first else heard.message)[:limit]


def _refs_in(value: Any) -> list[str]:
    """References inside settings, found by their field markers."""
    found: list[str] = []
    if isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
            inner = getattr(value, name)
            if extra.get("pick"):
                found += [inner] if isinstance(inner, str) and inner else []
                found += [ref for ref in inner if ref] if isinstance(inner, list | tuple) else []
            else:
                found += _refs_in(inner)
    elif isinstance(value, list | tuple):
        for item in value:
            found += _refs_in(item)
    return found
