"""Raw records of this room; sequences are changed in the library."""

from __future__ import annotations

from django.contrib import admin

from agents.core.records import ReadOnlyAdmin
from agents.sequences.models import Enrolment, Sequence, SequenceStep


class StepInline(admin.TabularInline[SequenceStep, Sequence]):
    """Its steps."""

    model = SequenceStep
    extra = 0
    can_delete = False


@admin.register(Sequence)
class SequenceAdmin(ReadOnlyAdmin[Sequence]):
    """Sequences with their steps."""

    list_display = ("name", "stop_on_reply", "stop_on_booking")
    search_fields = ("name",)
    inlines = (StepInline,)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin[Enrolment]):
    """Who is in which."""

    list_display = ("contact", "sequence", "state", "step", "due_at", "why")
    list_filter = ("state", "sequence")
    list_select_related = ("contact", "sequence")
