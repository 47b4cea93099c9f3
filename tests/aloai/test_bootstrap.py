"""What happens before anything is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aloai import bootstrap


def test_an_older_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is 3\.10\."):
        bootstrap.enter("up")


def test_it_needs_nothing_that_is_not_in_python() -> None:
    """With `-S` there are no installed packages at all."""
    lines = "from aloai import bootstrap; print(bootstrap.installed(bootstrap.RUNTIME))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", lines], cwd=bootstrap.BASE, capture_output=True, text=True
    )
    assert done.stdout.strip() == "False", done.stderr


def test_an_environment_that_has_everything_is_used(tmp_path: Path) -> None:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("# by hand\npytest==" + pytest.__version__ + " \\\n    --hash=sha256:00\n")
    assert bootstrap.installed(wanted)


@pytest.mark.parametrize("pin", ["pytest==0.0.1", "no-such-package-anywhere==1.0"])
def test_another_version_or_none_is_not(tmp_path: Path, pin: str) -> None:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text(pin)
    assert not bootstrap.installed(wanted)


@pytest.mark.parametrize("file", [bootstrap.RUNTIME, bootstrap.DEVELOPMENT])
def test_every_pin_has_a_hash_and_no_registry_is_named(file: Path) -> None:
    text = file.read_text()
    assert text.count("==") == len(bootstrap.PIN.findall(text))
    blocks = bootstrap.PIN.split(text)[1:]
    assert all("--hash=sha256:" in rest for rest in blocks[2::3])
    assert "://" not in text
    assert "index-url" not in text


def test_what_runs_is_what_is_tested() -> None:
    """The development list holds every run-time pin unchanged."""
    running = set(bootstrap.PIN.findall(bootstrap.RUNTIME.read_text()))
    assert running <= set(bootstrap.PIN.findall(bootstrap.DEVELOPMENT.read_text()))


def test_where_chromium_may_not_be_installed_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "apt-get install chromium" in bootstrap.chromium()
