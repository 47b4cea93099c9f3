"""Keeps the processes alive and notices a cluster that looks alive but works no more.

django-q2's workers wait for tasks holding a semaphore: one that is killed while it waits never
gives it back, and the whole cluster stands still. Only a task that goes all the way through the
queue proves that it works.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_q.tasks import async_task

from agents.core.models import Heartbeat
from agents.core.services import ask_for_beat
from aloai.supervise.child import Child

log = logging.getLogger(__name__)
STEP = 0.1
GRACE = 4.0  # seconds that everything has to end on SIGTERM


class Watchdog:
    """The loop of `up`."""

    def __init__(self, web: Child | None, tasks: Child | None, say: Callable[[str], None]) -> None:
        self.web, self.tasks, self._say = web, tasks, say
        self._stopping = False
        self._next_look = 0.0
        self._next_tick = 0.0

    @property
    def children(self) -> list[Child]:
        """All that are supervised."""
        return [child for child in (self.web, self.tasks) if child]

    def run(self) -> None:
        """Supervise until SIGTERM or SIGINT, then end everything within five seconds."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self._stopping:
                self._tend()
                time.sleep(STEP)
        finally:
            self._end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _tend(self) -> None:
        for child in self.children:
            if child.tend():
                self._say(f"The {child.name} process had ended and was started again.")
        if self.tasks and time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + settings.ALOAI_WAITS["heartbeat"]
            try:
                close_old_connections()
                self._look_at_queue(self.tasks)
            except DatabaseError:
                log.warning("The heartbeat of the queue could not be read")

    def _look_at_queue(self, tasks: Child) -> None:
        """One beat at a time: asked for, then either answered or overdue."""
        row = Heartbeat.objects.filter(name="queue").first()
        asked, beat = (row.asked_at, row.beat_at) if row else (None, None)
        waiting = asked is not None and (beat is None or beat < asked)
        if not waiting:
            ask_for_beat()
            async_task("agents.core.tasks.beat")
            async_task("agents.outbox.tasks.tick")
            return
        overdue = timedelta(seconds=settings.ALOAI_WAITS["frozen"])
        since_start = time.monotonic() - tasks.started
        late = asked is not None and timezone.now() - asked > overdue
        if late and since_start > settings.ALOAI_WAITS["frozen"]:
            self._say("The background tasks stood still and were started again.")
            tasks.replace()
            ask_for_beat()
            async_task("agents.core.tasks.beat")

    def _end(self) -> None:
        until = time.monotonic() + GRACE
        for child in self.children:
            child.terminate()
        for child in self.children:
            with suppress(OSError):
                child.end(until)
