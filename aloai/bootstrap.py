"""Makes the environment on first use, with the standard library only.

`python3 manage.py up` and `python3 manage.py test` must work on a machine that has nothing but
Python 3.11: they make `.venv`, install the pinned requirements and start again inside it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
RUNTIME, DEVELOPMENT = BASE / "requirements.txt", BASE / "requirements-dev.txt"
PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


def enter(command: str) -> None:
    """Return inside an environment that has what the command needs, or leave with a sentence."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very check is for older ones
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"AloAi needs Python 3.11 or newer; this is {found}.")
    wanted = DEVELOPMENT if command == "test" else RUNTIME
    if os.environ.get("ALOAI_NO_BOOTSTRAP") or installed(wanted):
        return
    stamp = VENV / f".{wanted.stem}"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    python = VENV / "bin" / "python"
    if not python.exists():
        print("Creating the environment in .venv …", flush=True)  # noqa: T201
        _make()
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if inside or not stamp.exists() or stamp.read_text() != digest:
        print(f"Installing {wanted.name} …", flush=True)  # noqa: T201
        _install(python, wanted)
        stamp.write_text(digest)
    if not inside:
        os.execv(python, [str(python), *sys.argv])  # noqa: S606 - ourselves, in the environment


def installed(wanted: Path) -> bool:
    """Whether this very interpreter has every pinned version."""
    try:
        return all(metadata.version(name) == pin for name, pin in PIN.findall(wanted.read_text()))
    except metadata.PackageNotFoundError:
        return False


def _make() -> None:
    try:
        venv.create(VENV, with_pip=True)
    except OSError as error:
        sys.exit(f"The environment .venv cannot be created here: {error.strerror or error}.")
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "Python's venv module is missing: install it (Debian: apt-get install python3-venv)."
        )


def _install(python: Path, wanted: Path) -> None:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--require-hashes", "-r", str(wanted)], check=False).returncode:  # noqa: S603
        sys.exit(f"{wanted.name} could not be installed: see the lines above.")


def chromium() -> str:
    """Install Chromium for the browser tests where we may; else a sentence that says so."""
    if shutil.which("chromium"):
        return ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "Chromium is missing: install it (Debian: apt-get install chromium)."
    print("Installing Chromium for the browser tests …", flush=True)  # noqa: T201
    _apt_get("update", "-qq")
    installed = _apt_get("install", "-y", "-qq", "chromium")
    return "" if installed else "Chromium could not be installed."


def _apt_get(*arguments: str) -> bool:
    command = ["apt-get", *arguments]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603
