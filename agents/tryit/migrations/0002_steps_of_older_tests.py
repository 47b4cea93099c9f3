"""Steps that older tests keep in their snapshot become rows; `play` is `simulate` now."""

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    """Each step a row, in order."""
    alias = schema_editor.connection.alias
    Conversation = apps.get_model("conversations", "Conversation")
    TestStep = apps.get_model("tryit", "TestStep")
    tests = Conversation._base_manager.using(alias).filter(sandbox=True, world__has_key="steps")
    for test in tests.only("id", "world").iterator(chunk_size=100):
        steps = test.world.pop("steps")
        TestStep.objects.using(alias).bulk_create(
            TestStep(conversation_id=test.pk, position=n, **_row(step))
            for n, step in enumerate(steps)
        )
        Conversation._base_manager.using(alias).filter(pk=test.pk).update(world=test.world)


def _row(step: dict[str, Any]) -> dict[str, Any]:
    frame = {name: value for name, value in step.items() if name != "after"}
    if frame.get("type") == "play":
        frame["type"] = "simulate"
    return {"after": int(step.get("after", 0)), "frame": frame}


class Migration(migrations.Migration):
    dependencies = [("tryit", "0001_initial")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
