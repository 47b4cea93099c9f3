"""Raw records of this room; calendars are changed in the library."""

from __future__ import annotations

from django.contrib import admin

from agents.calendars.models import Booking, Calendar, Service
from agents.core.records import ReadOnlyAdmin


class ServiceInline(admin.TabularInline[Service, Calendar]):
    """What can be booked."""

    model = Service
    extra = 0
    can_delete = False


@admin.register(Calendar)
class CalendarAdmin(ReadOnlyAdmin[Calendar]):
    """Calendars with their rules."""

    list_display = (
        "name", "step_minutes", "buffer_minutes", "notice_hours", "days_ahead",
    )  # fmt: skip
    search_fields = ("name",)
    inlines = (ServiceInline,)


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin[Booking]):
    """Appointments."""

    list_display = ("start", "end", "calendar", "service", "contact", "state")
    list_filter = ("state", "calendar")
    list_select_related = ("calendar", "service", "contact")
    date_hierarchy = "start"
    search_fields = ("contact__phone", "contact__email", "key")
