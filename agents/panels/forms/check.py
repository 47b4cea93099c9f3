"""A tree checked: the settings, or each error at its place with its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from actions.variables import UnknownVariable, parse
from agents.core import picks
from agents.panels.forms.shape import Spec, shown, specs, variables_for
from agents.panels.forms.tree import Tree, untouched

Loc = tuple[str | int, ...]
Errors = dict[Loc, str]


@dataclass
class Checked:
    """What became of a tree. `value` is None where its shape is wrong.

    `wrong` are the places where something wrong was typed; what is only not filled in, or was
    deleted elsewhere, may be stored in a draft.
    """

    tree: Tree
    value: Any = None
    errors: Errors = field(default_factory=dict)
    wrong: set[Loc] = field(default_factory=set)


def check(model: type[BaseModel], tree: Tree, labels: Mapping[str, str] | None = None) -> Checked:
    """Validate a tree; rows that nobody touched are dropped first.

    `labels` are those of everything it refers to, where they were read for many trees at once.
    """
    kept = _kept(model, tree)
    made = Checked(kept)
    try:
        made.value = _validated(model, kept)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            loc, sentence, wrong = _explain(model, kept, item)
            made.errors.setdefault(loc, sentence)
            made.wrong |= {loc} if wrong else set()
    fields = list(walk(model, kept))
    if labels is None:
        labels = picks.labels(ref for _, spec, value, _ in fields for ref in _refs(spec, value))
    for loc, spec, value, siblings in fields:
        if loc in made.errors:
            continue
        if sentence := _template_error(spec, value, siblings):
            made.errors[loc] = sentence
            made.wrong.add(loc)
        elif sentence := _pick_error(spec, value, siblings, labels):
            made.errors[loc] = sentence
    return made


def _validated(model: type[BaseModel], tree: Tree) -> Any:
    """The settings; what does not apply is kept for later where it is right, else left out."""
    try:
        return model.model_validate(plain(model, tree))
    except ValidationError:
        return model.model_validate(plain(model, tree, hidden=False))


def _kept(model: type[BaseModel], tree: Tree) -> Tree:
    made = dict(tree)
    for spec in specs(model, tree):
        if spec.widget == "rows" and spec.row is not None:
            rows = [row for row in tree[spec.name] if not untouched(spec, row)]
            made[spec.name] = [{"id": row["id"], **_kept(spec.row, row)} for row in rows]
        elif spec.widget == "group" and spec.row is not None:
            made[spec.name] = _kept(spec.row, tree[spec.name])
    return made


def plain(model: type[BaseModel], tree: Tree, *, hidden: bool = True) -> dict[str, Any]:
    """A tree as the class takes it: ids only where it knows them, an empty number is none.

    Of what does not apply, references and secrets are left out, or all where `hidden` says so.
    """
    made: dict[str, Any] = {}
    if "id" in model.model_fields and "id" in tree:
        made["id"] = tree["id"]
    for spec in specs(model, tree):
        value = tree.get(spec.name)
        dropped = spec.kinds or spec.widget == "secret" or not hidden
        if dropped and not shown(spec.show_if, tree):
            continue
        if spec.row is not None and spec.widget == "rows":
            made[spec.name] = [plain(spec.row, row, hidden=hidden) for row in value or []]
        elif spec.row is not None:
            made[spec.name] = plain(spec.row, value or {}, hidden=hidden)
        elif spec.optional and value == "":
            made[spec.name] = None
        else:
            made[spec.name] = value
    return made


def walk(
    model: type[BaseModel], tree: Tree, loc: Loc = ()
) -> Iterator[tuple[Loc, Spec, Any, Mapping[str, Any]]]:
    """Every field of a tree that applies, with its place and its siblings."""
    for spec in specs(model, tree):
        if not shown(spec.show_if, tree):
            continue
        value = tree.get(spec.name)
        here = (*loc, spec.name)
        if spec.row is not None and spec.widget == "rows":
            for index, row in enumerate(value or []):
                yield from walk(spec.row, row, (*here, index))
        elif spec.row is not None:
            yield from walk(spec.row, value or {}, here)
        else:
            yield here, spec, value, tree


def _explain(model: type[BaseModel], tree: Tree, item: Any) -> tuple[Loc, str, bool]:
    loc, spec, value = _find(model, tree, tuple(item["loc"]))
    wrong = value not in ("", None, []) if spec else bool(loc)
    return loc, _sentence(spec, item), wrong or (spec is None and not loc)


def _find(model: type[BaseModel], tree: Tree, loc: Loc) -> tuple[Loc, Spec | None, Any]:
    """The deepest place of the form that an error belongs to."""
    spec: Spec | None = None
    here: Loc = ()
    at: Any = tree
    known: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, int) and isinstance(at, list) and part < len(at):
            here, at = (*here, part), at[part]
            continue
        found = next((s for s in specs(known, at) if s.name == part), None) if known else None
        if found is None or not isinstance(at, Mapping):
            break
        spec, here, at, known = found, (*here, part), at.get(part), found.row
    return here, spec, at


def _sentence(spec: Spec | None, item: Any) -> str:
    kind, ctx = item["type"], item.get("ctx", {})
    unit = f" {spec.unit}" if spec and spec.unit else ""
    add = spec.add if spec else "row"
    said = {
        "missing": "Fill this in.",
        "string_too_short": "Fill this in.",
        "too_short": f"Add at least one {add}.",
        "too_long": f"At most {ctx.get('max_length')}.",
        "string_too_long": f"At most {ctx.get('max_length')} characters.",
        "int_parsing": "Enter a whole number.",
        "int_type": "Enter a whole number.",
        "int_from_float": "Enter a whole number.",
        "int_parsing_size": "This number is too large.",
        "float_parsing": "Enter a number.",
        "greater_than_equal": f"At least {ctx.get('ge')}{unit}.",
        "less_than_equal": f"At most {ctx.get('le')}{unit}.",
        "literal_error": "Pick one of the choices.",
        "enum": "Pick one of the choices.",
    }
    if kind == "value_error":
        return str(ctx.get("error") or item["msg"].removeprefix("Value error, "))
    return said.get(kind) or str(item["msg"])


def _template_error(spec: Spec, value: Any, siblings: Mapping[str, Any]) -> str:
    if spec.widget != "template":
        return ""
    try:
        parse(text := str(value or ""), variables_for(spec, text, siblings))
    except UnknownVariable as error:
        return error.sentence
    return ""


def _refs(spec: Spec, value: Any) -> list[str]:
    if not spec.kinds or not value:
        return []
    return value if isinstance(value, list) else [value]


def _pick_error(
    spec: Spec, value: Any, siblings: Mapping[str, Any], labels: Mapping[str, str]
) -> str:
    """References are checked apart from the shape: a row may be gone, or below another pick."""
    for ref in _refs(spec, value):
        slug, _ = picks.split(ref)
        if slug not in spec.kinds or ref not in labels:
            return "This was deleted. Pick another one."
        parent = parent_of(slug, siblings)
        offered = picks.options(slug, picks.Within(parent=parent)) if parent else []
        if parent and ref not in {option.ref for option in offered}:
            return "This does not belong to what is picked above. Pick another one."
    return ""


def parent_of(slug: str, siblings: Mapping[str, Any]) -> str:
    """The sibling pick that narrows this kind."""
    kind = picks.kind(slug)
    if kind is None or not kind.parent:
        return ""
    found = (value for value in siblings.values() if isinstance(value, str))
    return next((value for value in found if value.startswith(f"{kind.parent}:")), "")
