"""Pick lists: what settings may refer to (`person:12`), where its label and its rows come from.

A room registers its kinds at start-up. A reference is a kind, a colon and a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be picked."""

    ref: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """Where a pick stands: on whose panel, below which other pick."""

    panel: int | None = None
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """Who refers to something."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is doubtful about picking something: a level of the linter, and a sentence.

    `mend` is the reference whose form mends it.
    """

    level: str
    text: str
    mend: str = ""


ANYBODY = "*"
"""The key that stands for a pick left empty, where that means all of a kind."""


class CannotCreate(ValueError):
    """A new entry was refused; the text is the sentence for the person."""


@dataclass(frozen=True, slots=True)
class PickKind:
    """One source of picks. `parent` is the kind whose pick narrows the options.

    `labels` gives labels by key and leaves out what is gone. `create` makes a row from a name in
    place and returns its key; `by_form` says that people fill in a form instead, as a name alone
    is not enough.
    `details` gives JSON by key that a version keeps beside the label, as `function:3#details`.
    """

    slug: str
    label: str
    group: str
    options: Callable[[Within], Iterable[Option]]
    labels: Callable[[Sequence[str]], Mapping[str, str]]
    parent: str = ""
    create: Callable[[str, Any], str] | None = None
    by_form: bool = False
    new: str = ""
    details: Callable[[Sequence[str]], Mapping[str, str]] | None = None

    @property
    def makes(self) -> bool:
        """Whether a new one can be made in place, and a chosen one be changed there."""
        return self.by_form or self.create is not None


_kinds: dict[str, PickKind] = {}
_users: list[Callable[[str], Iterable[Use]]] = []
_troubles: dict[str, Callable[[Sequence[str], UUID], Mapping[str, Trouble]]] = {}


def register(kind: PickKind) -> None:
    """Offer a kind; called by a room at start-up."""
    _kinds[kind.slug] = kind


def register_uses(handler: Callable[[str], Iterable[Use]]) -> None:
    """Add a look-up of who refers to a reference."""
    _users.append(handler)


def register_troubles(
    slug: str, look: Callable[[Sequence[str], UUID], Mapping[str, Trouble]]
) -> None:
    """How to see by key what is wrong with picks of a kind on the panel of an agent."""
    _troubles[slug] = look


def kind(slug: str) -> PickKind | None:
    """The kind of this slug."""
    return _kinds.get(slug)


def split(ref: str) -> tuple[str, str]:
    """Kind and key of a reference."""
    slug, _, key = ref.partition(":")
    return slug, key


def options(slug: str, within: Within | None = None) -> list[Option]:
    """What a kind offers; nothing for a kind that no room has registered."""
    found = _kinds.get(slug)
    return list(found.options(within or Within())) if found else []


def labels(refs: Iterable[str]) -> dict[str, str]:
    """Labels by reference; what is gone is left out. One query per kind."""
    return {
        f"{slug}:{key}": label
        for slug, wanted in _by_kind(refs).items()
        if slug in _kinds
        for key, label in _kinds[slug].labels(wanted).items()
    }


def details(refs: Iterable[str]) -> dict[str, str]:
    """What a version keeps beside the labels, as `function:3#details`."""
    return {
        f"{slug}:{key}#details": text
        for slug, wanted in _by_kind(refs).items()
        if slug in _kinds and (look := _kinds[slug].details)
        for key, text in look(wanted).items()
    }


def troubles(refs: Iterable[str], agent: UUID) -> dict[str, Trouble]:
    """What is wrong with picking these, by reference. At most one query per kind."""
    return {
        f"{slug}:{key}": trouble
        for slug, wanted in _by_kind(refs).items()
        if slug in _troubles
        for key, trouble in _troubles[slug](wanted, agent).items()
    }


def _by_kind(refs: Iterable[str]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for ref in dict.fromkeys(refs):
        slug, key = split(ref)
        if key:
            keys.setdefault(slug, []).append(key)
    return keys


def exists(ref: str) -> bool:
    """Whether the reference still leads somewhere."""
    return ref in labels([ref])


def create(slug: str, text: str, user: Any = None) -> str:
    """Make an entry in place and return its reference; raises CannotCreate."""
    found = _kinds.get(slug)
    if found is None or found.create is None:
        raise CannotCreate("This cannot be created here.")
    return f"{slug}:{found.create(text, user)}"


def uses(ref: str) -> list[Use]:
    """Who refers to it."""
    return [use for handler in _users for use in handler(ref)]


def by_pk(keys: Sequence[str]) -> list[int]:
    """The keys that can be primary keys."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
