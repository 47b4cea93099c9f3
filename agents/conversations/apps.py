"""App configuration."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Registers the conversations room."""

    name = "agents.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Deliveries are counted by their state."""
        from agents.conversations.totals import count_deliveries
        from agents.outbox.services import register_counter

        register_counter(count_deliveries)
