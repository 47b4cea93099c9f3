"""App configuration."""

from django.apps import AppConfig


class HelpConfig(AppConfig):
    """Registers Help."""

    name = "agents.help"
    label = "help"
