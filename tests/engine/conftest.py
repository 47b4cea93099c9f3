"""The engine's tests run on small types of their own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from agents.core import picks
from agents.core.writer import Writer
from agents.engine import compiled
from tests.engine import kinds, world


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Drop the test types in, forget compiled versions afterwards."""
    before = kinds.install()
    compiled.forget()
    monkeypatch.setattr(picks, "exists", lambda ref: True)
    yield
    kinds.restore(before)
    compiled.forget()


@pytest.fixture(scope="session")
def _real() -> Iterator[world.Threads]:
    """The writer and a pool as the web process has them, and an end of their connections."""
    opened: list[Any] = []
    pool = ThreadPoolExecutor(4, initializer=lambda: opened.append(connections["default"]))
    writer = Writer()
    yield world.Threads(writer, pool)
    pool.shutdown()
    for connection in opened:
        connection.inc_thread_sharing()
        connection.close()
    writer.submit(connections.close_all).exception(10)


@pytest.fixture
def real_threads(
    transactional_db: None, _real: world.Threads, monkeypatch: pytest.MonkeyPatch
) -> Iterator[world.Threads]:
    """Worlds of this test write and ask in threads, each with a connection of its own."""
    monkeypatch.setattr(world, "threads", _real)
    yield _real
    _real.writer.flush()


@pytest.fixture(
    params=["inline", pytest.param("threads", marks=pytest.mark.django_db(transaction=True))]
)
def both_ways(request: pytest.FixtureRequest) -> None:
    """Once at once and in order, once on the real writer and pool."""
    if request.param == "threads":
        request.getfixturevalue("real_threads")
