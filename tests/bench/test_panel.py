"""The bench of the builder's page runs, and its last line is what it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench


def test_the_short_form(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.panel", "--rounds", "3"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert set(found) == {"empty page", "page", "card", "drag", "save", "news"}
    assert all(set(values) == {"p50", "p95", "queries"} for values in found.values())
    assert found["page"]["queries"] < 80 and found["save"]["queries"] < 80
