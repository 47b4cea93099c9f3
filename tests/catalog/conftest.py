"""The real types on rows that their examples refer to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.engine import compiled
from tests.catalog import showcase


@pytest.fixture(autouse=True)
def _furnished(db: None) -> Iterator[None]:
    """Rows for every name of the examples; compiled versions are forgotten."""
    compiled.forget()
    showcase.furnish()
    yield
    compiled.forget()
