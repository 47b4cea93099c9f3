"""The keys of an installation, made on first start and readable by its owner only."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.management.utils import get_random_secret_key

MAKERS: dict[str, Callable[[], str]] = {
    "secret_key": get_random_secret_key,
    "credential_key": lambda: Fernet.generate_key().decode(),
}


def ensure_keys(folder: Path) -> bool:
    """Make what neither the environment nor a file gives; whether anything was made.

    Raises PermissionError where the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = False
    for name, make in MAKERS.items():
        file = folder / name
        if os.environ.get(name.upper()) or file.exists():
            continue
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(make() + "\n")
        made = True
    return made
