"""An agent's settings in sections: what each asks, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings as django_settings
from pydantic import BaseModel

from actions.languages import LANGUAGES as OFFERED
from agents.panels.forms import Checked, Form, check
from agents.panels.forms.check import Errors, Loc
from agents.panels.forms.nodes import Node
from agents.panels.forms.shape import Spec, specs
from agents.panels.forms.tree import Tree
from agents.panels.schema import AgentSettings
from agents.panels.thresholds import help_for_agent

VOICE, TEXT = "voice", "text"
DIFFERENT = {
    VOICE: {"outside_call": ("transfer", "message", "end")},
    TEXT: {"outside_thread": ("go_on", "quiet")},
}


@dataclass(frozen=True)
class Section:
    """Some of the settings, saved together; `only` says which fields one kind of agent has."""

    slug: str
    label: str
    icon: str
    about: str
    fields: tuple[str, ...]

    def asked(self, kind: str) -> list[str]:
        """The fields that this kind of agent has."""
        return [name for name in self.fields if ONLY.get(name, kind) == kind]


ONLY = {
    "greeting_out": VOICE,
    "voice": VOICE,
    "outside_call": VOICE,
    "outside_ref": VOICE,
    "outside_inbox": VOICE,
    "outside_thread": TEXT,
    "max_minutes": VOICE,
    "closes_after_hours": TEXT,
    "filler_words": VOICE,
}
SECTIONS = (
    Section(
        "greeting", "Name and greeting", "message-circle",
        "The first words of a conversation, and that an AI speaks.",
        ("greeting", "greeting_out", "disclose", "disclosure", "business"),
    ),
    Section(
        "language", "Language", "globe",
        "The language of the agent’s own sentences, and the one it answers in.",
        ("language", "answers_in", "voice"),
    ),
    Section(
        "hours", "Business hours", "clock",
        "When you are open, and what happens outside these hours.",
        ("hours", "outside_call", "outside_thread", "outside_words", "outside_ref",
         "outside_inbox"),
    ),
    Section(
        "models", "Models and judging", "sliders-horizontal",
        "Which model does what, and how sure the judge must be.",
        ("chat_model", "judge_model", "analysis_model", "analysis", "threshold",
         "careful_speech"),
    ),
    Section(
        "limits", "Limits", "gauge",
        "What one agent may use; the words are said when a limit is reached.",
        ("tokens_a_day", "max_turns", "max_minutes", "closes_after_hours", "cap_words"),
    ),
    Section(
        "fallback", "When something fails", "shield",
        "What the contact hears instead of silence, and who takes over.",
        ("fallback_words", "fallback_ref", "filler_words", "cannot_words", "opt_out_words"),
    ),
)  # fmt: skip
BY_SLUG = {section.slug: section for section in SECTIONS}


@dataclass
class SectionForm(Form):
    """The fields of one section for one kind of agent."""

    section: Section = SECTIONS[0]
    kind: str = VOICE

    def _nodes(self, model: type[BaseModel], tree: Tree, path: str, loc: Loc) -> list[Node]:
        if loc:
            return super()._nodes(model, tree, path, loc)
        wanted = self.section.asked(self.kind)
        return [self._node(self._fitted(spec), tree, path, loc) for spec in _in(wanted)]

    def _fitted(self, spec: Spec) -> Spec:
        if spec.name == "language":
            kept = (*OFFERED, self.tree.get("language"))
            return replace(spec, options=tuple(o for o in spec.options if o[0] in kept))
        if spec.name == "outside_words":
            return replace(spec, show_if=DIFFERENT[self.kind])
        if spec.name == "fallback_ref" and self.kind == TEXT:
            return replace(spec, kinds=("inbox",))
        if spec.name == "threshold":
            return replace(spec, help=help_for_agent())
        return spec


def _in(wanted: Sequence[str]) -> list[Spec]:
    by_name = {spec.name: spec for spec in specs(AgentSettings)}
    return [by_name[name] for name in wanted]


def check_section(section: Section, kind: str, tree: Tree) -> Checked:
    """What is wrong with a section; what another one holds is not looked at."""
    found = check(AgentSettings, tree)
    asked = section.asked(kind)
    found.errors = {loc: text for loc, text in found.errors.items() if loc and loc[0] in asked}
    if found.value is not None:
        for loc, text in _lacking(found.value, kind).items():
            if loc[0] in asked:
                found.errors.setdefault(loc, text)
    return found


def question(section: Section, settings: AgentSettings) -> str:
    """What a section asks until it is answered."""
    if "language" in section.fields and (name := settings.stood_in_for):
        return f"There are no sentences in {name} yet: what the agent says by itself is English."
    if "hours" not in section.fields or settings.hours.zone:
        return ""
    site = django_settings.TIME_ZONE.replace("_", " ")
    return f"Which time zone are you in? Until you choose one, the site’s is used: {site}."


def _lacking(settings: AgentSettings, kind: str) -> Errors:
    """What the choices ask for and is not filled in."""
    wish: Any = settings.outside_call if kind == VOICE else settings.outside_thread
    found: Errors = {}
    if wish == "answer":
        return found
    if not settings.outside_words:
        found[("outside_words",)] = "Fill this in."
    if not settings.hours.known:
        found[("hours", "monday")] = "Without hours you are always open. Fill in at least one day."
    if kind == VOICE and settings.leaves_to == "":
        name = "outside_ref" if wish == "transfer" else "outside_inbox"
        found[(name,)] = "Pick where the call goes."
    return found
