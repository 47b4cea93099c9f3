"""Conversations, turns and runs to read; nothing is changed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from agents.conversations.models import ActionRun, Conversation, Turn


class ReadOnly(admin.ModelAdmin[Any]):
    """Records of what happened: neither added, changed nor deleted by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They come from the engine."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Read-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Kept as proof."""
        return False


class TurnInline(admin.TabularInline[Turn, Conversation]):
    """The transcript in short."""

    model = Turn
    fields = ("number", "kind", "state", "inbound", "reply", "at")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Turns come from the engine."""
        return False


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    """Calls and threads, tests included."""

    list_display = (
        "__str__", "agent", "version", "direction", "state", "outcome", "sandbox", "started_at",
    )  # fmt: skip
    list_filter = ("sandbox", "state", "channel", "direction", "agent")
    list_select_related = ("agent", "version", "contact")
    search_fields = ("outcome", "contact__phone", "contact__email", "turns__inbound")
    date_hierarchy = "started_at"
    inlines = (TurnInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """The sandbox too."""
        return Conversation.everything.all()


@admin.register(Turn)
class TurnAdmin(ReadOnly):
    """One exchange with its decisions."""

    list_display = ("conversation", "number", "kind", "state", "inbound", "at")
    list_filter = ("kind", "state", "incomplete")
    list_select_related = ("conversation__contact",)
    search_fields = ("inbound", "reply")


@admin.register(ActionRun)
class ActionRunAdmin(ReadOnly):
    """The ledger."""

    list_display = ("type", "line", "status", "outcome", "mode", "conversation", "at")
    list_filter = ("status", "type", "mode")
    list_select_related = ("conversation__contact",)
    search_fields = ("line",)
