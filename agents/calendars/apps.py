"""App configuration."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Registers the calendars room, its pick kinds and when a calendar can be used."""

    name = "agents.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what can be picked, and say when there is a calendar to book in."""
        from agents.calendars.reading import any_open
        from agents.calendars.references import register_kinds
        from agents.core import needs

        register_kinds()
        needs.register("calendar", any_open)
