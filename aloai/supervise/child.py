"""One supervised process, in a session of its own; it dies with its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STEADY = 30.0  # seconds after which an earlier death no longer counts
LONGEST_PAUSE = 10.0
LIBC = ctypes.CDLL(None)  # loaded before the fork: little may be done between fork and exec


def _die_with_parent() -> None:
    """In the child, before it becomes the program: SIGTERM when the parent ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A process that is started again when it ends."""

    def __init__(
        self, name: str, command: Sequence[str], env: dict[str, str], fds: Sequence[int] = ()
    ) -> None:
        self.name, self.command, self.env, self.fds = name, list(command), env, tuple(fds)
        self.started = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """The running process."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it now."""
        self.started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self.command,
            env={**os.environ, **self.env},
            pass_fds=self.fds,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def tend(self) -> bool:
        """Start it again if it has ended, with a growing pause; whether it was started."""
        if self._process is None or self._process.poll() is None:
            return False
        now = time.monotonic()
        if not self._not_before:
            self._deaths = 1 if now - self.started > STEADY else self._deaths + 1
            pause = min(0.1 * 2 ** (self._deaths - 1), LONGEST_PAUSE)
            self._not_before = now + pause
            self._kill_group()
        if now < self._not_before:
            return False
        self._not_before = 0.0
        self.start()
        return True

    def replace(self) -> None:
        """Kill the whole group and start anew."""
        self._kill_group()
        if self._process:
            self._process.wait()
        self.start()

    def terminate(self) -> None:
        """Ask it to end."""
        if self._process and self._process.poll() is None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def end(self, until: float) -> None:
        """Wait for it until a moment, then end its group by force."""
        if self._process:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(max(until - time.monotonic(), 0.01))
            self._kill_group()

    def _kill_group(self) -> None:
        if self._process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
