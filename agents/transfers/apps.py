"""App configuration."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """Registers the transfers room."""

    name = "agents.transfers"
    label = "transfers"
    default_auto_field = "django.db.models.BigAutoField"
