"""The shape of a settings class: what the form asks, field by field."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from actions.variables import VARIABLES, UnknownVariable, Variable, used
from agents.contacts.variables import property_variables
from agents.core import picks

TEXTS = ("line", "words", "template", "condition")
COMPACT = ("line", "condition", "pick", "number", "choice", "switch")


@dataclass(frozen=True, slots=True)
class Spec:
    """One field as the form asks it."""

    name: str
    label: str
    widget: str
    help: str = ""
    placeholder: str = ""
    unit: str = ""
    kinds: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    row: type[BaseModel] | None = None
    add: str = "row"
    least: int = 0
    most: int = 0
    sms: bool = False
    slots: str = ""
    optional: bool = False
    redraw: bool = False
    hidden: bool = False
    default: Any = ""
    show_if: Any = None
    limits: Mapping[str, int] = field(default_factory=dict)


Shape = Callable[[Mapping[str, Any]], Sequence[Spec]]
_shapes: dict[type[BaseModel], Shape] = {}


def register_shape(model: type[BaseModel], shape: Shape) -> None:
    """A class whose fields depend on what is filled in already."""
    _shapes[model] = shape


def specs(model: type[BaseModel], value: Mapping[str, Any] | None = None) -> Sequence[Spec]:
    """The fields of a class, in order."""
    shape = _shapes.get(model)
    return shape(value or {}) if shape else declared(model)


@lru_cache(maxsize=512)
def declared(model: type[BaseModel]) -> tuple[Spec, ...]:
    made = [_spec(name, info) for name, info in model.model_fields.items()]
    found = [spec for spec in made if spec is not None]
    watched = {name for spec in found for name in watches(spec.show_if)}
    watched |= {spec.name for spec in found if _has_dependants(spec, found)}
    return tuple(replace(spec, redraw=True) if spec.name in watched else spec for spec in found)


def _has_dependants(spec: Spec, siblings: Sequence[Spec]) -> bool:
    """Whether another pick's options hang on this one."""
    parents = {
        kind.parent for other in siblings for slug in other.kinds if (kind := picks.kind(slug))
    }
    return bool(parents & set(spec.kinds))


def _spec(name: str, info: FieldInfo) -> Spec | None:
    extra: dict[str, Any] = (
        info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    )
    inner, optional = _inner(info.annotation)
    widget = str(extra.get("widget", ""))
    row = _row(info.annotation)
    if not widget:
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return None
        widget, row = "group", inner
    default = info.get_default(call_default_factory=True)
    return Spec(
        name=name,
        label=info.title or name.replace("_", " ").capitalize(),
        widget=widget,
        help=str(extra.get("help", "")),
        placeholder=str(extra.get("placeholder", "")),
        unit=str(extra.get("unit", "")),
        kinds=tuple(extra.get("pick", ())),
        options=_options(inner, extra.get("labels", {})),
        row=row,
        add=str(extra.get("add", "row")),
        least=int(extra.get("min", 0) or 0),
        most=_limits(info).get("max_length", 0),
        sms=bool(extra.get("sms")),
        slots=str(extra.get("slots", "")),
        optional=optional,
        default=default,
        show_if=extra.get("show_if"),
        limits=_limits(info),
    )


def _limits(info: FieldInfo) -> dict[str, int]:
    return {
        name: int(getattr(item, name))
        for item in info.metadata
        for name in ("ge", "le", "min_length", "max_length")
        if getattr(item, name, None) is not None
    }


def _inner(annotation: Any) -> tuple[Any, bool]:
    """The annotation without `| None`, and whether that was there."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [item for item in get_args(annotation) if item is not type(None)]
        return rest[0], True
    return annotation, False


def _row(annotation: Any) -> type[BaseModel] | None:
    args = get_args(annotation) if get_origin(annotation) is list else ()
    return (
        args[0] if args and isinstance(args[0], type) and issubclass(args[0], BaseModel) else None
    )


def _options(annotation: Any, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    values = get_args(annotation) if get_origin(annotation) is Literal else tuple(labels)
    return tuple((str(value), labels.get(value, str(value))) for value in values)


def variables_for(spec: Spec, text: str, siblings: Mapping[str, Any]) -> Mapping[str, Variable]:
    """What this template may name, with the names that a sibling list of slots has."""
    return known_in(text, slot_names(spec, siblings))


def slot_names(spec: Spec, siblings: Mapping[str, Any]) -> list[str]:
    """The names that a sibling list of slots has."""
    rows = siblings.get(spec.slots, []) if spec.slots else []
    return [str(row.get("name", "")).strip() for row in rows]


def known_in(text: str, slots: Iterable[str]) -> Mapping[str, Variable]:
    """The variables, and slots with themselves as sample; properties only where one is named."""
    known = {**VARIABLES, **{name: Variable(name, name, f"[{name}]") for name in slots if name}}
    return {**property_variables(), **known} if other_names(text, known) else known


def other_names(text: str, known: Iterable[str]) -> set[str]:
    """The names in a template that are not among these."""
    try:
        return set(used(text)) - set(known)
    except UnknownVariable:
        return set()


def watches(show_if: Any) -> tuple[str, ...]:
    """The names of the fields that a `show_if` looks at."""
    if isinstance(show_if, Mapping):
        return tuple(show_if)
    if isinstance(show_if, str) and show_if:
        return (show_if.partition("=")[0].removesuffix("!"),)
    if isinstance(show_if, tuple | list) and show_if:
        return (str(show_if[0]),)
    return ()


def shown(show_if: Any, siblings: Mapping[str, Any]) -> bool:
    """Whether a field is asked, given its siblings: `{"kind": "choice"}`, `"kind=a|b"`, `"on"`."""
    if not show_if:
        return True
    if isinstance(show_if, Mapping):
        return all(_fits(siblings.get(name), wanted) for name, wanted in show_if.items())
    if isinstance(show_if, tuple | list):
        return _fits(siblings.get(str(show_if[0])), list(show_if[1:]) or True)
    name, equals, wanted = str(show_if).partition("=")
    if not equals:
        return bool(siblings.get(name))
    fits = _fits(siblings.get(name.removesuffix("!")), wanted.split("|"))
    return fits is not name.endswith("!")


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return bool(value) is wanted
    allowed = wanted if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
    return any(value == item or str(value) == str(item) for item in allowed)
