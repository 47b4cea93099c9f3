"""The bench runs, and its last line is what it promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench
FIRST = {"first_ms_p50", "first_ms_p95", "held_share"}
CPU = {"cpu_ms_turn", "turns_per_s"}


@pytest.mark.parametrize("how", [["bench/turn.py"], ["-m", "bench.turn"]])
def test_the_short_form(project: Path, how: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *how, "--short"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert set(found) == {"1", "50", "cpu"}
    for label, names in (("1", FIRST), ("50", FIRST), ("cpu", CPU)):
        assert set(found[label]) == names | {f"floor_{name}" for name in names}
