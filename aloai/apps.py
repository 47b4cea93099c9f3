"""App configuration: the site itself, for its commands."""

from django.apps import AppConfig


class AloaiConfig(AppConfig):
    """Holds `up` and `login_link`."""

    name = "aloai"
