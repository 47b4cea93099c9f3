"""A locked database: a sentence, a step that can be repeated, and nobody waits for long."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters

from agents.core import services
from agents.core.views import BACKEND
from aloai.urls import handler400, handler500
from aloai.urls import urlpatterns as routes
from tests.aloai.locking import locked_database

__all__ = ["handler400", "handler500"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]
SECONDS = 0.1
tries: list[str] = []


def _writes(request: HttpRequest) -> HttpResponse:
    tries.append(request.method or "")
    services.beat()
    return HttpResponse("written")


def _fails_once(request: HttpRequest) -> HttpResponse:
    tries.append(request.method or "")
    if len(tries) == 1:
        raise _locked()
    return HttpResponse("answered")


def _waits_for_the_writer(request: HttpRequest) -> HttpResponse:
    unit: Future[None] = Future()
    unit.set_exception(_locked())
    unit.result()
    return HttpResponse("never")


def _has_no_table(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    return HttpResponse("never")


def _shows_the_limit(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(_limit()))


urlpatterns = [
    path("writes/", _writes),
    path("marked/", sensitive_post_parameters()(_writes)),
    path("once/", _fails_once),
    path("waits/", _waits_for_the_writer),
    path("table/", _has_no_table),
    path("limit/", _shows_the_limit),
    *routes,
]


def _locked() -> OperationalError:
    """What the driver raises, as Django hands it on."""
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error


def _limit() -> int:
    """Milliseconds that this thread's connection waits for a lock."""
    ask = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout"
    with connection.cursor() as cursor:
        cursor.execute(ask)
        return int(str(cursor.fetchone()[0]).removesuffix("ms").replace("s", "000"))


@pytest.fixture(autouse=True)
def _short(settings: Any) -> Iterator[None]:
    """Requests wait a moment only; each begins with a connection of its own."""
    tries.clear()
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "database_lock": SECONDS}
    connection.close()
    yield
    connection.close()


@pytest.fixture
def client() -> Client:
    """As a browser: what failed on the server is an answer."""
    return Client(raise_request_exception=False)


def test_a_page_says_so_and_can_be_asked_again(client: Client) -> None:
    with locked_database():
        answer = client.get("/writes/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"The database is busy" in answer.content
    assert b"<form" not in answer.content
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert client.get("/writes/").content == b"written"


def test_what_was_posted_is_sent_again_by_a_button(client: Client) -> None:
    fields = {"name": '"Maria" <Lopez>', "tags": ["a", "b"]}
    with locked_database():
        page = client.post("/writes/?tab=2", fields)
    text = page.content.decode()
    assert page.status_code == 503
    assert 'name="name" value="&quot;Maria&quot; &lt;Lopez&gt;"' in text
    assert text.count('name="tags"') == 2
    assert text.count('name="csrfmiddlewaretoken"') == 1
    assert "action=" not in text
    assert tries == ["POST"]
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/writes/", "/marked/"])
def test_secrets_are_not_shown(client: Client, path: str) -> None:
    fields = {"name": "s3cret-value"}
    if path == "/writes/":
        fields |= {"api_key": "x"}
    with locked_database():
        page = client.post(path, fields)
    assert page.status_code == 503
    assert b"s3cret-value" not in page.content
    assert b"Go back in your browser" in page.content


def test_htmx_gets_a_sentence_and_leaves_the_form_alone(client: Client) -> None:
    with locked_database():
        answer = client.post("/writes/", {"name": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("text/plain")
    assert b"What you typed is still here" in answer.content


def test_what_was_not_checked_for_its_origin_is_not_shown() -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    with locked_database():
        page = client.post("/writes/", {"name": "forged"})
    assert page.status_code == 403
    assert tries == []


def test_a_read_that_failed_at_once_is_tried_again_silently(client: Client) -> None:
    assert client.get("/once/").content == b"answered"
    assert tries == ["GET", "GET"]


def test_a_write_is_never_tried_again(client: Client) -> None:
    assert client.post("/once/").status_code == 503
    assert tries == ["POST"]


def test_a_read_that_waited_long_is_not_tried_again(client: Client, settings: Any) -> None:
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "database_retry": 0.0}
    assert client.get("/once/").status_code == 503
    assert tries == ["GET"]


def test_what_the_writer_could_not_write_counts_as_well(client: Client) -> None:
    assert client.get("/waits/").status_code == 503


def test_another_fault_of_the_database_stays_a_fault(client: Client) -> None:
    assert client.get("/table/").status_code == 500


def test_the_log_has_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        client.post("/once/")
    (record,) = caplog.records
    assert record.getMessage() == "The database was busy: /once/"
    assert record.exc_info is None


def test_a_link_is_not_used_up_where_the_session_cannot_be_stored(client: Client) -> None:
    token = services.make_login_link(user=services.ensure_user(email="dana@example.com"))
    with locked_database():
        assert client.post(f"/enter/{token}/").status_code == 503
    assert client.post(f"/enter/{token}/").status_code == 302


def test_a_session_that_cannot_be_stored_is_no_fault_of_the_browser(
    client: Client, settings: Any
) -> None:
    """Django says 400, *the session was deleted*, where its row cannot be written."""
    client.force_login(services.ensure_user(email="dana@example.com"), backend=BACKEND)
    settings.SESSION_SAVE_EVERY_REQUEST = True
    with locked_database():
        assert client.get("/limit/").status_code == 503


def test_a_request_waits_less_than_everything_else(client: Client) -> None:
    assert client.get("/limit/").content == str(int(SECONDS * 1000)).encode()
    connection.close()
    assert _limit() in (20000, 0)  # SQLite's, and PostgreSQL's *no limit*


def test_under_a_server_too() -> None:
    """There the view runs in another thread than what begins the request."""
    answer = asyncio.run(AsyncClient().get("/limit/"))
    assert answer.content == str(int(SECONDS * 1000)).encode()
