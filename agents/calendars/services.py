"""Writes to calendars and appointments; nothing is ever booked twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from agents.calendars.forms import CalendarForm, ServiceRow
from agents.calendars.models import Booking, Calendar, Service
from agents.calendars.reading import booking_pk, desk, gone, refused
from agents.contacts.models import Contact
from agents.contacts.services import record
from agents.core import picks
from agents.core.services import audit
from agents.routing.services import InUse, NameTaken, Refused

State = Booking.State


# --- appointments ---------------------------------------------------------------------------


def _locked(calendar: str) -> None:
    """Hold the calendar's row until the transaction ends, so that its writers queue.

    An update locks on every database, also where `SELECT … FOR UPDATE` is ignored.
    """
    rows = Calendar.objects.filter(pk__in=picks.by_pk([picks.split(calendar)[1]]))
    if not rows.update(name=F("name")):
        raise gone("calendar")


@transaction.atomic
def book(
    *,
    calendar: str,
    service: str,
    start: datetime,
    contact: Contact | None,
    conversation_id: UUID | None,
    key: str,
    now: datetime,
) -> Booking:
    """Make an appointment; the same key again gives the same one. Raises ActionError if taken."""
    _locked(calendar)
    if known := Booking.objects.filter(key=key).first():
        return known
    at = desk(calendar=calendar, service=service, now=now)
    slot = at.at(start)
    made = Booking.objects.create(
        calendar=at.calendar,
        service=at.service,
        contact=contact,
        start=slot.start.astimezone(UTC),
        end=slot.end.astimezone(UTC),
        conversation_id=conversation_id,
        key=key,
    )
    _note(made, "Booked")
    return made


@transaction.atomic
def move(
    *, booking: str, calendar: str, service: str, start: datetime, key: str, now: datetime
) -> Booking:
    """Give an appointment another time; raises ActionError if that is taken or it is gone."""
    _locked(calendar)
    row = _standing(booking, calendar)
    if row.changed_by == key:
        return row
    at = desk(calendar=calendar, service=service, now=now, without=booking)
    slot = at.at(start)
    row.service, row.changed_by = at.service, key
    row.start, row.end = slot.start.astimezone(UTC), slot.end.astimezone(UTC)
    row.save(update_fields=["service", "start", "end", "changed_by"])
    _note(row, "Moved")
    return row


@transaction.atomic
def cancel(*, booking: str, key: str) -> Booking | None:
    """Give a time back; cancelling again changes nothing. None where it is gone."""
    row = Booking.objects.select_for_update().filter(pk__in=booking_pk(booking)).first()
    if row is not None and row.state == State.BOOKED:
        row.state, row.changed_by = State.CANCELLED, key
        row.save(update_fields=["state", "changed_by"])
        _note(row, "Cancelled")
    return row


def _standing(booking: str, calendar: str) -> Booking:
    row = Booking.objects.filter(pk__in=booking_pk(booking), state=State.BOOKED).first()
    if row is None or f"calendar:{row.calendar_id}" != calendar:
        raise refused("That appointment does not exist any more.")
    return row


def _note(row: Booking, verb: str) -> None:
    """The contact's timeline says what became of it."""
    if row.contact_id:
        record(
            contact_id=row.contact_id,
            kind="booking",
            text=f"{verb}: {row}",
            data={"booking": str(row.pk), "start": row.start.isoformat()},
            conversation_id=row.conversation_id,
        )


# --- calendars ------------------------------------------------------------------------------


@transaction.atomic
def save_calendar(
    *, form: CalendarForm, row: Calendar | None = None, user: object = None
) -> Calendar:
    """Make or change a calendar with its services; one that is in use cannot be left out."""
    verb = "changed" if row else "created"
    others = Calendar.objects.filter(name__iexact=form.name)
    if (others.exclude(pk=row.pk) if row else others).exists():
        raise NameTaken(form.name)
    row = row or Calendar()
    for name, value in form.model_dump(mode="json", exclude={"services"}).items():
        setattr(row, name, value)
    row.save()
    _save_services(row, form.services)
    audit(actor=str(user or ""), verb=verb, kind="calendar", object_id=row.pk, label=row.name)
    return row


def _save_services(calendar: Calendar, wanted: Iterable[ServiceRow]) -> None:
    left = {str(service.pk): service for service in calendar.services.all()}
    for position, item in enumerate(wanted):
        service = left.pop(item.id, None) or Service(calendar=calendar)
        service.name, service.minutes, service.position = item.name, item.minutes, position
        service.save()
    for service in left.values():
        if uses := picks.uses(f"service:{service.pk}"):
            where = ", ".join(use.label for use in uses)
            raise Refused(f"“{service}” is in use: {where}.", ("services",))
        service.delete()


@transaction.atomic
def delete_calendar(*, row: Calendar, ref: str, user: object = None) -> None:
    """Delete a calendar that nobody refers to, with its services; raises InUse."""
    services = [f"service:{service.pk}" for service in row.services.all()]
    found = [use for each in (ref, *services) for use in picks.uses(each)]
    if uses := list(dict.fromkeys(found)):
        raise InUse(uses)
    audit(actor=str(user or ""), verb="deleted", kind="calendar", object_id=row.pk, label=row.name)
    row.delete()
