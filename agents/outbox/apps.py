"""App configuration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Registers the outbox room."""

    name = "agents.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
