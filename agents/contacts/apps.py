"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Registers the contacts room and its pick kinds."""

    name = "agents.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what can be picked."""
        from agents.contacts.references import register_kinds

        register_kinds()
