"""`manage.py up`: everything the product needs, in one process tree."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from agents.core.models import Role, User
from agents.core.services import ensure_user, make_login_link
from agents.panels.models import Agent
from aloai.supervise import database, keys, port
from aloai.supervise.child import Child
from aloai.supervise.watchdog import Watchdog

OWNER = "owner@localhost"
READY_WAIT = 30.0


class Command(BaseCommand):
    """Starts web, background tasks and watchdog; restarts what dies."""

    help = "Start the product."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--host", default=port.HOST)
        parser.add_argument("--port", type=int, default=port.PORT)
        parser.add_argument("--no-copy", action="store_true", help="no copy before a migration")
        parser.add_argument("--no-tasks", action="store_true", help="only the web process")
        parser.add_argument("--no-web", action="store_true", help="only the background tasks")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, supervise."""
        os.umask(0o077)  # the database and its copies are for this user only
        self._keys()
        listening = None if options["no_web"] else self._listen(options)
        self._database(copy=not options["no_copy"])
        call_command("basics", verbosity=0)
        call_command("recount", if_empty=True, verbosity=0)
        number = listening.getsockname()[1] if listening else options["port"]
        base = port.address(options["host"], number)
        if listening:
            port.remember(Path(settings.VAR_DIR), base)
        self._first_link(settings.PUBLIC_BASE_URL.rstrip("/") or base)
        local = {"ALOAI_LOCAL_MODELS": "1"} if port.is_loopback(options["host"]) else {}
        watchdog = Watchdog(
            self._web(listening, local) if listening else None,
            None if options["no_tasks"] else self._tasks(local),
            self._say,
        )
        if listening:
            threading.Thread(target=self._ready, args=(listening, base), daemon=True).start()
        else:
            self._say("AloAi's background tasks are running.")
        watchdog.run()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _keys(self) -> None:
        """Make the keys; the settings were read before, so start once more with them."""
        try:
            made = keys.ensure_keys(settings.VAR_DIR)
            writable = os.access(settings.VAR_DIR, os.W_OK)
        except OSError as error:
            raise CommandError(self._not_writable(error)) from error
        if not writable:
            raise CommandError(self._not_writable(None))
        if made:
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves

    def _not_writable(self, error: OSError | None) -> str:
        why = f" ({error.strerror})" if error and error.strerror else ""
        return f"{settings.VAR_DIR} cannot be written{why}: give this user the right to."

    def _listen(self, options: dict[str, Any]) -> socket.socket:
        try:
            return port.listen(options["host"], options["port"])
        except port.PortError as error:
            raise CommandError(str(error)) from error

    def _database(self, *, copy: bool) -> None:
        try:
            copied = database.prepare(Path(settings.VAR_DIR), copy=copy)
        except database.DatabaseProblem as error:
            raise CommandError(str(error)) from error
        if copied:
            self._say(f"The database was copied to {copied} before it was changed.")

    def _first_link(self, base: str) -> None:
        """Let the owner in, until somebody has been."""
        if User.objects.exclude(last_login=None).exists():
            return
        token = make_login_link(user=ensure_user(email=OWNER, role=Role.ADMIN))
        self._say(f"Sign in once with this link: {base}/enter/{token}/")

    def _hint(self) -> None:
        """Where nobody has made anything yet: what the first page offers."""
        if not Agent.objects.exists():
            self._say(
                "It is empty. The first page offers a demo business to look around in; "
                "`manage.py demo` creates it too."
            )

    def _web(self, listening: socket.socket, local: dict[str, str]) -> Child:
        command = [
            sys.executable, "-m", "uvicorn", "aloai.asgi:application",
            "--fd", str(listening.fileno()), "--loop", "uvloop", "--ws", "websockets-sansio",
            "--no-proxy-headers", "--lifespan", "on", "--no-access-log", "--log-level", "warning",
            "--timeout-graceful-shutdown", "2", "--ws-max-size", "1000000",
        ]  # fmt: skip
        return Child("web", command, local, [listening.fileno()])

    def _tasks(self, local: dict[str, str]) -> Child:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
        return Child("tasks", command, {"ALOAI_PROCESS": "tasks", **local})

    def _ready(self, listening: socket.socket, base: str) -> None:
        """One line once the web process answers, whatever it says."""
        while True:
            web = socket.socket(listening.family, socket.SOCK_STREAM)
            try:
                web.settimeout(READY_WAIT)
                web.connect(listening.getsockname())
                web.sendall(
                    b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                answered = web.recv(16).startswith(b"HTTP/")
            except OSError:
                answered = False
            finally:
                web.close()
            if answered:
                self._say(f"AloAi is ready: {base}/")
                self._hint()
                return
            time.sleep(0.1)
