"""What a replayed test repeats: the steps of the test it came from, up to one turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from agents.conversations.models import Conversation, Turn

Frame = dict[str, Any]


def cut_of(test: Conversation, number: int) -> int | None:
    """Which step of a test made this turn; None where no step of the tester did."""
    key = Turn.objects.filter(conversation=test, number=number).values_list(
        "inbound_key", flat=True
    )
    wanted = key.first()
    steps = test.world.get("steps", ())
    found = (n for n, step in enumerate(steps) if wanted and step.get("key") == wanted)
    return next(found, None)


def frames_to_come(conversation_id: UUID) -> list[Frame]:
    """What a replayed test has still to do; each frame that was done has left a step."""
    test = Conversation.everything.get(id=conversation_id)
    return frames_of(test)[len(test.world.get("steps", ())) :]


def frames_of(test: Conversation) -> list[Frame]:
    """All frames that a replayed test repeats; none where it is not a replayed one."""
    asked: Mapping[str, Any] = test.world.get("replay", {})
    source = Conversation.everything.filter(id=asked["of"]).first() if asked else None
    cut = cut_of(source, asked["turn"]) if source else None
    if source is None or cut is None:
        return []
    said = dict(Turn.objects.filter(conversation=source).values_list("inbound_key", "inbound"))
    steps = source.world["steps"][: cut + 1]
    frames = [_frame(n, step, said) for n, step in enumerate(steps)]
    if asked.get("text"):
        frames[-1]["text"] = asked["text"]
    return frames


def _frame(number: int, step: Mapping[str, Any], said: Mapping[str | None, str]) -> Frame:
    """A step as the socket would have brought it."""
    if step["type"] != "say":
        return {name: value for name, value in step.items() if name != "after"}
    return {"type": "say", "id": f"replay-{number}", "text": said.get(step["key"], "")}
