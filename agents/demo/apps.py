"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo business; nothing of it ever leaves."""

    name = "agents.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the outbox which agents and contacts are invented."""
        from agents.demo.reading import invented
        from agents.outbox.unreal import register_invented

        register_invented(invented)
