"""Credentials at rest: encrypted with the first key, readable with any of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

NAME = "CREDENTIAL_KEY"


class WrongCredentialKey(Exception):
    """Stored credentials cannot be read with the keys that are set."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def encrypt(text: str) -> str:
    """The text, readable only with the key."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(secret: str) -> str:
    """The text again. Raises WrongCredentialKey; what is stored is never handed out instead."""
    try:
        return _keys().decrypt(secret.encode()).decode()
    except (InvalidToken, ValueError):
        raise WrongCredentialKey(
            f"The stored credentials were not written with {_named()}. Set {NAME} to the key "
            "they were saved with, or enter the credentials again."
        ) from None


def fingerprint(key: str) -> str:
    """A short name for a key that gives nothing of it away."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def _keys() -> MultiFernet:
    return _fernet(tuple(settings.CREDENTIAL_KEYS))


@lru_cache(maxsize=8)
def _fernet(keys: Sequence[str]) -> MultiFernet:
    if not keys:
        raise WrongCredentialKey(f"There is no key for credentials. Set {NAME}.")
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise WrongCredentialKey(f"{_named()} is not a key that can be used.") from None


def _named() -> str:
    prints = ", ".join(fingerprint(key) for key in settings.CREDENTIAL_KEYS)
    return f"the {NAME} in use (fingerprint {prints})"
