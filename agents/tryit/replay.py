"""What a replayed test repeats: the steps of the test it came from, up to one turn."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any
from uuid import UUID

from agents.conversations.models import Conversation, Turn
from agents.tryit.frames import FrameRefused, read_frame
from agents.tryit.models import TestStep

Frame = dict[str, Any]


def steps_of(test: Conversation) -> list[Frame]:
    """What the tester did, in order: each message is a turn, all else was kept behind one."""
    turns = Turn.objects.filter(conversation=test, inbound_key__isnull=False)
    said = [
        ((number, 0), {"type": "say", "key": key, "text": text})
        for number, key, text in turns.values_list("number", "inbound_key", "inbound")
    ]
    kept = [
        ((step.after, step.position + 1), step.frame)
        for step in TestStep.objects.filter(conversation=test)
        if _readable(step.frame)
    ]
    return [step for _, step in sorted(said + kept, key=itemgetter(0))]


def _readable(frame: Any) -> bool:
    """What an earlier release kept although it could do nothing with it is left out."""
    try:
        read_frame(frame)
    except FrameRefused:
        return False
    return True


def cut_of(test: Conversation, number: int) -> int | None:
    """Which step of a test made this turn; None where no step of the tester did."""
    key = Turn.objects.filter(conversation=test, number=number).values_list(
        "inbound_key", flat=True
    )
    wanted = key.first()
    found = (n for n, step in enumerate(steps_of(test)) if wanted and step.get("key") == wanted)
    return next(found, None)


def frames_to_come(conversation_id: UUID) -> list[Frame]:
    """What a replayed test has still to do; each frame that was done has left a step."""
    test = Conversation.everything.get(id=conversation_id)
    frames = frames_of(test)
    return frames[len(steps_of(test)) :] if frames else []


def frames_of(test: Conversation) -> list[Frame]:
    """All frames that a replayed test repeats; none where it is not a replayed one."""
    asked: Mapping[str, Any] = test.world.get("replay", {})
    source = Conversation.everything.filter(id=asked["of"]).first() if asked else None
    cut = cut_of(source, asked["turn"]) if source else None
    if source is None or cut is None:
        return []
    frames = [_frame(n, step) for n, step in enumerate(steps_of(source)[: cut + 1])]
    if asked.get("text"):
        frames[-1]["text"] = asked["text"]
    return frames


def _frame(number: int, step: Mapping[str, Any]) -> Frame:
    """A step as the socket would have brought it."""
    if step["type"] != "say":
        return dict(step)
    return {"type": "say", "id": f"replay-{number}", "text": step["text"]}
