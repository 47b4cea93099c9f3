"""The plain tree between form and settings: texts, switches, lists of rows; nothing validated."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from pydantic import BaseModel

from actions.text import clean
from agents.panels.forms.shape import Spec, specs

Tree = dict[str, Any]
MOST = 200  # rows that are read of one list


def new_id() -> str:
    """An id for a row."""
    return secrets.token_hex(4)


def tree_of(model: type[BaseModel], stored: Any) -> Tree:
    """Stored settings as a tree; what does not fit the shape is left out."""
    stored = stored if isinstance(stored, Mapping) else {}
    return {spec.name: _stored(spec, stored) for spec in specs(model, stored)}


def _stored(spec: Spec, stored: Mapping[str, Any]) -> Any:
    value = stored.get(spec.name, spec.default)
    if spec.widget == "rows":
        rows = value if isinstance(value, list | tuple) else []
        return [_row_of(spec, row) for row in rows]
    if spec.widget == "group":
        assert spec.row is not None  # noqa: S101 - a group always has its class
        return tree_of(spec.row, value.model_dump() if isinstance(value, BaseModel) else value)
    if spec.widget == "picks":
        return [str(ref) for ref in value] if isinstance(value, list | tuple) else []
    if spec.widget == "switch":
        return bool(value)
    return "" if value is None else str(value)


def _row_of(spec: Spec, row: Any) -> Tree:
    assert spec.row is not None  # noqa: S101 - rows always have their class
    row = row.model_dump() if isinstance(row, BaseModel) else row
    known = row.get("id") if isinstance(row, Mapping) else None
    return {"id": str(known or new_id()), **tree_of(spec.row, row)}


def blank_row(spec: Spec) -> Tree:
    """A new row with its defaults."""
    return _row_of(spec, {})


def read(model: type[BaseModel], data: QueryDict, path: str) -> Tree:
    """The tree below `path` of what was posted."""
    made: Tree = {}
    for _ in range(2):  # a shape may depend on what its first fields say
        for spec in specs(model, made):
            if spec.name not in made:
                made[spec.name] = _posted(spec, data, f"{path}.{spec.name}")
    asked = {spec.name for spec in specs(model, made)}
    return {name: value for name, value in made.items() if name in asked}


def _posted(spec: Spec, data: QueryDict, path: str) -> Any:
    if spec.widget == "rows":
        assert spec.row is not None  # noqa: S101 - rows always have their class
        keys = [clean(key, 40) for key in data.getlist(path)[:MOST]]
        return [
            {"id": key, **read(spec.row, data, f"{path}.{key}")}
            for key in dict.fromkeys(key for key in keys if key)
        ]
    if spec.widget == "group":
        assert spec.row is not None  # noqa: S101 - a group always has its class
        return read(spec.row, data, path)
    if spec.widget == "picks":
        return [clean(ref, 200) for ref in data.getlist(path)[:MOST] if ref]
    if spec.widget == "switch":
        return path in data
    return clean(data.get(path, "")).replace("\r\n", "\n")


def edit(model: type[BaseModel], tree: Tree, op: str) -> Tree:
    """The tree after an operation: `add:steps.a1.messages` adds a row, `change` nothing."""
    verb, _, path = op.partition(":")
    if verb == "add":
        _add(model, tree, path.split("."))
    return tree


def _add(model: type[BaseModel], tree: Tree, path: list[str]) -> None:
    spec = next((spec for spec in specs(model, tree) if spec.name == path[0]), None)
    if spec is None or spec.row is None:
        return
    inner, rest = tree[spec.name], path[1:]
    if spec.widget == "group" and rest:
        _add(spec.row, inner, rest)
    elif spec.widget == "rows" and not rest:
        if not spec.most or len(inner) < spec.most:
            inner.append(blank_row(spec))
    elif spec.widget == "rows" and len(rest) > 1:
        for row in inner:
            if row["id"] == rest[0]:
                _add(spec.row, row, rest[1:])


def untouched(spec: Spec, row: Tree) -> bool:
    """Whether nothing was filled into a row."""
    fresh = blank_row(spec)
    return all(_same(value, fresh.get(name)) for name, value in row.items() if name != "id")


def _same(value: Any, fresh: Any) -> bool:
    if isinstance(value, list) and isinstance(fresh, list):
        return len(value) == len(fresh) == 0
    return bool(value == fresh)
