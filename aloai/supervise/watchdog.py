"""The loop of `up`: what dies or stands still is started again; one signal ends everything."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from aloai.supervise.child import Child
from aloai.supervise.heart import Heart

STEP = 0.1
GRACE = 4.0  # seconds that everything has to end on SIGTERM


class Watchdog:
    """Supervises the processes until SIGTERM or SIGINT."""

    def __init__(self, web: Child | None, tasks: Child | None, say: Callable[[str], None]) -> None:
        self.web, self.tasks, self._say = web, tasks, say
        self._heart = Heart()
        self._stopping = False

    @property
    def children(self) -> list[Child]:
        """All that are supervised."""
        return [child for child in (self.web, self.tasks) if child]

    def run(self) -> None:
        """Start, supervise, and end everything within five seconds."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            for child in self.children:
                child.start()
            if self.tasks:
                self._heart.start()
            while not self._stopping:
                self._tend()
                time.sleep(STEP)
        finally:
            self._end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _tend(self) -> None:
        if self.web and self.web.tend():
            self._say("The web process had ended and was started again.")
        if self.tasks and self.tasks.tend():
            self._heart.restarted()
            self._say("The background tasks had ended and were started again.")
        if self.tasks and self._heart.still:
            self._heart.restarted()
            self.tasks.replace()
            self._say("The background tasks stood still and were started again.")

    def _end(self) -> None:
        until = time.monotonic() + GRACE
        for child in self.children:
            child.terminate()
        for child in self.children:
            with suppress(OSError):
                child.end(until)
