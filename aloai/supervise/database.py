"""The database before the product starts: reachable, not newer than the code, copied, migrated."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone


class DatabaseProblem(Exception):
    """Why the product does not start; the text is a sentence for the operator."""


def prepare(folder: Path, *, copy: bool) -> Path | None:
    """Check, copy what holds data, migrate; where the copy lies. Raises DatabaseProblem."""
    executor = _executor()
    _refuse_newer(executor)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    copied = None
    if plan and executor.loader.applied_migrations and copy:
        try:
            copied = _copy(folder / "copies")
        except (OSError, sqlite3.Error) as error:
            raise DatabaseProblem(f"The database could not be copied: {error}.") from error
    if plan:
        call_command("migrate", verbosity=0, interactive=False)
    return copied


def _executor() -> MigrationExecutor:
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise DatabaseProblem(f"The database cannot be reached: {_first(error)}.") from error
    if connection.vendor == "sqlite":
        _try_to_write()
    return executor


def _try_to_write() -> None:
    """SQLite lets everybody begin; only a write shows whose file it is."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE may_we_write (yes INTEGER)")
            transaction.set_rollback(True)
    except DatabaseError as error:
        raise DatabaseProblem(f"The database cannot be written: {_first(error)}.") from error


def _first(error: Exception) -> str:
    """The first line of what the database said."""
    return next(iter(str(error).strip().splitlines()), "no answer")


def _refuse_newer(executor: MigrationExecutor) -> None:
    loader = executor.loader
    disk = loader.disk_migrations or {}
    apps = {app for app, _ in disk}
    unknown = [key for key in loader.applied_migrations if key[0] in apps and key not in disk]
    if unknown:
        app, name = sorted(unknown)[0]
        raise DatabaseProblem(
            f"The database is newer than this code (it has {app}.{name}): update the code."
        )


def _copy(folder: Path) -> Path:
    """Readable by its owner only: it holds what the database holds."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = f"{timezone.now():%Y%m%d-%H%M%S}"
    if connection.vendor == "sqlite":
        target = _copy_sqlite(folder / f"aloai-{stamp}.sqlite3")
    else:
        target = _copy_postgresql(folder / f"aloai-{stamp}.dump")
    target.chmod(0o600)
    return target


def _copy_sqlite(target: Path) -> Path:
    """SQLite's own online backup: whole, even while others write."""
    source = sqlite3.connect(str(connection.settings_dict["NAME"]))
    with closing(source), closing(sqlite3.connect(target)) as into:
        source.backup(into)
    return target


def _copy_postgresql(target: Path) -> Path:
    tool = shutil.which("pg_dump")
    if tool is None:
        raise DatabaseProblem(
            "pg_dump is missing, so the database cannot be copied before it is changed: "
            "install it, or start with --no-copy."
        )
    where: dict[str, Any] = connection.settings_dict
    command = [tool, "--format=custom", f"--file={target}", str(where["NAME"])]
    for option, value in (
        ("host", where["HOST"]),
        ("port", where["PORT"]),
        ("username", where["USER"]),
    ):
        if value:
            command.insert(1, f"--{option}={value}")
    environment = {**os.environ, "PGPASSWORD": str(where["PASSWORD"] or "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise DatabaseProblem(f"The database could not be copied: {said}.")
    return target
