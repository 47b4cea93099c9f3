"""Nothing may block an event loop: a query, a sleep, a socket or a wait on its thread fails a test.

What raises here may be caught by the product on its way up; therefore it is also kept, and the test
fails at its end.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

import django.utils.asyncio

OURS = ("/agents/", "/actions/", "/integrations/", "/aloai/", "/tests/")
SOCKET_CALLS = ("connect", "accept", "recv", "recv_into", "send", "sendall")
_allowed = threading.local()
_suspended: set[Any] = set()
_found: list[str] = []


class BlockedLoop(AssertionError):
    """A call that may wait was made on the thread of a running event loop."""


def suspended(loop: Any) -> None:
    """Name a loop that stands still while test code runs: the one of a driven browser."""
    _suspended.add(loop)


@contextmanager
def allowed() -> Iterator[None]:
    """Let this thread wait although it runs a loop, for what stands in for a thread."""
    before = getattr(_allowed, "now", False)
    _allowed.now = True
    try:
        yield
    finally:
        _allowed.now = before


@contextmanager
def expected() -> Iterator[list[str]]:
    """Collect what blocks in this block without failing the test."""
    before = list(_found)
    _found.clear()
    caught: list[str] = []
    try:
        yield caught
    finally:
        caught += _found
        _found[:] = before


def found() -> list[str]:
    """What has blocked a loop since the last call."""
    seen, _found[:] = list(_found), []
    return seen


def _blocks(what: str) -> bool:
    """Whether a call is made where it would hold a running loop; it is kept."""
    loop = asyncio._get_running_loop()
    if loop is None or loop in _suspended or getattr(_allowed, "now", False):
        return False
    own = [f for f in traceback.extract_stack()[:-2] if any(part in f.filename for part in OURS)]
    where = f" at {own[-1].filename}:{own[-1].lineno}" if own else ""
    _found.append(f"{what} on the thread of a running event loop{where}")
    return True


def _refuse(what: str) -> None:
    if _blocks(what):
        raise BlockedLoop(_found[-1])


def _running_loop() -> Any:
    """For Django's own check, which raises: the loop that a query would hold."""
    loop = asyncio.get_running_loop()
    if loop in _suspended or getattr(_allowed, "now", False):
        raise RuntimeError("no running event loop")
    _blocks("A database query")
    return loop


def _guarded_socket(call: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(call)
    def guarded(self: socket.socket, *args: Any, **kwargs: Any) -> Any:
        if self.gettimeout() != 0:
            _refuse(f"A blocking socket's {name}")
        return call(self, *args, **kwargs)

    return guarded


def _guarded_sleep(seconds: float) -> None:
    if seconds > 0:
        _refuse("time.sleep")
    _sleep(seconds)


def _wait(self: threading.Condition, timeout: float | None = None) -> bool:
    """A look that does not wait is free: an executor looks for an idle thread this way."""
    if timeout is None or timeout > 0:
        _refuse("A wait for another thread")
    return _condition_wait(self, timeout)


def _start(self: threading.Thread) -> None:
    """A new thread is waited for until it runs; executors start theirs from the loop."""
    with allowed():
        _thread_start(self)


def _join(self: threading.Thread, timeout: float | None = None) -> None:
    """A loop that closes joins the threads of its own executor."""
    if not sys._getframe(1).f_globals.get("__name__", "").startswith("asyncio"):
        _refuse("Thread.join")
    _thread_join(self, timeout)


_sleep, _condition_wait = time.sleep, threading.Condition.wait
_thread_start, _thread_join = threading.Thread.start, threading.Thread.join
# `Event.wait`, `Queue.get` and `Future.result` all wait for a condition.
GUARDS: list[tuple[Any, str, Any]] = [
    (django.utils.asyncio, "get_running_loop", _running_loop),
    (time, "sleep", _guarded_sleep),
    (threading.Thread, "start", _start),
    (threading.Thread, "join", _join),
    (threading.Condition, "wait", _wait),
]


@contextmanager
def guarded() -> Iterator[None]:
    """Put the guards on, once for all tests."""
    calls = [(name, getattr(socket.socket, name)) for name in SOCKET_CALLS]
    guards = [*GUARDS, *((socket.socket, n, _guarded_socket(call, n)) for n, call in calls)]
    with ExitStack() as stack:
        for owner, name, guard in guards:
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, guard)
        yield
