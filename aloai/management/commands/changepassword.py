"""`manage.py changepassword`: Django's command; the change is audited."""

from __future__ import annotations

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword

from agents.core.models import User
from agents.core.services import audit


class Command(changepassword.Command):
    """Sets the password of a user from the server's own command line."""

    def handle(self, *args: Any, **options: Any) -> str:
        """Ask for it as Django does, then write down that it was set."""
        said = super().handle(*args, **options)
        user = User.objects.get(username=options["username"] or getpass.getuser())
        audit(
            actor="manage.py",
            verb="set the password of",
            kind="user",
            object_id=user.pk,
            label=user.username,
        )
        return str(said)
