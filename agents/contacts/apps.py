"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Registers the contacts room."""

    name = "agents.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
