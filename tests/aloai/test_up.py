"""`manage.py up` as an operator meets it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.aloai.running import Running, free_port
from tests.aloai.visitor import Visitor, run_inside

WORKERS = 2


def test_first_start_keys_link_restart_and_stop(tmp_path: Path) -> None:
    """Ready line, keys of mode 600, a dead web process comes back, SIGTERM ends all."""
    folder = tmp_path / "var"
    with Running(folder) as product:
        product.wait_for("AloAi is ready")
        assert "demo business" in product.wait_for("It is empty.")
        for name in ("secret_key", "credential_key"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        assert "Agents" in Visitor(product).page("/")
        web = product.children()["web"]
        os.kill(web, signal.SIGKILL)
        assert product.get("/health/", 10)[0] == 200
        product.wait_for("was started again")
        pids = [pid for child in product.children().values() for pid in product.group(child)]
        assert product.stop() < 8
        assert product.process.returncode == 0
        time.sleep(0.2)
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_what_is_too_large_is_refused_while_it_comes(tmp_path: Path) -> None:
    """Without a length, piece by piece: the answer is there long before the end."""
    with Running(tmp_path / "var", "--no-tasks") as product:
        product.wait_for("AloAi is ready")
        with socket.create_connection(("127.0.0.1", product.port), timeout=20) as web:
            web.sendall(
                b"POST /enter/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            web.sendall(b"4400\r\n" + b"x" * 0x4400 + b"\r\n")
            answer = b""
            while piece := web.recv(4096):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert answer.endswith(b"at most 16 KB can be sent here.")
        assert product.get("/health/")[0] == 200


def test_a_link_leads_to_the_site_that_runs(tmp_path: Path) -> None:
    """Whatever port it was told."""
    with Running(tmp_path / "var", "--no-tasks") as product:
        product.wait_for("AloAi is ready")
        script = (
            "from io import StringIO; import json; from django.core.management import call_command;"
            "out = StringIO(); call_command('login_link', 'dana@example.com', stdout=out);"
            "print(json.dumps(out.getvalue()))"
        )
        link = str(run_inside(product.folder, script)).split()[0]
        assert link.startswith(f"{product.base}/enter/")
        assert product.get(link.removeprefix(product.base))[0] == 200


def test_nothing_is_left_behind_when_up_itself_is_killed(tmp_path: Path) -> None:
    """The processes end with the one that started them; the next start finds a free port."""
    with Running(tmp_path / "var") as product:
        product.wait_for("AloAi is ready")
        pids = [pid for child in product.children().values() for pid in product.group(child)]
        product.process.kill()
        until = time.monotonic() + 60
        while [pid for pid in pids if product.title(pid)]:
            assert time.monotonic() < until, [product.title(pid) for pid in pids]
            time.sleep(0.1)
    with Running(tmp_path / "var", "--no-tasks", port=product.port) as again:
        again.wait_for("AloAi is ready")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a product that has run before."""
    folder = tmp_path_factory.mktemp("used") / "var"
    with Running(folder, "--no-tasks") as product:
        product.wait_for("AloAi is ready")
    return folder


def test_a_database_with_data_is_copied_before_it_is_migrated(used: Path, tmp_path: Path) -> None:
    """The copy lies beside it and holds what was there."""
    folder = Path(shutil.copytree(used, tmp_path / "var"))
    with closing(sqlite3.connect(folder / "aloai.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'admin' AND name LIKE '0003%'")
    with Running(folder, "--no-tasks") as product:
        product.wait_for("was copied to")
        product.wait_for("AloAi is ready")
    (copy,) = (folder / "copies").glob("*.sqlite3")
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM core_user").fetchone() == (1,)


def test_a_newer_database_is_refused(used: Path, tmp_path: Path) -> None:
    """One clear sentence, and nothing is touched."""
    folder = Path(shutil.copytree(used, tmp_path / "var"))
    with closing(sqlite3.connect(folder / "aloai.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('panels', '9999_from_the_future', '2030-01-01')"
        )
    with Running(folder) as product:
        product.wait_for("is newer than this code (it has panels.9999_from_the_future)")
        assert product.process.wait(20) == 1


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """One clear sentence."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with Running(tmp_path / "var", port=other.getsockname()[1]) as product:
            product.wait_for(f"Port {other.getsockname()[1]} is taken")
            assert product.process.wait(20) == 1


def test_an_unreachable_database_is_named(tmp_path: Path) -> None:
    """One clear sentence."""
    url = f"postgres://nobody@127.0.0.1:{free_port()}/none"
    with Running(tmp_path / "var", DATABASE_URL=url) as product:
        product.wait_for("The database cannot be reached")
        assert product.process.wait(20) == 1


def _freeze(product: Running) -> int:
    """Kill the idle workers: the one that waits for a task never gives the queue back."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        time.sleep(0.2)
        cluster = product.children().get("tasks", 0)
        idle = [pid for pid in product.group(cluster) if "idle" in product.title(pid)]
        if product.beat() and len(idle) == WORKERS:
            for pid in idle:
                os.kill(pid, signal.SIGKILL)
            return cluster
    raise AssertionError(product.said())


def _recovers(product: Running, frozen: int, seconds: float) -> None:
    _until(product, lambda: "stood still and were started again" in product.said(), seconds)
    assert product.children().get("tasks") != frozen
    since = product.beat()
    _until(product, lambda: product.beat() != since, 60)


def _until(product: Running, true: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, product.said()
        time.sleep(0.2)


def test_a_frozen_cluster_is_started_again(tmp_path: Path) -> None:
    """An idle worker that is killed freezes django-q2; the heartbeat notices."""
    with Running(tmp_path / "var", ALOAI_FROZEN="15", ALOAI_HEARTBEAT="0.5") as product:
        product.wait_for("AloAi is ready")
        _recovers(product, _freeze(product), 60)


@pytest.mark.soak
def test_a_frozen_cluster_recovers_within_150_seconds(tmp_path: Path) -> None:
    """With the product's own threshold."""
    with Running(tmp_path / "var") as product:
        product.wait_for("AloAi is ready")
        _recovers(product, _freeze(product), 150)


def _refused(folder: Path, words: str, *arguments: str, **env: str) -> None:
    """It says so in one sentence, shows no traceback, and ends."""
    with Running(folder, *arguments, **env) as product:
        assert product.process.wait(60) == 1
        assert words in product.said()
        assert "Traceback" not in product.said()
        assert len(product.said().strip().splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """As a file it can be nobody's folder, whoever starts it."""
    (tmp_path / "var").write_text("")
    _refused(tmp_path / "var", "var cannot be written")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_missing_rights_are_named(tmp_path: Path) -> None:
    """A folder of somebody else."""
    (tmp_path / "var").mkdir(mode=0o500)
    _refused(tmp_path / "var", "var cannot be written")


def test_a_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """For example after a start as another user."""
    (tmp_path / "var" / "secret_key").mkdir(parents=True)
    _refused(tmp_path / "var", "secret_key cannot be read")


def test_an_address_that_is_no_database_is_named(tmp_path: Path) -> None:
    """Before anything is started."""
    _refused(tmp_path / "var", "DATABASE_URL must begin with", DATABASE_URL="mysql://a@b/c")
