"""App configuration."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Registers the routing room and its pick kinds."""

    name = "agents.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what can be picked."""
        from agents.routing.doubts import register_doubts
        from agents.routing.kinds import register_kinds

        register_kinds()
        register_doubts()
