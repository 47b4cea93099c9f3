"""App configuration."""

from django.apps import AppConfig


class SequencesConfig(AppConfig):
    """Registers the sequences room, its pick kind and what ends an enrolment."""

    name = "agents.sequences"
    label = "sequences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer what can be picked; leave with the end of outreach."""
        from agents.contacts.hooks import on_disengage
        from agents.sequences.references import register_kinds
        from agents.sequences.services import outreach_ended

        register_kinds()
        on_disengage(outreach_ended)
