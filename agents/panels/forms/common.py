"""What every action form asks beside its type's own settings, and the whole form together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import Any, Literal

from django.http import QueryDict

from actions import registry
from actions.base import ActionType, Moment, Repeat, Settings
from actions.fields import choice, condition, line, number, rows
from actions.guards import KINDS, Guard
from actions.languages.words import with_words
from agents.core import picks
from agents.panels.forms.check import Checked, check, plain
from agents.panels.forms.nodes import Form, Node, Place, said
from agents.panels.forms.shape import Spec, declared, register_shape
from agents.panels.forms.tree import Tree, edit, read, tree_of
from agents.panels.freeze import settings_of
from agents.panels.linter import PanelFinding
from agents.panels.models import Action
from agents.panels.references import as_uuid
from agents.panels.services import ActionDraft
from agents.panels.stored import config_of
from agents.panels.thresholds import help_for_action

MOMENTS = {
    Moment.DURING: "During the conversation",
    Moment.BEFORE_HANDOFF: "Before a hand-off",
    Moment.AFTER_END: "After the end",
    Moment.NO_ANSWER: "When nobody answers",
    Moment.IDLE: "When the contact is silent",
}
JUDGED = (Moment.DURING, Moment.BEFORE_HANDOFF, Moment.AFTER_END)
COUNTED = {
    "attempt": ("Attempt", ""),
    "silent_hours": ("For", "hours"),
    "silent_days": ("For", "days"),
}
NO_ANSWER = {
    "always": "Always",
    "not_answered": "Not answered",
    "busy": "Busy",
    "failed": "Failed",
    "machine": "A machine answered",
    "attempt": "From the n-th attempt",
}
IDLE = {"silent_hours": "Hours of silence", "silent_days": "Days of silence"}
REPEATS = {
    Repeat.EVERY_TIME: "Every time",
    Repeat.ONCE: "Once per conversation",
    Repeat.ONCE_PER_CONTACT: "Once per contact",
}
HEAD = ("moment", "when", "no_answer", "idle", "n", "only_if")


class Common(Settings):
    """When an action runs and how; the same for every type."""

    moment: str = choice("Moment", "during", labels={m.value: t for m, t in MOMENTS.items()})
    when: str = condition("When", placeholder="the caller asks about pricing or a quote")
    no_answer: str = choice("When", "always", labels=NO_ANSWER)
    idle: str = choice("When", "silent_hours", labels=IDLE)
    n: int = number("For", 1, ge=1, le=1000)
    only_if: list[Guard] = rows("Only if", add="condition", max=20)
    repeat: Literal["every_time", "once", "once_per_contact"] = choice(
        "Repeat", "every_time", labels={r.value: t for r, t in REPEATS.items()}
    )
    cool_down: int = number(
        "Pause between runs", 0, ge=0, le=1000, unit="turns", show_if={"repeat": "every_time"}
    )
    mode: Literal["live", "shadow"] = choice(
        "Mode",
        "live",
        labels={"live": "Live", "shadow": "Shadow"},
        help="Shadow: decided and recorded, nothing happens",
    )
    confirm: Literal["ask", "drop"] = choice(
        "When in doubt",
        "ask",
        labels={"ask": "Ask the contact", "drop": "Do not act"},
        help="If the agent proposes it and the judge does not agree",
    )
    threshold: int | None = number("Threshold", None, ge=50, le=100, unit="%")
    note: str = line("Note", max=500, placeholder="For your colleagues")


@lru_cache(maxsize=256)
def common_for(slug: str, voice: bool) -> type[Common]:
    """The class for one type: its fields depend on what the type allows."""
    made = type("Common", (Common,), {"__module__": __name__, "__doc__": Common.__doc__})
    register_shape(made, partial(_common_shape, slug, voice))
    return made


def legal_moments(kind: ActionType, voice: bool) -> list[Moment]:
    """The moments that a form offers."""
    return [m for m in Moment if m in kind.moments_for("voice" if voice else "text")]


def _common_shape(slug: str, voice: bool, value: Mapping[str, Any]) -> Sequence[Spec]:
    kind = registry.get(slug)
    legal = legal_moments(kind, voice) if kind else []
    known = {spec.name: spec for spec in declared(Common)}
    moment = value.get("moment") or (legal[0].value if legal else "")
    event = value.get("no_answer" if moment == Moment.NO_ANSWER else "idle", "")
    hidden = {
        "moment": len(legal) < 2,
        "when": moment not in JUDGED,
        "no_answer": moment != Moment.NO_ANSWER,
        "idle": moment != Moment.IDLE,
        "n": moment in JUDGED or event not in COUNTED,
        "confirm": not (kind and (kind.consequential or kind.may_be_consequential)),
        "threshold": moment not in JUDGED,
    }
    label, unit = COUNTED.get(event, ("For", ""))
    changes: dict[str, dict[str, Any]] = {
        "moment": {"options": tuple((m.value, MOMENTS[m]) for m in legal), "redraw": True},
        "no_answer": {"redraw": True},
        "idle": {"redraw": True},
        "n": {"label": label, "unit": unit},
        "when": {"placeholder": (kind.when_hint if kind else "") or known["when"].placeholder},
    }
    return [
        replace(spec, hidden=hidden.get(name, False), **changes.get(name, {}))
        for name, spec in known.items()
    ]


def _guard_shape(value: Mapping[str, Any]) -> Sequence[Spec]:
    """A condition shows the parts that its kind uses."""
    known = {spec.name: spec for spec in declared(Guard)}
    offered = (("", "Pick a condition"), *((kind.slug, kind.label) for kind in KINDS.values()))
    found = [Spec("kind", "Condition", "choice", options=offered, redraw=True)]
    kind = KINDS.get(str(value.get("kind", "")))
    for name in kind.uses if kind else ():
        spec = known[name]
        if name == "ref" and kind:
            spec = replace(spec, kinds=kind.picks, redraw="action" in kind.picks)
        elif name == "value" and kind:
            options = kind.options or _outcomes(str(value.get("ref", "")), kind.picks)
            if options:
                spec = Spec("value", "Value", "choice", options=options, default=options[0][0])
            elif not options and kind.slug == "said":
                spec = replace(spec, placeholder="price, quote, cost")
        found.append(spec)
    return found


def _outcomes(ref: str, kinds: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """How the action that a condition waits for may end."""
    if "action" not in kinds:
        return ()
    uid = as_uuid(picks.split(ref)[1])
    row = Action.objects.filter(uid=uid).first() if uid else None
    kind = registry.get(row.type) if row else None
    names = kind.outcomes if kind else ActionType.outcomes
    return tuple((name, name.replace("_", " ")) for name in names)


register_shape(Guard, _guard_shape)


@dataclass
class ActionForm:
    """The form of one action: the common part and the type's own."""

    action: Action
    kind: ActionType
    place: Place
    common: Checked
    config: Checked
    voice: bool = True
    notices: list[PanelFinding] = field(default_factory=list)
    seen: str = ""
    """The revision that the page shows; empty: the newest."""
    unsaved: bool = False
    """Whether this is not stored."""
    apart: Any = None
    """What somebody else stored meanwhile, and who."""
    typed: tuple[Tree, Tree] = ({}, {})
    """Both parts as they were posted, empty rows too."""

    @classmethod
    def stored(cls, action: Action, kind: ActionType, place: Place) -> ActionForm:
        """From the row; an incomplete one shows what is missing."""
        voice = action.panel.agent.kind == "voice"
        model = common_for(kind.slug, voice)
        common = Checked(tree_of(model, stored_common(action)))
        language = str(action.panel.agent.settings.get("language") or "en")
        held = with_words(kind.Config, config_of(action), language)
        config = check(kind.Config, tree_of(kind.Config, held))
        return cls(action, kind, place, common, config, voice)

    @classmethod
    def posted(cls, action: Action, kind: ActionType, place: Place, data: QueryDict) -> ActionForm:
        """From what was posted."""
        voice = action.panel.agent.kind == "voice"
        model = common_for(kind.slug, voice)
        common, config = read(model, data, "common"), read(kind.Config, data, "config")
        if not common.get("moment"):
            common["moment"] = legal_moments(kind, voice)[0].value
        made = cls(action, kind, place, check(model, common), check(kind.Config, config), voice)
        _check_common(made.common, kind, voice)
        made.typed = common, config
        return made

    def edit(self, op: str) -> None:
        """A row more, and rows that are not filled in yet stay; errors are said field by field."""
        self.common.tree, self.config.tree = self.typed
        _ = self.said  # before they are forgiven
        self.forgive()
        part, _, rest = op.partition(":")
        where, _, path = rest.partition(".")
        if part == "add" and where == "common":
            edit(common_for(self.kind.slug, self.voice), self.common.tree, f"add:{path}")
        elif part == "add":
            edit(self.kind.Config, self.config.tree, f"add:{path}")

    @cached_property
    def said(self) -> dict[str, str]:
        """What is wrong or lacking, by the id of the field."""
        return said([*self._common_nodes(), *self.own])

    def explain(self, findings: Iterable[PanelFinding]) -> None:
        """Put each finding of the linter at its field; the rest stands above the form."""
        for finding in findings:
            part, *rest = finding.loc or ("",)
            checked = self.config if part == "config" else self.common
            loc = tuple(rest) if part == "config" else finding.loc
            if loc and finding.level == "error" and not finding.edit:
                checked.errors.setdefault(loc, finding.text)
            elif finding.text not in checked.errors.values():
                self.notices.append(finding)

    def forgive(self) -> None:
        """Say nothing yet about what is not filled in."""
        self.common.errors.clear()
        self.config.errors.clear()

    @property
    def revision(self) -> str:
        """The state of the action that the page was drawn from."""
        return self.seen or str(self.action.revision)

    @property
    def key(self) -> str:
        """What the ids of its parts end with."""
        return str(self.action.uid)

    @property
    def now(self) -> str:
        """The state of the action that is stored."""
        return str(self.action.revision)

    @property
    def blocked(self) -> bool:
        """Something wrong was typed: nothing is stored."""
        return self.wrong > 0 or self.common.value is None

    @property
    def wrong(self) -> int:
        """How much is to be corrected before it can be stored."""
        return len(self.common.wrong) + len(self.config.wrong)

    @property
    def incomplete(self) -> int:
        """How much is still to be filled in."""
        return len(self.common.errors) + len(self.config.errors)

    def draft(self) -> ActionDraft:
        """What is stored."""
        value: Common = self.common.value
        config = (
            self.config.value.model_dump(mode="json")
            if self.config.value is not None
            else plain(self.kind.Config, self.config.tree)
        )
        return ActionDraft(
            when=value.when,
            moment=value.moment,
            event=_event(value),
            only_if=[guard.model_dump(mode="json") for guard in value.only_if],
            repeat=value.repeat,
            cool_down=value.cool_down,
            mode=value.mode,
            confirm=value.confirm,
            threshold=value.threshold / 100 if value.threshold else None,
            note=value.note,
            config=config,
        )

    def _common_nodes(self) -> list[Node]:
        model = common_for(self.kind.slug, self.voice)
        return Form(model, self.common.tree, self.place, self.common.errors, "common").nodes()

    @property
    def head(self) -> list[Node]:
        """When and only if."""
        return [node for node in self._common_nodes() if node.spec.name in HEAD]

    @property
    def more(self) -> list[Node]:
        """How often, in which mode, how sure."""
        nodes = [node for node in self._common_nodes() if node.spec.name not in HEAD]
        for node in nodes:
            if node.spec.name == "threshold":
                node.spec = replace(node.spec, help=self._threshold_help)
        return nodes

    @cached_property
    def _threshold_help(self) -> str:
        return help_for_action(settings_of(self.action.panel).threshold)

    @property
    def more_open(self) -> bool:
        """Whether there is an error among them."""
        return any(node.error for node in self.more)

    @property
    def own(self) -> list[Node]:
        """The type's settings."""
        return self._own().nodes()

    @property
    def general_error(self) -> str:
        """What is wrong with the type's settings as a whole."""
        return self._own().general_error

    def _own(self) -> Form:
        above = {"common.moment": self.common.tree.get("moment", "")}
        tree, errors = self.config.tree, self.config.errors
        return Form(self.kind.Config, tree, self.place, errors, "config", above)


def stored_common(action: Action) -> Tree:
    """The common part of a stored action, as the form asks it."""
    event = action.event or {}
    kind = event.get("kind", "always")
    return {
        "moment": action.moment,
        "when": action.when,
        "no_answer": kind if kind in NO_ANSWER else "always",
        "idle": kind if kind in IDLE else "silent_hours",
        "n": event.get("n", 1),
        "only_if": action.only_if,
        "repeat": action.repeat,
        "cool_down": action.cool_down,
        "mode": action.mode,
        "confirm": action.confirm,
        "threshold": round(action.threshold * 100) if action.threshold else "",
        "note": action.note,
    }


def _event(value: Common) -> dict[str, Any]:
    if value.moment == Moment.NO_ANSWER:
        return {"kind": value.no_answer, "n": value.n}
    if value.moment == Moment.IDLE:
        return {"kind": value.idle, "n": value.n}
    return {}


def _check_common(checked: Checked, kind: ActionType, voice: bool) -> None:
    """What depends on the type: the moment, and what each condition needs."""
    if checked.tree.get("moment") not in {m.value for m in legal_moments(kind, voice)}:
        checked.errors[("moment",)] = "It cannot run at this moment."
        checked.wrong.add(("moment",))
    for index, row in enumerate(checked.tree.get("only_if", [])):
        guard = KINDS.get(row.get("kind", ""))
        if guard is None:
            checked.errors[("only_if", index, "kind")] = "Pick a condition."
            continue
        for name in ("ref", "value"):
            if name in guard.uses and not row.get(name):
                checked.errors.setdefault(("only_if", index, name), "Fill this in.")
