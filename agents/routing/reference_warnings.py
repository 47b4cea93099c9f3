"""What is doubtful about picking a person, a group or a number: it cannot be reached like that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from agents.core.picks import ANYBODY, Trouble, by_pk, register_troubles
from agents.routing import reach
from agents.routing.models import GroupMember, Inbox, Line, Person


def _own_lines() -> dict[str, str]:
    """The numbers that agents answer, with their names; practice lines are never rung."""
    lines = Line.objects.filter(practice=False).exclude(number="")
    return {line.number: line.name for line in lines}


def _comes_back(whom: str, line: str) -> Trouble:
    return Trouble(
        "warning", f"{whom} has the number of your line “{line}”: calls would loop back."
    )


def _persons(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Persons whose number is a line of the house."""
    own = _own_lines()
    rows = Person.objects.filter(pk__in=by_pk(keys), phone__in=own) if own else ()
    return {str(row.pk): _comes_back(row.name, own[row.phone]) for row in rows}


def _groups(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Groups with such a person."""
    own = _own_lines()
    places = GroupMember.objects.filter(group__in=by_pk(keys), person__phone__in=own)
    return {
        str(place.group_id): _comes_back(place.person.name, own[place.person.phone])
        for place in (places.select_related("person") if own else ())
    }


def _numbers(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Numbers that are a line of the house."""
    own = _own_lines()
    return {
        key: Trouble(
            "warning", f"It is the number of your line “{own[key]}”: calls would loop back."
        )
        for key in keys
        if key in own
    }


def _without_extension(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Persons who are to be reached by an extension and have none; or nobody has one."""
    found = {
        str(row.pk): Trouble("error", f"{row.name} has no extension.", f"person:{row.pk}")
        for row in Person.objects.filter(pk__in=by_pk(keys), extension="")
    }
    if ANYBODY in keys and not Person.objects.exclude(extension="").exists():
        found[ANYBODY] = Trouble("error", "Nobody has an extension yet.")
    return found


def _unreached(kind: str) -> Callable[[Sequence[str], UUID], Mapping[str, Trouble]]:
    """Those of a kind whom a call does not reach."""

    def look(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
        found = reach.gaps(f"{kind}:{key}" for key in keys)
        return {
            ref.partition(":")[2]: Trouble("error" if gap.lasting else "warning", gap.text, ref)
            for ref, gap in found.items()
        }

    return look


def _unstaffed(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Inboxes in which nobody is."""
    return {
        str(row.pk): Trouble(
            "warning", f"Nobody is in “{row.name}” to take over.", f"inbox:{row.pk}"
        )
        for row in Inbox.objects.filter(pk__in=by_pk(keys), members=None)
    }


def register_reference_warnings() -> None:
    """Called at start-up."""
    register_troubles("person", _persons)
    register_troubles("ring_group", _groups)
    register_troubles("external", _numbers)
    register_troubles("person.extension", _without_extension)
    for kind in ("person", "ring_group", "inbox"):
        register_troubles(f"{kind}.call", _unreached(kind))
    register_troubles("inbox.staff", _unstaffed)
