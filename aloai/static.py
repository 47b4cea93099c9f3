"""One address per state of the static files, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(base: Path) -> str:
    """Changes when any file does; a prefix keeps what scripts and styles name relatively whole."""
    digest = hashlib.sha256((base / "requirements.txt").read_bytes())  # files of packages
    for file in sorted((base / "static").rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(base).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def never_changes(path: str, url: str) -> bool:
    """Whether a browser may keep the file for good."""
    return True
