"""Rows that every turn writes: one statement each, built once per model and set of columns.

Building a query costs the framework several times what the database takes to run it. Values are
prepared by the model's own fields. Signals are not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

Fields = tuple["Field[Any, Any]", ...]


def insert(row: Model, *, unless_there: bool = False) -> bool:
    """Insert a row; `unless_there`: one that a unique constraint forbids is left out.

    Whether it was inserted.
    """
    statement, fields = _insertion(type(row), unless_there)
    values = [_prepared(field, field.pre_save(row, add=True)) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        inserted = bool(cursor.rowcount > 0)
    row._state.adding = not inserted
    return bool(inserted)


def update(model: type[Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Set columns of the rows in which all of `where` holds; whether there was one."""
    statement, fields = _change(model, tuple(where), tuple(values))
    given = [*values.values(), *where.values()]
    with connection.cursor() as cursor:
        cursor.execute(statement, [_prepared(f, v) for f, v in zip(fields, given, strict=True)])
        return bool(cursor.rowcount > 0)


def _prepared(field: Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


@cache
def _insertion(model: type[Model], unless_there: bool) -> tuple[str, Fields]:
    """Every name in a statement is one of the model's."""
    fields = tuple(model._meta.concrete_fields)
    names, marks = ", ".join(map(_column, fields)), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})"  # noqa: S608 # nosec B608
    return statement + (" ON CONFLICT DO NOTHING" if unless_there else ""), fields


@cache
def _change(
    model: type[Model], where: tuple[str, ...], names: tuple[str, ...]
) -> tuple[str, Fields]:
    changed = [model._meta.get_field(name) for name in names]
    asked = [model._meta.get_field(name) for name in where]
    sets, holds = ", ".join(_equal(changed)), " AND ".join(_equal(asked))
    statement = f"UPDATE {_table(model)} SET {sets} WHERE {holds}"  # noqa: S608 # nosec B608
    return statement, (*changed, *asked)  # type: ignore[arg-type]


def _equal(fields: Iterable[Any]) -> list[str]:
    return [f"{_column(field)} = %s" for field in fields]


def _column(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
