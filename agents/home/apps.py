"""App configuration."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Registers Home."""

    name = "agents.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"
