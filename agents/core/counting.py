"""Counters: a row is added to, or made where it is missing, in one statement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

Which = tuple[type[Model], tuple[str, ...], tuple[str, ...]]
Sums = dict[Which, "defaultdict[tuple[Any, ...], Counter[str]]"]
_gathering: ContextVar[Sums | None] = ContextVar("gathering", default=None)


def add_up(
    model: type[Model], keys: Sequence[str], amounts: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add to counters: each row holds the keys' values, then the amounts.

    `INSERT … ON CONFLICT DO UPDATE`, which PostgreSQL and SQLite share: the framework's own
    upsert sets a value and cannot add to one. The keys need a unique constraint.
    """
    which = (model, tuple(keys), tuple(amounts))
    gathered = _gathering.get()
    if gathered is None:
        _write(which, rows)
        return
    sums = gathered.setdefault(which, defaultdict(Counter))
    for row in rows:
        sums[tuple(row[: len(keys)])].update(dict(zip(amounts, row[len(keys) :], strict=True)))


@contextmanager
def gathered() -> Iterator[None]:
    """What is added up inside is written at the end, each counter once.

    In one order everywhere: two processes that add to the same counters never wait crosswise.
    """
    sums: Sums = {}
    token = _gathering.set(sums)
    try:
        yield
    finally:
        _gathering.reset(token)
    for which in sorted(sums, key=lambda one: one[0]._meta.db_table):
        counters = sums[which]
        rows = [(*key, *(counters[key][name] for name in which[2])) for key in counters]
        _write(which, sorted(rows, key=str))


def _write(which: Which, rows: Iterable[Sequence[Any]]) -> None:
    statement, fields = _prepared(*which)
    values = [
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


@cache
def _prepared(
    model: type[Model], keys: tuple[str, ...], amounts: tuple[str, ...]
) -> tuple[str, list[Field[Any, Any]]]:
    """The statement, and the fields in its order; every name in it is one of the model's."""
    fields: list[Any] = [model._meta.get_field(name) for name in (*keys, *amounts)]
    table, columns = model._meta.db_table, [field.column for field in fields]
    added = ", ".join(f"{c} = {table}.{c} + excluded.{c}" for c in columns[len(keys) :])
    marks = ", ".join(["%s"] * len(columns))
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) "  # noqa: S608 # nosec B608
        f"ON CONFLICT ({', '.join(columns[: len(keys)])}) DO UPDATE SET {added}"
    )
    return statement, fields
