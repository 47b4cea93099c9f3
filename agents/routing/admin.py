"""Raw records of this room."""

from __future__ import annotations

from django.contrib import admin

from agents.core.records import ReadOnlyAdmin, ServiceAdmin
from agents.routing import services
from agents.routing.forms import LineForm, PersonForm
from agents.routing.models import GroupMember, Inbox, Line, Person, RingGroup


@admin.register(Person)
class PersonAdmin(ServiceAdmin[Person]):
    """Colleagues."""

    shape, kind = PersonForm, "person"
    save, delete = services.save_person, services.delete_entry
    list_display = ("name", "extension", "phone", "email", "available")
    list_filter = ("available",)
    search_fields = ("name", "email", "phone", "extension")
    fields = ("name", "phone", "email", "extension", "notify", "available")


@admin.register(Line)
class LineAdmin(ServiceAdmin[Line]):
    """Numbers."""

    shape, kind = LineForm, "line"
    save, delete = services.save_line, services.delete_entry
    list_display = ("name", "number", "practice")
    fields = ("name", "number", "practice")


class PlaceInline(admin.TabularInline[GroupMember, RingGroup]):
    """The members of a ring group, in order."""

    model = GroupMember
    extra = 0
    can_delete = False


@admin.register(RingGroup)
class RingGroupAdmin(ReadOnlyAdmin[RingGroup]):
    """Ring groups; their order is changed in the library."""

    list_display = ("name", "order")
    inlines = (PlaceInline,)


@admin.register(Inbox)
class InboxAdmin(ReadOnlyAdmin[Inbox]):
    """Inboxes; their members are changed in the library."""

    list_display = ("name",)
