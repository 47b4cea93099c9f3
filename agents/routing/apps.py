"""App configuration."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Registers the routing room and its pick kinds."""

    name = "agents.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what can be picked."""
        from agents.routing.reference_warnings import register_reference_warnings
        from agents.routing.references import register_kinds

        register_kinds()
        register_reference_warnings()
