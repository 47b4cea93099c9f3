"""Threads for executors that wait for an answer; they never write."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

ASKING_THREADS = 32


class InlineExecutor(Executor):
    """Runs at once in the calling thread, for unit tests."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run and wrap the result."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - belongs to who asked
            future.set_exception(error)
        return future


asking = ThreadPoolExecutor(ASKING_THREADS, thread_name_prefix="asking")
