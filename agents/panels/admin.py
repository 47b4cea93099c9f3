"""Raw records of this room; the full form of an action is one click away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.core.records import ReadOnlyAdmin
from agents.panels import services
from agents.panels.cards import card
from agents.panels.freeze import names_of, settings_of
from agents.panels.linter import read_action
from agents.panels.models import Action, Agent, InstructionPanel, Version


def builder(agent: Agent, action: Action | None = None) -> SafeString:
    """The way to the builder."""
    url = reverse("panels:instructions", args=[agent.uuid])
    opened = f"?open={action.uid}" if action else ""
    return format_html('<a href="{}{}">Open in builder</a>', url, opened)


@admin.register(Agent)
class AgentAdmin(ReadOnlyAdmin[Agent]):
    """Agents."""

    list_display = ("name", "kind", "live_version", "paused", "open")
    list_filter = ("kind", "paused")
    readonly_fields = ("open",)

    @admin.display(description="Builder")
    def open(self, agent: Agent) -> SafeString:
        """The way to the builder."""
        return builder(agent)


class ActionInline(admin.TabularInline[Action, InstructionPanel]):
    """The actions of a panel in their order."""

    model = Action
    fields = ("type", "when", "position", "enabled", "does", "open")
    readonly_fields = ("type", "does", "open")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Added in the builder, from the palette."""
        return False

    @admin.display(description="What it does")
    def does(self, action: Action) -> str:
        """As the end of the card's sentence."""
        names = names_of([action], settings_of(action.panel))
        return card(read_action(action, names)).does

    @admin.display(description="Form")
    def open(self, action: Action) -> SafeString:
        """The way to the full form."""
        return builder(action.panel.agent, action)


@admin.register(InstructionPanel)
class PanelAdmin(admin.ModelAdmin[InstructionPanel]):
    """Instructions and actions; saved by the services of the builder."""

    list_display = ("agent", "revision", "saved_at", "test")
    fields = ("agent", "instructions", "test")
    readonly_fields = ("agent", "test")
    inlines = (ActionInline,)

    @admin.display(description="Test")
    def test(self, panel: InstructionPanel) -> SafeString:
        """The way to Try it, which stands beside the panel."""
        url = reverse("panels:instructions", args=[panel.agent.uuid])
        return format_html('<a class="button" href="{}#try">Test</a>', url)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A panel is made with its agent."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: InstructionPanel | None = None
    ) -> bool:
        """A panel goes with its agent."""
        return False

    def save_model(
        self, request: HttpRequest, obj: InstructionPanel, form: Any, change: bool
    ) -> None:
        """By the service."""
        stored = InstructionPanel.objects.select_related("agent").get(pk=obj.pk)
        services.save_instructions(panel=stored, text=obj.instructions, user=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Each changed action by the services."""
        formset.save(commit=False)
        for changed, names in formset.changed_objects:
            action = Action.objects.select_related("panel__agent").get(pk=changed.pk)
            if "when" in names:
                draft = replace(services.draft_of(action), when=changed.when)
                services.save_action(action=action, draft=draft, user=request.user)
            if "enabled" in names:
                services.set_enabled(action=action, enabled=changed.enabled, user=request.user)
            if "position" in names:
                services.move_action(action=action, to=changed.position, user=request.user)


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin[Version]):
    """Frozen panels."""

    list_display = ("agent", "number", "note", "published_at", "published_by", "created_at")
    list_filter = ("agent",)
