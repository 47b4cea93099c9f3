"""The guards of the tests themselves."""

from __future__ import annotations

import asyncio
import queue
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction

from agents.contacts.models import Tag
from tests import loops
from tests.conftest import LeftTheMachine, NetworkInTransaction


def _reach(host: str) -> None:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        probe.connect_ex((host, 9))


def test_nothing_leaves_the_machine() -> None:
    with pytest.raises(LeftTheMachine):
        _reach("192.0.2.1")


@pytest.mark.django_db
def test_no_network_inside_a_transaction() -> None:
    _reach("127.0.0.1")
    with transaction.atomic(), pytest.raises(NetworkInTransaction):
        _reach("127.0.0.1")


@pytest.mark.django_db(transaction=True)
def test_nor_where_the_test_has_no_transaction_of_its_own() -> None:
    _reach("127.0.0.1")
    with transaction.atomic(), pytest.raises(NetworkInTransaction):
        _reach("127.0.0.1")


# --- what holds an event loop ---------------------------------------------------------------


def _receive() -> None:
    mine, theirs = socket.socketpair()
    with mine, theirs:
        mine.recv(1)


BLOCKING: list[tuple[str, Callable[[], Any]]] = [
    ("time.sleep", lambda: time.sleep(0.01)),
    ("A wait for another thread", lambda: threading.Event().wait(0.01)),
    ("A wait for another thread", lambda: queue.Queue().get(timeout=0.01)),
    ("A wait for another thread", lambda: Future().result(0.01)),
    ("A blocking socket's recv", _receive),
]


@pytest.mark.parametrize(("what", "call"), BLOCKING)
def test_what_waits_on_the_loop_is_refused(what: str, call: Callable[[], Any]) -> None:
    async def work() -> None:
        with pytest.raises(loops.BlockedLoop, match=what):
            call()

    with loops.expected() as seen:
        asyncio.run(work())
    assert seen and all("event loop" in sentence for sentence in seen)


@pytest.mark.django_db
def test_a_query_on_the_loop_is_seen_although_somebody_catches_it() -> None:
    async def work() -> None:
        with suppress(Exception):
            Tag.objects.count()

    with loops.expected() as seen:
        asyncio.run(work())
    assert len(seen) == 1 and "A database query" in seen[0] and "test_guards.py" in seen[0]


def test_what_does_not_wait_is_free_on_the_loop() -> None:
    async def work() -> int:
        threading.Event().wait(0)
        return await asyncio.wrap_future(pool.submit(lambda: 7))

    with ThreadPoolExecutor(1) as pool:
        assert asyncio.run(work()) == 7
