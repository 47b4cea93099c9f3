"""App configuration."""

from django.apps import AppConfig


class PanelsConfig(AppConfig):
    """Registers the panels room."""

    name = "agents.panels"
    label = "panels"
    default_auto_field = "django.db.models.BigAutoField"
