"""A database that another process writes to and does not let go."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.contrib.sessions.models import Session
from django.db import connection

from agents.core.models import Heartbeat, LoginLink

TABLES = (Heartbeat, LoginLink, Session)
WHERE = ("host", "port", "user", "password", "dbname")


@contextmanager
def locked_database() -> Iterator[None]:
    """Nobody else writes: to SQLite at all, to PostgreSQL's tables of links, beats, sessions."""
    connection.close()  # whoever waits does so with a connection of its own
    given = connection.get_connection_params()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(given["database"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        where = {name: given[name] for name in WHERE if name in given}
        with psycopg.connect(**where) as other:
            names = ", ".join(model._meta.db_table for model in TABLES)
            other.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
            yield
            other.rollback()
