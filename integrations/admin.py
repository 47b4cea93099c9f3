"""Connections to read; they are changed on the Integrations page."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from integrations.models import Connection


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin[Connection]):
    """How a connection fares; never what it enters with."""

    list_display = ("name", "vendor", "state", "last_error", "checked_at")
    list_filter = ("vendor", "state")
    search_fields = ("name", "last_error")
    fields = (
        "name", "vendor", "settings", "found", "state", "last_error", "checked_at", "created_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Connected on the page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Connection | None = None) -> bool:
        """Read-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Connection | None = None) -> bool:
        """Disconnected on the page."""
        return False
