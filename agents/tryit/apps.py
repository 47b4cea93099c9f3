"""App configuration."""

from django.apps import AppConfig


class TryItConfig(AppConfig):
    """Registers the test bench."""

    name = "agents.tryit"
    label = "tryit"
    default_auto_field = "django.db.models.BigAutoField"
