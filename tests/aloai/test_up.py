"""`manage.py up` as an operator meets it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.aloai.running import Running, free_port


def test_first_start_keys_link_restart_and_stop(tmp_path: Path) -> None:
    """Ready line, keys of mode 600, a dead web process comes back, SIGTERM ends all."""
    folder = tmp_path / "var"
    with Running(folder) as product:
        product.wait_for("AloAi is ready")
        for name in ("secret_key", "credential_key"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        link = product.link()
        assert product.get(link)[0] == 200
        web = product.children()["web"]
        os.kill(web, signal.SIGKILL)
        assert product.get("/health/", 10)[0] == 200
        product.wait_for("was started again")
        pids = [pid for child in product.children().values() for pid in product.group(child)]
        assert product.stop() < 8
        assert product.process.returncode == 0
        time.sleep(0.2)
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


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


def test_a_frozen_cluster_is_started_again(tmp_path: Path) -> None:
    """An idle worker that is killed freezes django-q2; the heartbeat notices."""
    with Running(tmp_path / "var", ALOAI_FROZEN="6", ALOAI_HEARTBEAT="0.5") as product:
        product.wait_for("AloAi is ready")
        time.sleep(2)
        before = product.children()["tasks"]
        members = product.group(before)
        for pid in members[1:]:
            os.kill(pid, signal.SIGSTOP)
        product.wait_for("stood still and were started again", 60)
        assert product.children()["tasks"] != before


@pytest.mark.soak
def test_a_frozen_cluster_recovers_within_150_seconds(tmp_path: Path) -> None:
    """With the product's own threshold."""
    with Running(tmp_path / "var") as product:
        product.wait_for("AloAi is ready")
        time.sleep(8)
        before = product.children()["tasks"]
        begun = time.monotonic()
        for pid in product.group(before)[1:]:
            os.kill(pid, signal.SIGSTOP)
        product.wait_for("stood still and were started again", 150)
        assert time.monotonic() - begun < 150
