"""What is wrong or doubtful on a panel, action by action and in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from pydantic import ValidationError

from actions import registry
from actions.base import ActionType, Event, Moment, Names
from actions.disclosure import names_ai
from actions.guards import KINDS, Guard, never_true
from actions.stored import known_part
from actions.variables import VARIABLES, UnknownVariable, parse
from agents.contacts.variables import property_variables
from agents.core import picks
from agents.core.picks import ANYBODY
from agents.panels.forms.check import Loc, check, walk
from agents.panels.forms.tree import tree_of
from agents.panels.freeze import names_of, refs_of, settings_of
from agents.panels.misplaced import PLACES, belongs_to
from agents.panels.models import Action, Agent, InstructionPanel
from agents.panels.schema import AgentSettings
from agents.panels.stored import config_of

EVENTS: dict[str, tuple[str, ...]] = {
    Moment.NO_ANSWER: ("not_answered", "busy", "failed", "machine", "attempt"),
    Moment.IDLE: ("silent_hours", "silent_days"),
}
NOTE = "summarize_note"  # the type whose prompt a hand-off's summary follows


@dataclass(frozen=True)
class Fix:
    """A finding's remedy: the word on the button, and the place or the moment of the action."""

    label: str
    uid: str
    to: int = 0
    moment: str = ""


@dataclass(frozen=True)
class EditLink:
    """What is to be mended in the library: its name, and the address of its form."""

    label: str
    url: str


@dataclass(frozen=True)
class PanelFinding:
    """One finding; `uid` is empty where it is about the whole panel.

    `settings` names the section of the agent's settings that it is about.
    """

    level: str
    text: str
    uid: str = ""
    loc: tuple[str | int, ...] = ()
    fix: Fix | None = None
    settings: str = ""
    edit: EditLink | None = None


@dataclass
class Read:
    """An action with its type and its settings, as far as they are valid."""

    row: Action
    kind: ActionType | None
    names: Names
    config: Any = None
    errors: dict[tuple[str | int, ...], str] = field(default_factory=dict)
    guards: list[Guard] = field(default_factory=list)

    @property
    def uid(self) -> str:
        """As text."""
        return str(self.row.uid)

    @property
    def label(self) -> str:
        """What people call it."""
        return self.kind.label if self.kind else self.row.type

    @property
    def predicates(self) -> dict[str, str]:
        """The conditions that are judged."""
        if self.kind is None or self.config is None:
            return {"": self.row.when} if self.row.when else {}
        found = self.kind.predicates(self.config, self.row.when, self.names)
        return {key: text for key, text in found.items() if text}


def read_actions(panel: InstructionPanel) -> list[Read]:
    """Every action of the panel, read once."""
    rows = list(panel.actions.all())
    names = names_of(rows, settings_of(panel))
    return [read_action(row, names) for row in rows]


def read_action(row: Action, names: Names) -> Read:
    """One action."""
    made = Read(row, registry.get(row.type), names)
    if made.kind is not None:
        found = check(made.kind.Config, tree_of(made.kind.Config, config_of(row)), names)
        made.config, made.errors = found.value, found.errors
    for stored in row.only_if:
        try:
            made.guards.append(Guard.model_validate(known_part(Guard, stored)))
        except ValidationError:
            made.guards.append(Guard())
    return made


def lint(panel: InstructionPanel, reads: list[Read] | None = None) -> list[PanelFinding]:
    """All findings in the order of the list; a disabled action cannot block."""
    reads = read_actions(panel) if reads is None else reads
    active = [read for read in reads if read.row.enabled]
    found = [finding for read in active for finding in _alone(read, panel.agent, reads)]
    found += _picked(active, panel.agent)
    found += _together(active)
    found += [*_settings(panel), *_greetings(panel)]
    if not panel.instructions.strip():
        found.append(PanelFinding("warning", "There are no instructions yet."))
    return found


def _greetings(panel: InstructionPanel) -> Iterator[PanelFinding]:
    """First words that cannot be filled, or do not say that an AI speaks although they should."""
    settings, call = settings_of(panel), panel.agent.kind == Agent.Kind.VOICE
    first = {"the greeting": settings.greeting}
    if call:
        first["the greeting of outgoing calls"] = settings.greeting_out or settings.greeting
        try:
            parse(settings.greeting_out, {**VARIABLES, **property_variables()})
        except UnknownVariable as error:
            text = f"Settings: the greeting of outgoing calls. {error.sentence}"
            yield PanelFinding("error", text, settings="greeting")
    silent = [
        name
        for name, words in first.items()
        if settings.disclose and not names_ai(settings.opening(words), settings.language)
    ]
    if silent:
        text = f"Settings: {' and '.join(silent)} must say that an AI speaks. Complete the words."
        yield PanelFinding("warning", text, settings="greeting")


def edit_link(ref: str) -> EditLink | None:
    """The way to the form of something in the library."""
    label = picks.labels([ref]).get(ref, "") if ref else ""
    url = f"{reverse('routing:pick_edit')}?{urlencode({'ref': ref})}"
    return EditLink(label, url) if label else None


def _settings(panel: InstructionPanel) -> Iterator[PanelFinding]:
    """What the agent's settings lack."""
    settings, call = settings_of(panel), panel.agent.kind == Agent.Kind.VOICE
    if name := settings.stood_in_for:
        text = f"Settings: the agent’s own sentences are English; there are none in {name} yet."
        yield PanelFinding("warning", text, settings="language")
    if settings.fallback_ref and not picks.exists(settings.fallback_ref):
        text = "Settings: the fallback destination was deleted."
        yield PanelFinding("error", text, settings="fallback")
    if call and settings.leaves_to is not None and not picks.exists(settings.leaves_to):
        what = "was deleted" if settings.leaves_to else "is not picked"
        text = f"Settings: the destination outside business hours {what}."
        yield PanelFinding("error", text, settings="hours")
    yield from _unreached(settings, panel.agent)
    differs = (settings.outside_call if call else settings.outside_thread) != "answer"
    if differs and not settings.hours.known:
        text = "Settings: without business hours the agent is always open."
        yield PanelFinding("warning", text, settings="hours")
    if settings.hours.known and not settings.hours.zone:
        text = "Settings: the business hours have no time zone. Choose one."
        yield PanelFinding("warning", text, settings="hours")


def _unreached(settings: AgentSettings, agent: Agent) -> Iterator[PanelFinding]:
    """Whom the settings send a call to and it does not reach."""
    if agent.kind != Agent.Kind.VOICE:
        return
    sections = {settings.fallback_ref: "fallback", settings.leaves_to or "": "hours"}
    wanted = {ref: ".call:".join(picks.split(ref)) for ref in sections if ref}
    troubles = picks.troubles(wanted.values(), agent.uuid)
    for ref, want in wanted.items():
        if trouble := troubles.get(want):
            text, edit = f"Settings: {trouble.text}", edit_link(trouble.mend)
            yield PanelFinding(trouble.level, text, settings=sections[ref], edit=edit)


def _alone(read: Read, agent: Agent, reads: list[Read]) -> Iterator[PanelFinding]:
    if read.kind is None:
        yield PanelFinding(
            "error", f"The action type “{read.row.type}” is not installed.", read.uid
        )
        return
    if not any((channel == "voice") == (agent.kind == "voice") for channel in read.kind.channels):
        where = "voice agents" if agent.kind == "text" else "text agents"
        yield PanelFinding("error", f"{read.label} works for {where} only.", read.uid)
    if read.row.moment not in {moment.value for moment in read.kind.moments_for(agent.kind)}:
        yield PanelFinding("error", "It cannot run at this moment.", read.uid, ("moment",))
    for loc, text in read.errors.items():
        yield PanelFinding("error", f"{_named(read, loc)}{text}", read.uid, ("config", *loc))
    if read.config is not None:
        for item in read.kind.lint(read.config, read.row.when):
            yield PanelFinding(item.level, item.text, read.uid, ("config", *item.loc))
        yield from _condition(read)
        yield from _elsewhere(read, agent)
    yield from _guards(read, reads)
    if why := _never(read, agent, reads):
        yield PanelFinding(
            "error", f"Only if: this can never be true. {why}", read.uid, ("only_if",)
        )


def _named(read: Read, loc: tuple[str | int, ...]) -> str:
    """The label of the field that an error belongs to."""
    fields = read.kind.Config.model_fields if read.kind else {}
    info = fields.get(str(loc[0])) if loc else None
    return f"{info.title}: " if info is not None and info.title else ""


def _elsewhere(read: Read, agent: Agent) -> Iterator[PanelFinding]:
    if found := belongs_to(read.row, agent.kind):
        place = PLACES[found.moment]
        text = f"“{read.row.when}” is an event, not something said. Let the action run {place}."
        fix = Fix("Move it", read.uid, moment=found.moment.value)
        yield PanelFinding("warning", text, read.uid, ("when",), fix=fix)


def deciding(read: Read) -> str:
    """Which condition decides where choices have some: their `own`, or `both`; `idle`: the main
    one is there and decides nothing.
    """
    texts = [text for key, text in read.predicates.items() if key]
    if not texts or all(text == read.row.when for text in texts):
        return ""
    if not read.row.when:
        return "own"
    return "both" if read.row.when in texts else "idle"


def _condition(read: Read) -> Iterator[PanelFinding]:
    if deciding(read) == "idle":
        text = (
            "Every choice has a condition of its own, so the one above decides nothing. Clear it."
        )
        yield PanelFinding("warning", text, read.uid, ("when",))
    chained = any(guard.kind == "ended_with" for guard in read.guards)
    if read.row.moment == Moment.DURING and not read.predicates and not chained:
        yield PanelFinding("error", "Say when it should happen.", read.uid, ("when",))
    if read.kind is not None and read.row.moment in EVENTS and _unbound(read, read.kind):
        yield PanelFinding("warning", "Its settings do not cover this event.", read.uid)


def _unbound(read: Read, kind: ActionType) -> bool:
    """Whether the type finds nothing to do on any event of its moment."""
    events = (Event(event, attempt=1000, silent_hours=1e6) for event in EVENTS[read.row.moment])
    return all(kind.event_arguments(read.config, read.names, event) is None for event in events)


def _guards(read: Read, reads: list[Read]) -> Iterator[PanelFinding]:
    uids = {other.uid for other in reads}
    for guard in read.guards:
        kind = KINDS.get(guard.kind)
        if kind is None:
            yield PanelFinding("error", "Only if: pick a condition.", read.uid, ("only_if",))
        elif "ref" in kind.uses and "action" in kind.picks:
            if picks.split(guard.ref)[1] not in uids:
                yield PanelFinding(
                    "error", "Only if: it waits for an action that is not on this panel.",
                    read.uid, ("only_if",),
                )  # fmt: skip
        elif "ref" in kind.uses and not picks.exists(guard.ref):
            text = "Only if: what it looks at was deleted." if guard.ref else "Only if: pick one."
            yield PanelFinding("error", text, read.uid, ("only_if",))
        elif "value" in kind.uses and not guard.value:
            yield PanelFinding("error", "Only if: fill in the words.", read.uid, ("only_if",))


def _picked(active: list[Read], agent: Agent) -> Iterator[PanelFinding]:
    """What the rooms say about their rows that are picked here."""
    refs: dict[str, dict[str, Loc]] = {
        read.uid: {**dict.fromkeys(refs_of(read.row), ()), **dict(_wanted(read))} for read in active
    }
    troubles = picks.troubles((ref for each in refs.values() for ref in each), agent.uuid)
    for read in active:
        for ref, loc in refs[read.uid].items():
            if trouble := troubles.get(ref):
                edit = edit_link(trouble.mend)
                yield PanelFinding(trouble.level, trouble.text, read.uid, loc, edit=edit)


def _wanted(read: Read) -> Iterator[tuple[str, Loc]]:
    """What picks must have to be of use, as the rooms register it: `person.extension:12`."""
    if read.kind is None:
        return
    model = read.kind.Config
    for loc, spec, value, _ in walk(model, tree_of(model, config_of(read.row))):
        refs = value if isinstance(value, list) else [value] if value else []
        if spec.widget == "picks" and not refs:
            refs = [f"{spec.kinds[0]}:{ANYBODY}"]
        for want in spec.wants:
            for kind, key in map(picks.split, refs):
                yield f"{kind}.{want}:{key}", ("config", *loc)


def _never(read: Read, agent: Agent, reads: list[Read]) -> str:
    """Why its *only if* can never hold, empty where it can."""
    channels = ("voice",) if agent.kind == "voice" else ("sms", "chat")
    others = {other.uid: other for other in reads}
    for guard in read.guards:
        other = others.get(picks.split(guard.ref)[1]) if guard.kind == "ended_with" else None
        if other is None or other.kind is None:
            continue
        if other.uid == read.uid:
            return "It waits for itself."
        if not other.row.enabled:
            return f"“{other.label}” is disabled."
        if guard.value not in other.kind.outcomes:
            return f"“{other.label}” never ends with “{guard.value}”."
        if other.row.moment == Moment.AFTER_END and read.row.moment != Moment.AFTER_END:
            return f"“{other.label}” comes only after the end."
    return never_true(read.guards, channels)


def _together(active: list[Read]) -> Iterator[PanelFinding]:
    during = [read for read in active if read.row.moment == Moment.DURING and read.kind]
    yield from _after_ending(during)
    yield from _same_conditions(during)
    yield from _tickets_without_summary(active)


def _after_ending(during: list[Read]) -> Iterator[PanelFinding]:
    """Something that runs before an ending but stands behind it in the list."""
    first = next((read for read in during if read.kind and read.kind.ends), None)
    if first is None:
        return
    for read in during[during.index(first) + 1 :]:
        if read.kind and not read.kind.ends and not read.kind.speaks:
            yield PanelFinding(
                "warning",
                f"“{read.label}” comes after “{first.label}”. It will still run before the "
                "conversation ends; move it up so that the list shows the real order.",
                read.uid,
                fix=Fix("Move up", read.uid, first.row.position),
            )


def _same_conditions(during: list[Read]) -> Iterator[PanelFinding]:
    seen: dict[tuple[str, bool], Read] = {}
    for read in during:
        when = " ".join(read.row.when.casefold().split())
        if not when or read.row.only_if:
            continue
        ends = bool(read.kind and read.kind.ends)
        key = (when if ends else f"{read.row.type} {when}", ends)
        if other := seen.get(key):
            text = (
                f"“{read.label}” and “{other.label}” end the conversation on the same condition; "
                "only the first will run."
                if ends
                else f"“{read.label}” is listed twice with the same condition."
            )
            yield PanelFinding("warning", text, read.uid, ("when",))
        seen.setdefault(key, read)


def _tickets_without_summary(active: list[Read]) -> Iterator[PanelFinding]:
    """A hand-off that leaves without anybody having written down what it is about."""
    leaves = [read for read in active if read.kind and read.kind.with_handoff]
    noted = any(read.row.type == NOTE for read in active)
    if leaves and not noted:
        yield PanelFinding(
            "warning",
            f"“{leaves[0].label}” has no summary. Add “Summarize conversation as note”, or the "
            "last words are passed on as they were said.",
            leaves[0].uid,
        )
