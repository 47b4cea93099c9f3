"""The shape of a settings class: what the form asks, field by field."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from actions.fields import FILLED
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
    blank: int = 0
    most: int = 0
    sms: bool = False
    slots: str = ""
    wants: tuple[str, ...] = ()
    optional: bool = False
    redraw: bool = False
    hidden: bool = False
    default: Any = ""
    show_if: Mapping[str, Any] = field(default_factory=dict)
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
    watched = {spec.name for spec in found if _has_dependants(spec, found)}
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
        blank=int(extra.get("blank", 0) or 0),
        most=_limits(info).get("max_length", 0),
        sms=bool(extra.get("sms")),
        slots=str(extra.get("slots", "")),
        wants=tuple(extra.get("wants", ())),
        optional=optional,
        default=default,
        show_if=extra.get("show_if") or {},
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


def shown(
    show_if: Mapping[str, Any],
    siblings: Mapping[str, Any],
    above: Mapping[str, str] | None = None,
) -> bool:
    """Whether a field applies, given its siblings and, where they are known, fields above it."""
    return all(
        _fits(_said((above or {}).get(name) if "." in name else siblings.get(name)), wanted)
        for name, wanted in deciding(show_if).items()
        if "." not in name or above is not None
    )


def _fits(value: str, wanted: Sequence[str]) -> bool:
    return value in wanted or (FILLED in wanted and value != "")


def deciding(show_if: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that decide, each with the values that it must have, as a form sends them."""
    return {
        name: [_said(one) for one in (wanted if isinstance(wanted, tuple | list) else (wanted,))]
        for name, wanted in show_if.items()
    }


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)
