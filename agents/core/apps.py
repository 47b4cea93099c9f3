"""App configuration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the core room."""

    name = "agents.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
