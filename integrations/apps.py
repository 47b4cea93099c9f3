"""App configuration."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers the connections to the outside."""

    name = "integrations"
    default_auto_field = "django.db.models.BigAutoField"
