"""The pick kinds of this room: calendars, and the services of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from agents.calendars.models import Booking, Calendar, Service
from agents.calendars.reading import has_hours
from agents.core.picks import (
    Option,
    PickKind,
    Trouble,
    Use,
    Within,
    by_pk,
    register,
    register_troubles,
    register_uses,
    split,
)


def _calendars(within: Within) -> Iterable[Option]:
    for row in Calendar.objects.all():
        yield Option(f"calendar:{row.pk}", _shown(row), row.week.zone)


def _calendar_labels(keys: Sequence[str]) -> Mapping[str, str]:
    return {str(row.pk): _shown(row) for row in Calendar.objects.filter(pk__in=by_pk(keys))}


def _shown(row: Calendar) -> str:
    """The name; a card says as well why nothing can be booked there."""
    return row.name if has_hours(row) else f"{row.name} (no working hours)"


def _services(within: Within) -> Iterable[Option]:
    rows = Service.objects.select_related("calendar")
    if within.parent:
        rows = rows.filter(calendar__in=by_pk([split(within.parent)[1]]))
    for row in rows:
        yield Option(f"service:{row.pk}", row.name, f"{row.minutes} min, {row.calendar}")


def _service_labels(keys: Sequence[str]) -> Mapping[str, str]:
    return {str(row.pk): row.name for row in Service.objects.filter(pk__in=by_pk(keys))}


KINDS = (
    PickKind("calendar", "Calendar", "Calendars", _calendars, _calendar_labels,
             by_form=True, new="calendar"),
    PickKind("service", "Service", "Services", _services, _service_labels, parent="calendar"),
)  # fmt: skip


def _to_come(ref: str) -> Iterable[Use]:
    """The appointments to come of a calendar or a service."""
    slug, key = split(ref)
    if slug not in ("calendar", "service"):
        return
    standing = Booking.objects.filter(state=Booking.State.BOOKED, end__gte=timezone.now())
    count = standing.filter(**{f"{slug}__in": by_pk([key])}).count()
    if count:
        yield Use(f"{count} appointment{'' if count == 1 else 's'} to come")


def _without_hours(keys: Sequence[str], agent: UUID) -> Mapping[str, Trouble]:
    """Calendars in which nothing can be booked."""
    return {
        str(row.pk): Trouble(
            "error", f"“{row.name}” has no working hours: nothing can be booked there."
        )
        for row in Calendar.objects.filter(pk__in=by_pk(keys))
        if not has_hours(row)
    }


def register_kinds() -> None:
    """Called at start-up."""
    for kind in KINDS:
        register(kind)
    register_uses(_to_come)
    register_troubles("calendar", _without_hours)
