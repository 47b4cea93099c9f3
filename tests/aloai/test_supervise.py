"""Parts of `up`, one by one."""

from __future__ import annotations

import socket
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from agents.core import services
from aloai.supervise import database, keys, port
from aloai.supervise.child import Child
from aloai.supervise.heart import Heart


def test_accepted_sockets_do_not_wait_to_fill_a_packet() -> None:
    with (
        port.listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("aloai.example", "http://aloai.example:8000"),
    ],
)
def test_the_address_can_be_opened(host: str, url: str) -> None:
    assert port.address(host, 8000) == url


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_only_this_machine_reaches_loopback(host: str) -> None:
    assert port.is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "aloai.example"])
def test_others_reach_the_rest(host: str) -> None:
    assert not port.is_loopback(host)


def test_a_host_that_is_not_ours_is_named() -> None:
    with pytest.raises(port.PortError, match=r"192\.0\.2\.1:8000 cannot be used"):
        port.listen("192.0.2.1", 8000)


@pytest.mark.parametrize("number", [65536, -1])
def test_a_port_that_cannot_be_is_named(number: int) -> None:
    with pytest.raises(port.PortError, match=f"There is no port {number}"):
        port.listen("127.0.0.1", number)


def test_keys_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("CREDENTIAL_KEY", "from the environment")
    assert keys.ensure_keys(tmp_path)
    made = (tmp_path / "secret_key").read_text()
    assert not keys.ensure_keys(tmp_path)
    assert (tmp_path / "secret_key").read_text() == made
    assert not (tmp_path / "credential_key").exists()


def test_without_pg_dump_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.shutil, "which", lambda name: None)
    with pytest.raises(database.DatabaseProblem, match="--no-copy"):
        database._copy_postgresql(tmp_path / "copy.dump")


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    services.ensure_user(email="dana@example.com")
    copy = database._copy(tmp_path / "copies")
    assert copy.stat().st_size > 10_000
    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file has an owner")
@pytest.mark.django_db(transaction=True)
def test_a_database_of_somebody_else_is_named(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        with pytest.raises(database.DatabaseProblem, match="cannot be written"):
            database.prepare(tmp_path, copy=True)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_current_database_is_left_alone(tmp_path: Path) -> None:
    assert database.prepare(tmp_path, copy=True) is None
    assert not list(tmp_path.iterdir())


def _ended(child: Child) -> None:
    until = time.monotonic() + 20
    while child._process and child._process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_dies_at_once_is_started_again_after_growing_pauses() -> None:
    child = Child("brief", [sys.executable, "-c", ""], {})
    child.start()
    pauses = []
    for _ in range(3):
        _ended(child)
        assert not child.tend()
        pauses.append(child._not_before - time.monotonic())
        while not child.tend():
            time.sleep(0.01)
    child.end(time.monotonic() + 5)
    assert pauses[0] < pauses[1] < pauses[2]


@pytest.fixture
def heart(db: None, settings: Any) -> Heart:
    """A heart that has asked, with a threshold that has passed when nothing moves."""
    settings.ALOAI_WAITS = {**settings.ALOAI_WAITS, "frozen": 0.0}
    made = Heart()
    made.look()
    return made


def _still(heart: Heart) -> bool:
    time.sleep(0.001)
    return heart.still


def test_one_beat_at_a_time_is_asked_for(heart: Heart) -> None:
    waiting = OrmQ.objects.count()
    heart.look()
    heart.look()
    assert OrmQ.objects.count() == waiting


def test_an_answer_asks_for_the_next(heart: Heart) -> None:
    waiting = OrmQ.objects.count()
    services.beat()
    heart.look()
    assert OrmQ.objects.count() == 2 * waiting


def test_a_queue_in_which_nothing_moves_stands_still(heart: Heart) -> None:
    heart.look()
    assert _still(heart)
    heart.restarted()
    assert not heart.still


def test_a_busy_queue_does_not(heart: Heart, settings: Any) -> None:
    """The beat waits behind long tasks; one of them was done."""
    heart.look()
    moved = heart._moved
    heart.look()
    assert heart._moved == moved
    OrmQ.objects.order_by("pk")[:1].get().delete()
    heart.look()
    assert heart._moved > moved


def test_an_old_answer_is_not_taken_for_the_new_one(heart: Heart) -> None:
    services.beat()
    services.Heartbeat.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    heart.look()
    assert _still(heart)


def test_a_database_that_is_away_is_no_frozen_cluster(
    heart: Heart, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = heart._moved

    class Stop(Exception):
        """Ends the loop that never ends."""

    def away(self: Heart) -> None:
        raise database.DatabaseError

    def stop(seconds: float) -> None:
        raise Stop

    monkeypatch.setattr(Heart, "look", away)
    monkeypatch.setattr("aloai.supervise.heart.close_old_connections", lambda: None)
    monkeypatch.setattr("aloai.supervise.heart.time.sleep", stop)
    with pytest.raises(Stop):
        heart._look_for_ever()
    assert heart._moved > before
