"""Whether a call reaches whom it is sent to, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.core.picks import by_pk, split
from agents.routing.models import Inbox, Person, RingGroup


@dataclass(frozen=True, slots=True)
class Gap:
    """Why nobody is rung; `outcome` is how a call to them ends, `lasting` that it has to be mended.

    Who is only away today, and an inbox that takes messages anyhow, do not stop publishing.
    """

    text: str
    outcome: str = "failed"
    lasting: bool = True


def gap(ref: str) -> Gap | None:
    """Why a call to this one rings nobody; None where it does."""
    return gaps([ref]).get(ref)


def gaps(refs: Iterable[str]) -> dict[str, Gap]:
    """Those that a call does not reach. At most two queries per kind."""
    by_kind: dict[str, list[str]] = {}
    for slug, key in map(split, refs):
        by_kind.setdefault(slug, []).append(key)
    return {
        f"{slug}:{key}": found
        for slug, keys in by_kind.items()
        if slug in _LOOKS
        for key, found in _LOOKS[slug](keys).items()
    }


def _people(keys: Sequence[str]) -> Mapping[str, Gap]:
    rows = Person.objects.filter(pk__in=by_pk(keys))
    return {str(row.pk): found for row in rows if (found := _person(row))}


def _person(row: Person) -> Gap | None:
    if not row.phone:
        return Gap(f"{row.name} has no phone number.")
    if not row.available:
        return Gap(f"{row.name} is not available.", "no_answer", lasting=False)
    return None


def _groups(keys: Sequence[str]) -> Mapping[str, Gap]:
    rows = RingGroup.objects.filter(pk__in=by_pk(keys)).prefetch_related("members")
    return {str(row.pk): found for row in rows if (found := _group(row))}


def _group(row: RingGroup) -> Gap | None:
    members = list(row.members.all())
    if not members:
        return Gap(f"“{row.name}” has no members.")
    with_number = [person for person in members if person.phone]
    if not with_number:
        return Gap(f"Nobody in “{row.name}” has a phone number.")
    if not any(person.available for person in with_number):
        return Gap(f"Nobody in “{row.name}” is available.", "no_answer", lasting=False)
    return None


def _inboxes(keys: Sequence[str]) -> Mapping[str, Gap]:
    rows = Inbox.objects.filter(pk__in=by_pk(keys)).prefetch_related("members")
    return {str(row.pk): found for row in rows if (found := _inbox(row))}


def _inbox(row: Inbox) -> Gap | None:
    """An inbox takes a message where nobody is rung."""
    if any(person.phone and person.available for person in row.members.all()):
        return None
    who = "Nobody" if not row.members.all() else "Nobody who can be rung"
    text = f"{who} is in “{row.name}”: a call leaves a message at once."
    return Gap(text, "no_answer", lasting=False)


_LOOKS = {"person": _people, "ring_group": _groups, "inbox": _inboxes}
