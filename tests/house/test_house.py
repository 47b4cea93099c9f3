"""The rules of the house that tools can check; each test is one command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
OURS = ["aloai", "agents", "actions", "integrations"]


def _clean(*command: str, **env: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "ALOAI_NO_BOOTSTRAP": "1", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]


def _tool(name: str) -> str:
    return str(BIN / name)


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=lambda a: a[0])
def test_ruff(arguments: list[str]) -> None:
    """Style."""
    _clean(_tool("ruff"), *arguments, ".")


def test_mypy() -> None:
    """Types, strictly."""
    _clean(_tool("mypy"))


def test_import_direction() -> None:
    """Who may import whom."""
    _clean(_tool("lint-imports"))


def test_bandit() -> None:
    """Nothing that invites harm."""
    _clean(_tool("bandit"), "-q", "-c", "pyproject.toml", "-r", *OURS, "manage.py")


def test_every_change_of_a_table_has_its_migration() -> None:
    """Otherwise `up` would start with a database that does not fit."""
    _clean(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")


def test_ready_for_the_internet() -> None:
    """Django's own list, with HTTPS on."""
    _clean(
        *(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        HTTPS="1",
        TRUSTED_PROXIES="127.0.0.1",
        SECRET_KEY=Fernet.generate_key().decode() * 2,
    )


@pytest.mark.parametrize("folder", OURS)
def test_files_stay_small(folder: str) -> None:
    """A file that grows past 400 lines becomes a package."""
    sizes = {path: len(path.read_text().splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path): lines for path, lines in sizes.items() if lines > 400} == {}
