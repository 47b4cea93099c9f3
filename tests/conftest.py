"""What every test may rely on, and what none may do."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests import loops

os.environ.setdefault("CREDENTIAL_KEY", Fernet.generate_key().decode())
os.environ["SITE_TIME_ZONE"] = "UTC"
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-that-is-long-enough-to-be-taken")

VAR = Path(os.environ.get("ALOAI_VAR", Path(__file__).resolve().parent.parent / "var"))
VAR.mkdir(parents=True, exist_ok=True)  # the test databases lie there


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser comes last: from then on its event loop is the thread's.

    Where there is no Chromium, `manage.py test` has said so.
    """
    items.sort(key=_drives_a_browser)
    if shutil.which("chromium"):
        return
    for item in filter(_drives_a_browser, items):
        item.add_marker(pytest.mark.skip(reason="Chromium is missing"))


def _drives_a_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


LOOPBACK = ("127.", "::1", "localhost")
_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class LeftTheMachine(AssertionError):
    """A test tried to reach something that is not on loopback."""


class NetworkInTransaction(AssertionError):
    """A network call was made inside a transaction."""


def _check(sock: socket.socket, address: Any) -> None:
    if sock.family == socket.AF_UNIX:
        return
    host = str(address[0])
    if not host.startswith(LOOPBACK):
        raise LeftTheMachine(f"A test tried to reach {host}.")
    from django.conf import settings
    from django.db import connection

    if address[1] == settings.DATABASES["default"].get("PORT"):
        return
    if connection.in_atomic_block and len(connection.savepoint_ids) > _outer:
        raise NetworkInTransaction(f"{host}:{address[1]} inside a transaction")


_outer = -1  # savepoints of the transaction that pytest-django wraps around a test


@pytest.fixture(autouse=True)
def _own_transaction(request: pytest.FixtureRequest) -> Iterator[None]:
    """Only transactions inside the test's own one count as transactions of the product."""
    global _outer
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
    from django.db import connection

    _outer = len(connection.savepoint_ids) if connection.in_atomic_block else -1
    yield
    _outer = -1


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _check(self, address)
    return _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _check(self, address)
    return _connect_ex(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """No socket beyond loopback, no network inside a transaction."""
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _guarded_loops(_no_network: None) -> Iterator[None]:
    """Blocking calls on the thread of a running event loop are seen."""
    with loops.guarded():
        yield


@pytest.fixture(autouse=True)
def _no_blocked_loop() -> Iterator[None]:
    """A call that holds an event loop fails the test, also where the product survives it."""
    loops.found()
    yield
    assert loops.found() == []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL drops no database in use, and threads of the product keep their connection."""
    yield
    from django.db import connection

    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def _short_waits(settings: Any) -> None:
    """The product's own waits, shortened; a credential key, also where Django was set up before."""
    settings.CREDENTIAL_KEYS = [os.environ["CREDENTIAL_KEY"]]
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "grace": 0.02, "poll": 0.05}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _forget() -> None:
    """Compiled versions: those of another test may have had the same primary keys."""
    from agents.engine import compiled

    compiled.forget()


@pytest.fixture
def user_of(db: None) -> Callable[[str], Any]:
    """A user of a role."""
    from agents.core.services import ensure_user

    return lambda role: ensure_user(email=f"{role}@example.com", role=role)


@pytest.fixture
def client_for(user_of: Callable[[str], Any]) -> Callable[[str], Any]:
    """A test client signed in as a user of a role."""
    from django.test import Client

    def make(role: str) -> Client:
        client = Client()
        client.force_login(user_of(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parent.parent
