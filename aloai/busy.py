"""A database that is locked or does not answer: how long a request waits, and what it says then."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader

from agents.core.waits import wait

RETRY_AFTER = "5"  # seconds
SQLITE_CODES = {5, 6}  # SQLITE_BUSY and SQLITE_LOCKED, without what may stand in the higher bits
# Connection, rollback by others, resources, locks and time limits, shutdown.
POSTGRESQL_CLASSES = {"08", "40", "53", "55", "57"}
SECRET = re.compile("password|secret|token|key|credential", re.IGNORECASE)
REFUSED = "The database is busy. What you typed is still here; try again in a moment."

_in_request: ContextVar[bool] = ContextVar("in_request", default=False)


class BusyDatabase:
    """Reads are tried once more where the first try failed at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; connections that are opened on the way wait less long for locks."""
        inside = _in_request.set(True)
        try:
            return self._answer(request)
        finally:
            _in_request.reset(inside)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        response = self.get_response(request)
        busy = getattr(response, "database_busy", False)
        soon = time.monotonic() - begun < wait("database_retry")
        if not (busy and soon and request.method in ("GET", "HEAD")):
            return response
        close_old_connections()
        return self.get_response(request)


def limit_lock_wait(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """For a request only: the writer thread and the background tasks have more time."""
    if not _in_request.get():
        return
    milliseconds = int(wait("database_lock") * 1000)
    name = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SET lock_timeout"
    with connection.cursor() as cursor:
        cursor.execute(f"{name} = {milliseconds}")


def is_busy(error: BaseException | None) -> bool:
    """Whether an error comes from a database that is locked or does not answer."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError) and _passes(error.__cause__):
            return True
        error = error.__cause__ or error.__context__
    return False


def _passes(cause: Any) -> bool:
    """Whether what the driver said may be over in a moment; a missing table is not."""
    if hasattr(cause, "sqlite_errorcode"):
        return cause.sqlite_errorcode & 0xFF in SQLITE_CODES
    if hasattr(cause, "sqlstate"):
        return cause.sqlstate is None or cause.sqlstate[:2] in POSTGRESQL_CLASSES
    return False


def answer(request: HttpRequest) -> HttpResponse:
    """503: a sentence for htmx, else a page that sends the same data again where that is sound."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(REFUSED, content_type="text/plain; charset=utf-8", status=503)
    else:
        # Without the request: who is signed in stands in the database.
        context = {"posted": request.method == "POST", "fields": _fields(request)}
        page = loader.get_template("503.html").render({**context, "csrf_token": get_token(request)})
        response = HttpResponse(page, status=503)
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    response.database_busy = True  # type: ignore[attr-defined]
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django adds a traceback
    return response


def _fields(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What was posted; None where it must not be shown, or did not pass the check of its origin."""
    checked = getattr(request, "csrf_processing_done", False)
    if request.method != "POST" or not checked or request.FILES:
        return None
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    if hasattr(request, "sensitive_post_parameters") or any(map(SECRET.search, names)):
        return None
    return [(name, str(value)) for name in names for value in request.POST.getlist(name)]
