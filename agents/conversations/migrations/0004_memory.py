"""What a conversation knows between turns becomes one object; running turns keep their progress."""

from __future__ import annotations

from django.db import migrations, models

OVER = ("ended", "handed_off")


def remember(apps, schema_editor):
    """Conversations that go on keep what their turns and runs say."""
    conversations = apps.get_model("conversations", "Conversation")
    for row in conversations.objects.exclude(state__in=OVER).iterator(chunk_size=200):
        row.memory = memory_of(row)
        row.save(update_fields=["memory"])


def memory_of(row):
    """The memory from a conversation's rows."""
    turns = list(row.turns.order_by("number").values("id", "number", "inbound", "at"))
    numbers = {turn["id"]: turn["number"] for turn in turns}
    said = [turn["at"].isoformat() for turn in turns if turn["inbound"]]
    memory = {
        "turn": turns[-1]["number"] if turns else 0,
        "exchanges": len(said),
        "began_at": turns[0]["at"].isoformat() if turns else None,
        "last_contact_at": said[-1] if said else None,
        "script": row.script,
        "runs": 0,
        "used": {},
        "ended": [],
        "done_lines": [],
    }
    for run in row.runs.exclude(status__in=("running", "proposed")).order_by("at", "position"):
        uid, number = str(run.action_uid), numbers.get(run.turn_id, 0)
        used = memory["used"].setdefault(uid, {"done": False, "last_turn": number})
        used["done"] = used["done"] or run.status == "done"
        used["last_turn"] = max(used["last_turn"], number)
        memory["runs"] += 1
        memory["ended"].append(
            {"action": uid, "outcome": run.outcome, "status": run.status, "turn": number}
        )
        memory["done_lines"] = [*memory["done_lines"], run.line][-12:] if run.line else memory[
            "done_lines"
        ]
    return memory


class Migration(migrations.Migration):
    """Add, fill, remove."""

    dependencies = [("conversations", "0003_inbox_item")]

    operations = [
        migrations.AddField(
            "conversation",
            "memory",
            models.JSONField(
                blank=True, default=dict, help_text="What the agent knows between turns"
            ),
        ),
        migrations.AddField(
            "turn",
            "progress",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="What a running turn has decided, for after a crash",
            ),
        ),
        migrations.AddField("turn", "attempts", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(
            "actionrun",
            "flow",
            models.JSONField(
                blank=True, default=dict, help_text="What the engine is to do next"
            ),
        ),
        migrations.AlterField(
            "actionrun",
            "status",
            models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("running", "Running"),
                    ("asked", "Asked the contact"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("unknown", "Unknown"),
                    ("cancelled", "Cancelled"),
                    ("interrupted", "Interrupted"),
                ],
                default="proposed",
                max_length=12,
            ),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
        migrations.RemoveField("conversation", "script"),
    ]
