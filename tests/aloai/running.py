"""The product, really started: `manage.py up` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


# What the tests set for themselves and the product must not inherit.
DROPPED = ("SECRET_KEY", "CREDENTIAL_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """One started product with its own folder; always ended."""

    def __init__(self, folder: Path, *arguments: str, port: int = 0, **env: str) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder.parent / f"{folder.name}-{time.monotonic_ns()}.log"
        clean = {name: value for name, value in os.environ.items() if name not in DROPPED}
        self.process = subprocess.Popen(
            [sys.executable, str(MANAGE), "up", "--port", str(self.port), *arguments],
            env={**clean, "ALOAI_VAR": str(folder), "ALOAI_NO_BOOTSTRAP": "1", **env},
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )

    def said(self) -> str:
        """Everything printed so far."""
        return self.log.read_text()

    def wait_for(self, words: str, seconds: float = 60) -> str:
        """Wait until something is printed; AssertionError with the log when it is not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if words in self.said():
                return self.said()
            if self.process.poll() is not None and words not in self.said():
                break
            time.sleep(0.05)
        assert words in self.said(), self.said()
        return self.said()

    def get(self, path: str, seconds: float = 15) -> tuple[int, str]:
        """A page; connections wait while the web process restarts."""
        until = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(self.base + path, timeout=seconds) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def children(self) -> dict[str, int]:
        """The processes directly below `up`, by what they run."""
        found = {}
        for line in (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ):
            command = Path(f"/proc/{line}/cmdline").read_text()
            found["web" if "uvicorn" in command else "tasks"] = int(line)
        return found

    def group(self, pid: int) -> list[int]:
        """All processes of a child's group."""
        members = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getpgid(int(entry.name)) == pid:
                        members.append(int(entry.name))
                except (ProcessLookupError, PermissionError):
                    continue
        return sorted(members)

    def title(self, pid: int) -> str:
        """How a process calls itself; nothing once it has ended."""
        try:
            return Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            return ""

    def beat(self) -> str:
        """When the queue beat last."""
        with closing(sqlite3.connect(self.folder / "aloai.sqlite3", timeout=20)) as database:
            found = database.execute("SELECT beat_at FROM core_heartbeat").fetchone()
        return str(found[0]) if found else ""

    def link(self) -> str:
        """The owner's one-time link."""
        found = re.search(r"(/enter/[\w-]+/)", self.wait_for("/enter/"))
        assert found
        return found.group(1)

    def stop(self) -> float:
        """SIGTERM; seconds until everything has ended."""
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
        return time.monotonic() - begun

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.stop()
