"""App configuration."""

from django.apps import AppConfig


class FunctionsConfig(AppConfig):
    """Registers the functions room and its pick kind."""

    name = "agents.functions"
    label = "functions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what can be picked."""
        from agents.functions.references import register_kinds

        register_kinds()
