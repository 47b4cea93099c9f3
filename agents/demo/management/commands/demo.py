"""`manage.py demo`: makes the demo business, or removes it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agents.demo.making import Maker
from agents.demo.models import Demo
from agents.demo.reading import the_demo
from agents.demo.services import BeingMade, ask_for, remove


class Command(BaseCommand):
    """Makes the demo business here and now."""

    help = "Create the demo business: agents, contacts and a week of conversations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument(
            "--remove", action="store_true", help="remove it and everything it created"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or remove."""
        if options["remove"]:
            self._remove()
        else:
            self._make()

    def _make(self) -> None:
        demo = the_demo()
        if demo and demo.state == Demo.State.READY:
            self.stdout.write("The demo business is there already.")
            return
        ask_for(user="manage.py", queued=False)
        if not Maker().run():
            raise CommandError(
                "The demo business was not created: see the log, or it is still being created."
            )
        self.stdout.write("The demo business is ready. Nothing of it is ever sent.")

    def _remove(self) -> None:
        if the_demo() is None:
            self.stdout.write("There is no demo business.")
            return
        try:
            kept = remove(user="manage.py")
        except BeingMade as error:
            raise CommandError("It is being created. Try again in a moment.") from error
        self.stdout.write("The demo business is removed.")
        for one in kept:
            self.stdout.write(f"Kept: {one.kind} {one.label}, used by {', '.join(one.uses)}.")
