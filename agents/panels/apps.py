"""App configuration."""

from django.apps import AppConfig


class PanelsConfig(AppConfig):
    """Registers the panels room and its pick kind."""

    name = "agents.panels"
    label = "panels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what can be picked; load the catalog, so that a bad type stops the start."""
        from actions import registry
        from agents.panels.references import register_kinds

        register_kinds()
        registry.all_types()
