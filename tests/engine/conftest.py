"""The engine's tests run on small types of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.core import picks
from agents.engine import compiled
from tests.engine import kinds


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Drop the test types in, forget compiled versions afterwards."""
    before = kinds.install()
    compiled.forget()
    monkeypatch.setattr(picks, "exists", lambda ref: True)
    yield
    kinds.restore(before)
    compiled.forget()
