"""The rules stand in for a model and are not grown without end.

Vocabulary is counted apart, and so is what one language says and hears (`actions/languages/en`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.test_house import ROOT

MOST = 2655
ROOMS = ("actions/practice", "actions/understood")
SPEECH = "phrases.py"  # what the agent itself promises in a stream
ALONE = ("agents/engine/practice.py",)
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _files() -> Iterator[Path]:
    yield from (ROOT / name for name in ALONE)
    for room in ROOMS:
        yield from (p for p in sorted((ROOT / room).rglob("*.py")) if p.name != SPEECH)


def _is_data(path: Path) -> bool:
    """A file without a function or a class holds words only."""
    return not any(isinstance(node, LOGIC) for node in ast.walk(ast.parse(path.read_text())))


def test_the_rules_stay_small() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in _files() if not _is_data(path)}
    assert len(sizes) > 10
    shown = "\n".join(f"{lines:5} {path.relative_to(ROOT)}" for path, lines in sizes.items())
    assert sum(sizes.values()) <= MOST, shown


def test_vocabulary_holds_no_logic() -> None:
    files = sorted((ROOT / "actions/practice/vocabulary").rglob("*.py"))
    assert files and [str(path) for path in files if not _is_data(path)] == []
