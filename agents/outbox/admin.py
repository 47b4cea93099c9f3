"""Deliveries to read, holds to set and to lift."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from agents.outbox import services
from agents.outbox.models import Delivery, Hold


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    """What left, what waits and why; read-only."""

    list_display = ("title", "kind", "purpose", "state", "reason", "created_at", "sent_at")
    list_filter = ("state", "kind", "purpose", "sandbox")
    search_fields = ("title", "key", "to")
    list_select_related = ("contact",)
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Deliveries come from runs."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Read-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Kept as proof."""
        return False


class HoldForm(ModelForm[Hold]):
    """A hold names what it stops."""

    def clean(self) -> dict[str, Any]:
        """The scope decides which of the two is needed; the other one is dropped."""
        values = super().clean() or self.cleaned_data
        needed = services.HOLD_NAMES.get(values.get("scope", ""))
        if needed and not values.get(needed) and needed not in self.errors:
            self.add_error(needed, "Say which one is stopped.")
        return values | {name: None for name in services.HOLD_NAMES.values() if name != needed}


@admin.register(Hold)
class HoldAdmin(admin.ModelAdmin[Hold]):
    """Stops; set here, lifted with an action, never deleted."""

    list_display = ("__str__", "set_by", "set_at", "lifted_at")
    list_filter = ("scope",)
    form = HoldForm
    fields = ("scope", "agent_uuid", "line_id", "reason")
    actions = ("lift",)

    def has_change_permission(self, request: HttpRequest, obj: Hold | None = None) -> bool:
        """A stop is lifted, not rewritten."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Hold | None = None) -> bool:
        """Kept as proof."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Hold, form: ModelForm[Hold], change: bool
    ) -> None:
        """Set the stop through the service."""
        made = services.hold(
            scope=Hold.Scope(obj.scope),
            reason=obj.reason,
            agent_uuid=obj.agent_uuid,
            line_id=obj.line_id,
            actor=str(request.user),
        )
        obj.pk = made.pk

    @admin.action(description="Lift the selected holds", permissions=["change"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Hold]) -> None:
        """End the stops."""
        for one in queryset:
            services.lift_hold(hold_id=one.pk, now=timezone.now(), actor=str(request.user))
