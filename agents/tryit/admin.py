"""Raw records of this room."""

from __future__ import annotations

from django.contrib import admin

from agents.core.records import ReadOnlyAdmin
from agents.tryit.models import TestStep


@admin.register(TestStep)
class TestStepAdmin(ReadOnlyAdmin[TestStep]):
    """Steps of tests."""

    list_display = ("conversation", "position", "after")
