"""The writer thread: everything a turn writes goes through it, in batches.

It takes what waits, runs all of it in one transaction, then wakes who asked. Where one unit fails,
nothing of the batch is written and every unit is tried again alone: savepoints would cost each unit
two statements. Units are idempotent services: a unit is only ever run again after its first run
was rolled back.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from agents.core.counting import gathered

log = logging.getLogger(__name__)
T = TypeVar("T")
LINGER = 0.03  # seconds that units nobody waits for may gather


class InsideTransaction(RuntimeError):
    """Work was handed to the writer from inside a transaction: it could wait for itself."""


class Unit:
    """One piece of writing and the future of its result."""

    __slots__ = ("call", "future")

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call = call
        self.future: Future[Any] = Future()
        # Who waits may go (a barge-in cancels its turn); the unit is written all the same.
        self.future.set_running_or_notify_cancel()


class WriterPort(Protocol):
    """What the engine needs of a writer."""

    def submit(self, call: Callable[[], T], *, urgent: bool = True) -> Future[T]:
        """Run `call` in a transaction; an urgent unit is not kept waiting for others."""

    def flush(self, timeout: float = 5.0) -> None:
        """Return when everything handed over so far is written."""


class Writer:
    """The thread; started on first use, anew after a fork."""

    def __init__(self) -> None:
        self._waiting: deque[Unit] = deque()
        self._wake = threading.Condition()
        self._urgent = False
        self._owner = 0

    def submit(self, call: Callable[[], T], *, urgent: bool = True) -> Future[T]:
        """See `WriterPort`; raises InsideTransaction inside `atomic()`."""
        if connection.in_atomic_block:
            raise InsideTransaction("The writer was asked from inside a transaction.")
        unit = Unit(call)
        with self._wake:
            if self._owner != os.getpid():
                self._start()
            self._waiting.append(unit)
            if urgent and not self._urgent:
                self._urgent = True
                self._wake.notify()
            elif len(self._waiting) == 1:
                self._wake.notify()
        return unit.future

    def flush(self, timeout: float = 5.0) -> None:
        """See `WriterPort`."""
        self.submit(lambda: None).result(timeout)

    def _start(self) -> None:
        self._owner = os.getpid()
        self._waiting.clear()
        threading.Thread(target=self._run, name="writer", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting:
                    self._wake.wait()
                if not self._urgent:
                    self._gather()
                batch, self._waiting = list(self._waiting), deque()
                self._urgent = False
            self._write(batch)

    def _gather(self) -> None:
        """Give units nobody waits for a moment to become one transaction."""
        until = time.monotonic() + LINGER
        while not self._urgent and (left := until - time.monotonic()) > 0:
            self._wake.wait(left)

    def _write(self, batch: list[Unit]) -> None:
        try:
            with transaction.atomic(), gathered():
                results = [unit.call() for unit in batch]
        except Exception:  # noqa: BLE001 - whose it is shows when each is tried alone
            for unit in batch:
                run_alone(unit)
            return
        for unit, result in zip(batch, results, strict=True):
            unit.future.set_result(result)


def run_alone(unit: Unit) -> None:
    """Run one unit in its own transaction; a lost connection is opened again once."""
    for attempt in (1, 2):
        try:
            with transaction.atomic():
                result = unit.call()
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if attempt == 2:
                unit.future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - belongs to who asked
            unit.future.set_exception(error)
            return
        else:
            unit.future.set_result(result)
            return


class InlineWriter:
    """Writes at once in the calling thread: for tests and for code that is synchronous anyway."""

    def submit(self, call: Callable[[], T], *, urgent: bool = True) -> Future[T]:
        """See `WriterPort`."""
        future: Future[T] = Future()
        try:
            with transaction.atomic():
                future.set_result(call())
        except Exception as error:  # noqa: BLE001 - belongs to who asked
            future.set_exception(error)
        return future

    def flush(self, timeout: float = 5.0) -> None:
        """Nothing ever waits."""


writer = Writer()
