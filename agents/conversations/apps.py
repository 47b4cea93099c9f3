"""App configuration."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Registers the conversations room."""

    name = "agents.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"
