"""Raw records of this room."""

from __future__ import annotations

from django.contrib import admin

from agents.contacts import directory
from agents.contacts.forms import NameForm
from agents.contacts.models import (
    Consent,
    Contact,
    ContactDisposition,
    ContactList,
    Disengagement,
    Disposition,
    DncEntry,
    Property,
    Tag,
    TimelineEntry,
)
from agents.core.records import ReadOnlyAdmin, ServiceAdmin


@admin.register(Disposition)
class DispositionAdmin(ServiceAdmin[Disposition]):
    """Outcomes of a call."""

    shape, kind = NameForm, "disposition"
    save, delete = directory.save_disposition, directory.delete_entry
    search_fields = ("name",)


@admin.register(Tag)
class TagAdmin(ServiceAdmin[Tag]):
    """Labels."""

    shape, kind = NameForm, "tag"
    save, delete = directory.save_tag, directory.delete_entry
    search_fields = ("name",)


@admin.register(ContactDisposition)
class ContactDispositionAdmin(ServiceAdmin[ContactDisposition]):
    """Where contacts stand."""

    shape, kind = NameForm, "contact_disposition"
    save, delete = directory.save_contact_disposition, directory.delete_entry
    search_fields = ("name",)


@admin.register(ContactList)
class ContactListAdmin(ServiceAdmin[ContactList]):
    """Lists of contacts."""

    shape, kind = NameForm, "list"
    save, delete = directory.save_list, directory.delete_entry
    search_fields = ("name",)


@admin.register(Disengagement)
class DisengagementAdmin(ReadOnlyAdmin[Disengagement]):
    """Whom agents no longer contact of their own accord."""

    list_display = ("contact", "agent_uuid", "reason", "set_at", "lifted_at")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin[Consent]):
    """Who agreed to calls and messages."""

    list_display = ("contact", "channel", "purpose", "source", "given_at", "withdrawn_at")
    list_filter = ("channel", "purpose", "source")


@admin.register(Property)
class PropertyAdmin(ReadOnlyAdmin[Property]):
    """Fields of a contact; changed in the library."""

    list_display = ("label", "key", "kind", "builtin")


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin[Contact]):
    """Whom agents talk to."""

    list_display = ("__str__", "phone", "email", "blocked", "sample", "created_at")
    list_filter = ("sample", "blocked", "disengaged")
    search_fields = ("phone", "email")


@admin.register(DncEntry)
class DncAdmin(ReadOnlyAdmin[DncEntry]):
    """Why somebody is blocked."""

    list_display = ("contact", "source", "words", "set_at", "lifted_at")
    list_filter = ("source",)


@admin.register(TimelineEntry)
class TimelineAdmin(ReadOnlyAdmin[TimelineEntry]):
    """What happened to contacts."""

    list_display = ("at", "contact", "kind", "text", "actor")
    list_filter = ("kind",)
