"""Stored settings read by a later release: upgraded, and what it does not know left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from actions.base import ActionType


def known_part(model: type[BaseModel], stored: Any) -> Any:
    """What the class knows of stored settings, in its groups and rows too."""
    if not isinstance(stored, Mapping):
        return stored
    fields = model.model_fields
    return {
        name: _known(fields[name].annotation, stored[name]) for name in fields if name in stored
    }


def _known(annotation: Any, value: Any) -> Any:
    inner = model_in(annotation)
    if inner is None:
        return value
    if isinstance(value, list | tuple):
        return [known_part(inner, item) for item in value]
    return known_part(inner, value)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The class of a group or of rows, optional ones too."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(model_in, get_args(annotation))), None)


def current(kind: ActionType, config: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Settings that were stored under a schema version, as the type has them now."""
    made = dict(config)
    if version < kind.schema_version:
        made = kind.upgrade(made, version)
    found: dict[str, Any] = known_part(kind.Config, made)
    return found


def read_config(kind: ActionType, config: Mapping[str, Any], version: int) -> Any:
    """The same, validated; raises ValidationError where they are not complete."""
    return kind.Config.model_validate(current(kind, config, version))
