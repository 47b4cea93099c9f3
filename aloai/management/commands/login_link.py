"""`manage.py login_link`: a new one-time link, for a new or a known user."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import DatabaseError

from agents.core.models import Role
from agents.core.services import LINK_HOURS, ensure_user, make_login_link
from aloai.supervise import port


class Command(BaseCommand):
    """Prints a link that lets its user in once."""

    help = "Create a user, or a new one-time link for an existing one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("email")
        parser.add_argument("--role", choices=[role.value for role in Role])
        parser.add_argument("--base", help="the address that the link begins with")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and print."""
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"“{options['email']}” is not an e-mail address.") from error
        try:
            user = ensure_user(email=options["email"], role=options["role"])
        except DatabaseError as error:
            raise CommandError("There is no database yet: start once with manage.py up.") from error
        if not user.is_active:
            raise CommandError(f"{user} has no access: an admin can give it back.")
        base = options["base"] or settings.PUBLIC_BASE_URL or _listens()
        link = f"{base.rstrip('/')}/enter/{make_login_link(user=user)}/"
        self.stdout.write(
            f"{link}\nIt signs {user} ({user.role}) in once, within {LINK_HOURS} hours."
        )


def _listens() -> str:
    """Where `up` listens, or will."""
    return port.remembered(Path(settings.VAR_DIR)) or port.address(port.HOST, port.PORT)
