"""The one field for a user or a header becomes two."""

from __future__ import annotations

from typing import Any

from django.db import migrations

FIELDS = {"basic": "auth_user", "header": "auth_header"}


def split(apps: Any, schema_editor: Any) -> None:
    """Put the name where the kind of authentication reads it."""
    for row in apps.get_model("functions", "Function").objects.all():
        name = row.settings.pop("auth_name", "")
        field = FIELDS.get(row.settings.get("auth", ""))
        if name and field:
            row.settings[field] = name
        row.save(update_fields=["settings"])


def join(apps: Any, schema_editor: Any) -> None:
    """Back to one field."""
    for row in apps.get_model("functions", "Function").objects.all():
        known = {field: row.settings.pop(field, "") for field in FIELDS.values()}
        row.settings["auth_name"] = known.get(FIELDS.get(row.settings.get("auth", ""), ""), "")
        row.save(update_fields=["settings"])


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("functions", "0001_initial")]
    operations = [migrations.RunPython(split, join)]
