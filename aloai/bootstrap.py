"""Makes the environment on first use, with the standard library only.

`python3 manage.py up` and `python3 manage.py test` must work on a machine that has nothing but
Python 3.11: they make `.venv`, install the pinned requirements and start again inside it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
CHROMIUM = Path("/usr/bin/chromium")
NEEDS = {"up": "requirements.txt", "test": "requirements-dev.txt"}


def enter(command: str) -> None:
    """Return inside an environment that has what the command needs, or leave with a sentence."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very check is for older ones
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"AloAi needs Python 3.11 or newer; this is {found}.")
    if command not in NEEDS or os.environ.get("ALOAI_NO_BOOTSTRAP"):
        return
    wanted = BASE / NEEDS[command]
    stamp = VENV / f".{wanted.stem}"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    python = VENV / "bin" / "python"
    if not python.exists():
        print("Making the environment in .venv …", flush=True)  # noqa: T201
        _make()
    if not stamp.exists() or stamp.read_text() != digest:
        print(f"Installing {wanted.name} …", flush=True)  # noqa: T201
        _install(python, wanted)
        stamp.write_text(digest)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), *sys.argv])  # noqa: S606 - ourselves, in the environment


def _make() -> None:
    try:
        venv.create(VENV, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"The environment .venv cannot be made here: {error}")


def _install(python: Path, wanted: Path) -> None:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--require-hashes", "-r", str(wanted)], check=False).returncode:  # noqa: S603
        sys.exit(f"{wanted.name} could not be installed: see the lines above.")


def chromium() -> str:
    """Install Chromium for the browser tests where we may; else a sentence that says so."""
    if CHROMIUM.exists() or shutil.which("chromium"):
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
