"""The product's own waits in seconds; tests shorten them through the settings."""

from django.conf import settings


def wait(name: str) -> float:
    """How long `name` may take."""
    return float(settings.ALOAI_WAITS[name])
