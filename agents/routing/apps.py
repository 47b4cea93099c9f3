"""App configuration."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Registers the routing room."""

    name = "agents.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"
