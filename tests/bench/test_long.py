"""A turn late in a conversation asks the database no more than an early one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench


def test_the_short_form(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "bench/long.py", "--rounds", "1"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert set(found) == {"queries", "cpu_ms", "ratio", "runs"}
    assert found["runs"] == 30, "what a long conversation has done is remembered"
    assert found["queries"]["long"] == found["queries"]["short"] > 0
