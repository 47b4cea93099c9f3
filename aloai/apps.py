"""App configuration: the site itself, for its commands."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AloaiConfig(AppConfig):
    """Holds `up` and `login_link`."""

    name = "aloai"

    def ready(self) -> None:
        """Requests wait less long for locks than the rest."""
        from aloai.busy import limit_lock_wait

        connection_created.connect(limit_lock_wait)
