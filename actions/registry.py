"""All action types; the look-up is the only dispatch there is."""

from __future__ import annotations

import importlib
import pkgutil
import re
import threading

from actions.base import ActionType
from actions.fields import Choices as Choices

_types: dict[str, ActionType] = {}
_SLUG = re.compile(r"^[a-z][a-z0-9_]{1,40}$")


class RegistryError(Exception):
    """An action type is not fit to be offered; raised at start-up."""


def register(cls: type[ActionType]) -> type[ActionType]:
    """Add a type to the catalog; raises RegistryError on a bad or taken slug."""
    for name in ("slug", "label", "group", "icon"):
        if not getattr(cls, name, ""):
            raise RegistryError(f"{cls.__name__} has no {name}.")
    if not _SLUG.match(cls.slug):
        raise RegistryError(f"“{cls.slug}” is not a legal tool name.")
    known = _types.get(cls.slug)
    if known and type(known).__qualname__ != cls.__qualname__:
        raise RegistryError(f"Two action types are called “{cls.slug}”.")
    if cls.default_moment not in cls.moments:
        raise RegistryError(f"{cls.slug}: its default moment is not one of its moments.")
    _types[cls.slug] = cls()
    return cls


def unregister(slug: str) -> None:
    """Take a type out again (tests that drop a type in)."""
    _types.pop(slug, None)


def get(slug: str) -> ActionType | None:
    """The type of this slug, or None for a stored row of a type that is no more."""
    _load()
    return _types.get(slug)


def all_types() -> list[ActionType]:
    """Every type, group by group, and in a group by rank, then by label."""
    _load()
    order = {group: n for n, group in enumerate(GROUPS)}
    return sorted(_types.values(), key=lambda k: (order.get(k.group, 99), k.rank, k.label))


GROUPS = (
    "Call routing",
    "Outcomes and tracking",
    "Contact and CRM",
    "Messaging",
    "Automation and integrations",
    "Compliance",
)
_loaded = False
_loading = threading.RLock()


def _load() -> None:
    """Import every file of the catalog once; a thread that comes meanwhile waits for all of it."""
    global _loaded
    if _loaded:
        return
    with _loading:
        if _loaded:
            return
        from actions import catalog

        for module in pkgutil.iter_modules(catalog.__path__):
            importlib.import_module(f"actions.catalog.{module.name}")
        _loaded = True
