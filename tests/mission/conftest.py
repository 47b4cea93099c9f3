"""Every example begins with nothing in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.engine import compiled


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Versions of another test have the same primary keys."""
    compiled.forget()
    yield
    compiled.forget()
