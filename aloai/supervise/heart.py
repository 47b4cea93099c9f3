"""Notices a cluster that looks alive but works no more.

django-q2's workers wait for tasks holding a semaphore: one that is killed while it waits never
gives it back, and the whole cluster stands still. Only what leaves the queue proves that it works:
a heartbeat of our own, or any other task. It looks in a thread of its own, because a database that
does not answer must not keep `up` from tending its processes.
"""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from agents.core.models import Heartbeat
from agents.core.services import ask_for_beat

log = logging.getLogger(__name__)
OLDEST = 50  # of the waiting tasks, enough to see that one of them has left


class Heart:
    """Asks the queue to beat, one beat at a time, and counts how long nothing has moved."""

    def __init__(self) -> None:
        self._moved = time.monotonic()
        self._asked = timezone.now()
        self._waiting = False
        self._oldest: set[int] = set()

    def start(self) -> None:
        """Look from now on."""
        threading.Thread(target=self._look_for_ever, name="heart", daemon=True).start()

    def restarted(self) -> None:
        """A new cluster: what the old one had taken comes back much later, so ask anew."""
        self._waiting = False
        self._moved = time.monotonic()

    @property
    def still(self) -> bool:
        """Whether the cluster stands still for too long."""
        return self._waiting and time.monotonic() - self._moved > settings.ALOAI_WAITS["frozen"]

    def _look_for_ever(self) -> None:
        while True:
            try:
                close_old_connections()
                self.look()
            except DatabaseError:
                log.warning("The heartbeat of the queue could not be read")
                self._moved = time.monotonic()  # nobody can tell
            time.sleep(settings.ALOAI_WAITS["heartbeat"])

    def look(self) -> None:
        """See whether anything moved; ask for the next beat when the last one came."""
        if not self._waiting or self._has_beaten() or self._has_moved():
            self._moved = time.monotonic()
        if not self._waiting or self._has_beaten():
            self._asked = timezone.now()
            ask_for_beat()
            async_task("agents.core.tasks.beat")
            async_task("agents.outbox.tasks.tick")
            self._waiting = True

    def _has_beaten(self) -> bool:
        return Heartbeat.objects.filter(name="queue", beat_at__gte=self._asked).exists()

    def _has_moved(self) -> bool:
        """Whether one of the oldest tasks has left the queue since the last look."""
        gone = bool(self._oldest) and (
            OrmQ.objects.filter(pk__in=self._oldest).count() < len(self._oldest)
        )
        self._oldest = set(OrmQ.objects.order_by("pk").values_list("pk", flat=True)[:OLDEST])
        return gone
