"""Counts the totals of Home and the report again from the conversations themselves."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agents.conversations.models import DailyTotal
from agents.conversations.recount import recount, recount_all


class Command(BaseCommand):
    """All days, or those that are named."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--since", type=date.fromisoformat, help="the first day, 2026-01-31")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day; else today")
        parser.add_argument("--if-empty", action="store_true", help="only where nothing is counted")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say how much it was."""
        if options["if_empty"] and DailyTotal.objects.exists():
            return
        since, until = options["since"], options["until"] or timezone.localdate()
        if since is None:
            days = recount_all()
        elif since > until:
            raise CommandError("The first day lies after the last one.")
        else:
            days = recount(since=since, until=until)
        if options["verbosity"]:
            self.stdout.write(f"Counted {days} day{'' if days == 1 else 's'} again.")
