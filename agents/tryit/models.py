"""What a tester did in a test beside the messages."""

from __future__ import annotations

from django.db import models

from agents.conversations.models import Conversation


class TestStep(models.Model):
    """One step of a test; a replay repeats all of them in order."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    after = models.PositiveIntegerField(help_text="The number of the turn that it follows")
    frame = models.JSONField(help_text="As the socket brought it")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "position"], name="one_step_per_position"
            )
        ]

    def __str__(self) -> str:
        """What was done, and when."""
        return f"{self.frame.get('type')} after turn {self.after}"
