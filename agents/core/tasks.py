"""Tasks of the queue."""

from agents.core import services


def beat() -> None:
    """Proves that the queue works from end to end."""
    services.beat()
