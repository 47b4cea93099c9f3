"""What the templates draw: fields with name, id, value, choices and error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from pydantic import BaseModel

from actions import variables
from actions.segments import Segments, segments
from agents.core import picks
from agents.panels.forms.check import Errors, Loc, parent_of
from agents.panels.forms.shape import COMPACT, Spec, deciding, shown, specs, variables_for
from agents.panels.forms.tree import Tree, blank_row

SEGMENTED = 3  # choices with more values become a select
SEARCHED = 20  # a select with more choices is searched
WIDE = 40  # letters of all labels that still fit side by side


@dataclass(frozen=True)
class Place:
    """Where a form stands: a prefix for its ids, its panel, the address that draws it again."""

    prefix: str
    url: str = ""
    panel: int | None = None
    lists: dict[tuple[str, str], list[picks.Option]] = field(default_factory=dict)

    def options(self, slug: str, parent: str) -> list[picks.Option]:
        """The choices of a kind, looked up once per form."""
        key = (slug, parent)
        if key not in self.lists:
            self.lists[key] = picks.options(slug, picks.Within(self.panel, parent))
        return self.lists[key]


@dataclass(frozen=True)
class Choice:
    """One choice of a list."""

    value: str
    label: str
    selected: bool
    hint: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Group:
    """Choices under one heading."""

    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Preview:
    """A template filled with samples."""

    text: str = ""
    error: str = ""
    size: Segments | None = None


@dataclass
class RowNode:
    """One row of a list."""

    id: str
    nodes: list[Node]
    compact: bool
    label: str
    alike: bool = False
    """Its fields are those of the first row: one heading serves both."""


@dataclass
class Node:
    """One field, ready to be drawn."""

    spec: Spec
    path: str
    id: str
    value: Any
    url: str
    preview: Preview | None = None
    error: str = ""
    hidden: bool = False
    focused: bool = False
    labelled: bool = True
    compact: bool = False
    groups: list[Group] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    rows: list[RowNode] = field(default_factory=list)
    create_url: str = ""
    makers: str = ""
    """JSON: what can be made in place, each with its word and the address of its form."""
    edit_url: str = ""

    @property
    def shown_when(self) -> str:
        """JSON for the browser: the fields that decide whether this one applies."""
        parent = self.path.rpartition(".")[0]
        wanted = deciding(self.spec.show_if)
        named = {name if "." in name else f"{parent}.{name}": v for name, v in wanted.items()}
        return json.dumps(named) if named else ""

    @property
    def template(self) -> str:
        """The part that draws the control."""
        return f"panels/forms/{self.spec.widget}.html"

    @property
    def grouped(self) -> bool:
        """Whether the label stands over several controls."""
        return self.spec.widget in ("rows", "group", "switch") or self.segmented

    @property
    def segmented(self) -> bool:
        """A choice drawn as segments instead of a list."""
        if self.spec.widget != "choice" or self.compact:
            return False
        labels = [choice.label for choice in self.choices]
        return len(labels) <= SEGMENTED and len("".join(labels)) <= WIDE

    @property
    def searched(self) -> bool:
        """Whether there are so many choices that one types to find one."""
        return len(self.choices) > SEARCHED

    @property
    def described(self) -> str:
        """The ids of help and error, for the control."""
        ids = [f"{self.id}-error"] if self.error else []
        return " ".join(ids + ([f"{self.id}-help"] if self.spec.help and self.labelled else []))

    @property
    def preview_query(self) -> str:
        """How the preview is asked for: the field, and the list that its slots come from."""
        asked = {"field": self.path, "sms": "1" if self.spec.sms else ""}
        if self.spec.slots:
            asked["slots"] = f"{self.path.rpartition('.')[0]}.{self.spec.slots}"
        return urlencode(asked)

    @property
    def whole(self) -> bool:
        """Whether the field takes the whole width of a row."""
        return self.spec.widget in ("words", "template", "rows", "picks", "group", "condition")


@dataclass
class Form:
    """A class, what is filled in, and what is wrong with it."""

    model: type[BaseModel]
    tree: Tree
    place: Place
    errors: Errors = field(default_factory=dict)
    path: str = "settings"
    above: Mapping[str, str] = field(default_factory=dict)
    """Fields outside it on which some of its fields hang, by name."""

    def nodes(self) -> list[Node]:
        """The fields; a dialog begins at the first, or at what is to be corrected."""
        made = self._nodes(self.model, self.tree, self.path, ())
        for node in sorted(made, key=lambda node: not node.error)[:1]:
            node.focused = True
        return made

    def node(self, name: str) -> Node | None:
        """One field by name."""
        return next((node for node in self.nodes() if node.spec.name == name), None)

    @property
    def general_error(self) -> str:
        """What is wrong with the whole."""
        return self.errors.get((), "")

    def _nodes(self, model: type[BaseModel], tree: Tree, path: str, loc: Loc) -> list[Node]:
        return [self._node(spec, tree, path, loc) for spec in specs(model, tree)]

    def _node(self, spec: Spec, tree: Tree, path: str, loc: Loc) -> Node:
        here, name = (*loc, spec.name), f"{path}.{spec.name}"
        error = self.errors.get(here, "")
        node = Node(
            spec=spec,
            path=name,
            id=f"{self.place.prefix}-{name.replace('.', '-')}",
            value=tree.get(spec.name, ""),
            url=self.place.url,
            error=error,
            hidden=not error and (spec.hidden or not shown(spec.show_if, tree, self.above)),
        )
        if spec.kinds:
            self._pick(node, tree)
        elif spec.options:
            node.choices = [Choice(v, label, v == node.value) for v, label in spec.options]
            if node.searched and node.value not in dict(spec.options):
                node.choices.append(Choice(node.value, node.value, True, "", True))
        if spec.widget == "template":
            text = str(node.value)
            node.preview = preview(text, variables_for(spec, text, tree), sms=spec.sms)
        if spec.widget == "group" and spec.row is not None:
            node.children = self._nodes(spec.row, node.value, name, here)
        elif spec.widget == "rows":
            node.rows = self._rows(node, here)
        return node

    def _rows(self, node: Node, loc: Loc) -> list[RowNode]:
        spec = node.spec
        assert spec.row is not None  # noqa: S101 - rows always have their class
        rows = node.value or [blank_row(spec) for _ in range(max(spec.least, spec.blank))]
        made: list[RowNode] = []
        for index, row in enumerate(rows):
            nodes = self._nodes(spec.row, row, f"{node.path}.{row['id']}", (*loc, index))
            compact = _compact(nodes)
            for inner in nodes:
                inner.labelled, inner.compact = not compact, True
            whole = self.errors.get((*loc, index), "")
            if whole and nodes and not nodes[0].error:
                nodes[0].error = whole
            alike = compact and _columns(nodes) == _columns(made[0].nodes if made else nodes)
            made.append(RowNode(row["id"], nodes, compact, f"{spec.add} {index + 1}", alike))
        return made

    def _pick(self, node: Node, siblings: Mapping[str, Any]) -> None:
        many = node.spec.widget == "picks"
        value: list[str] = node.value if many else [node.value] if node.value else []
        offered: set[str] = set()
        for slug in node.spec.kinds:
            kind = picks.kind(slug)
            options = self.place.options(slug, parent_of(slug, siblings))
            choices = [Choice(o.ref, o.label, o.ref in value, o.hint) for o in options]
            offered |= {choice.value for choice in choices}
            if kind and choices:
                node.groups.append(Group(kind.group, choices))
        gone = [ref for ref in value if ref not in offered]
        labels = picks.labels(gone)
        rest = [Choice(ref, labels.get(ref) or _missing(ref), True, "", ref not in labels)
                for ref in gone]  # fmt: skip
        if rest:
            node.groups.append(Group("Picked", rest))
        _creation(node)


def said(nodes: Sequence[Node]) -> dict[str, str]:
    """What is wrong or lacking, by the id of its field."""
    found: dict[str, str] = {}
    for node in nodes:
        if node.error:
            found[node.id] = node.error
        for inner in (node.children, *(row.nodes for row in node.rows)):
            found |= said(inner)
    return found


def _compact(nodes: list[Node]) -> bool:
    asked = [node for node in nodes if not node.hidden]
    small = all(node.spec.widget in COMPACT for node in nodes)
    return small and len(asked) <= 3


def _columns(nodes: list[Node]) -> list[str]:
    """The headings of a row's fields; of one that shows fields as they apply also its id."""
    own = [nodes[0].id] if any(node.shown_when for node in nodes) else []
    return own + [node.spec.label for node in nodes if not node.hidden]


def _missing(ref: str) -> str:
    return f"Missing: {ref.replace(':', ' ').replace('_', ' ')}"


def _creation(node: Node) -> None:
    """How a new entry is made in place, and a chosen one changed."""
    found = (picks.kind(slug) for slug in node.spec.kinds)
    makers = [kind for kind in found if kind and kind.makes]
    if not makers:
        return
    form = reverse("routing:pick_new")
    made = [{"new": kind.new, "form": f"{form}?kind={kind.slug}"} for kind in makers]
    node.makers, node.edit_url = json.dumps(made), reverse("routing:pick_edit")
    if len(makers) == 1 and not makers[0].by_form:
        node.create_url = made[0]["form"]


def preview(text: str, known: Mapping[str, variables.Variable], *, sms: bool) -> Preview:
    """A template filled with the sample values of its variables."""
    samples = {name: item.sample for name, item in known.items()}
    try:
        rendered = variables.render(text, samples, known)
    except variables.UnknownVariable as error:
        return Preview(error=error.sentence)
    size = segments(rendered.text) if sms and rendered.text else None
    return Preview(rendered.text, size=size)
