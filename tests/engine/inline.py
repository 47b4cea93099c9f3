"""Writer and asking pool of unit tests: at once, in order, with the test's own connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import connections

from agents.core.pools import InlineExecutor
from agents.core.writer import InlineWriter
from tests import loops

T = TypeVar("T")
_thread = ThreadPoolExecutor(1, thread_name_prefix="beside-the-loop")


def beside(call: Callable[[], T]) -> T:
    """The result of work that a loop must not do itself, from a thread with the test's connection.

    Where no loop runs it is done at once.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with loops.allowed():
        return _thread.submit(_with, connections["default"], call).result()


def _with(connection: Any, call: Callable[[], T]) -> T:
    connection.inc_thread_sharing()
    connections["default"] = connection
    try:
        return call()
    finally:
        del connections["default"]
        connection.dec_thread_sharing()


class BesideWriter(InlineWriter):
    """Writes at once; what the loop asks for is written by a thread beside it."""

    def submit(self, call: Callable[[], T], *, urgent: bool = True) -> Future[T]:
        """See `WriterPort`."""
        return beside(partial(super().submit, call, urgent=urgent))


class BesideExecutor(InlineExecutor):
    """Runs at once; what the loop asks for is run by a thread beside it."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run and wrap the result."""
        return beside(partial(super().submit, fn, *args, **kwargs))
