"""Raw records of this room; functions are changed in the library."""

from __future__ import annotations

from django.contrib import admin

from agents.core.records import ReadOnlyAdmin
from agents.functions.models import Function


@admin.register(Function)
class FunctionAdmin(ReadOnlyAdmin[Function]):
    """Functions without their secrets."""

    list_display = ("name", "url")
    search_fields = ("name",)
