"""Makes the rows that every installation starts with; may run any number of times."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from agents.contacts import directory
from agents.routing import services as routing


class Command(BaseCommand):
    """Built-in properties, dispositions, sample contacts, the practice line."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing."""
        routing.ensure_basics()
        directory.ensure_basics()
