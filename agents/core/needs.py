"""What an action type needs to act for real; rooms register how each kind is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actions.base import Need

_checks: dict[str, Callable[[], bool]] = {}


def register(kind: str, met: Callable[[], bool]) -> None:
    """How to see whether a need of this kind is met."""
    _checks[kind] = met


def unmet(needs: Iterable[Need]) -> list[Need]:
    """The needs that are not met; one that nobody can check is not met."""
    return [need for need in needs if need.kind not in _checks or not _checks[need.kind]()]
