"""The words that everything here shares: channels, moments and the labels of references."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """The way a conversation is held."""

    VOICE = "voice"
    SMS = "sms"
    CHAT = "chat"


class Moment(StrEnum):
    """When an action may run."""

    DURING = "during"
    BEFORE_HANDOFF = "before_handoff"
    AFTER_END = "after_end"
    NO_ANSWER = "no_answer"
    IDLE = "idle"


class Names(dict[str, str]):
    """The labels of everything a version refers to: `person:12` → *Ana Ruiz*."""

    def label(self, ref: str) -> str:
        """The label of a reference, or what a reader should see when it is gone."""
        return self.get(ref) or "missing"
