"""How a person is told, and an extension that leads to one person only."""

from typing import Any

from django.db import migrations, models


def keep_the_first(apps: Any, schema_editor: Any) -> None:
    """Of two with the same extension only the first could be reached: the others lose it."""
    person = apps.get_model("routing", "Person")
    seen: set[str] = set()
    for row in person.objects.exclude(extension="").order_by("pk"):
        if row.extension in seen:
            person.objects.filter(pk=row.pk).update(extension="")
        seen.add(row.extension)


class Migration(migrations.Migration):
    """See above."""

    dependencies = [("routing", "0001_initial")]

    operations = [
        migrations.AddField(
            "person",
            "notify",
            models.CharField(
                choices=[("app", "In AloAi"), ("email", "E-mail"), ("sms", "SMS")],
                default="app",
                max_length=10,
            ),
        ),
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            "person",
            models.UniqueConstraint(
                condition=~models.Q(extension=""),
                fields=("extension",),
                name="an_extension_leads_to_one",
                violation_error_message="This extension belongs to somebody else.",
            ),
        ),
    ]
