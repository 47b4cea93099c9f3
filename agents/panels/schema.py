"""What stands in an agent's settings and in a version: validated shapes, no tables."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from actions.base import Event, Names, Settings
from actions.fields import choice, line, number, pick, switch, words
from actions.guards import Guard
from actions.hours import Hours


class AgentSettings(Settings):
    """Everything about an agent but its instructions and actions."""

    greeting: str = words("Greeting", "Hello, how can I help you?")
    disclosure: str = words(
        "AI disclosure",
        "I am an AI assistant.",
        help="Said with the greeting. Many states require it.",
    )
    business: str = line("Business name")
    language: str = choice("Language", "en", labels={"en": "English"})
    voice: str = line("Voice", help="The name of a voice of your telephone provider")
    hours: Hours = Field(default_factory=Hours, title="Business hours")
    chat_model: str = line("Model for talking", help="Empty: the model of the connection")
    judge_model: str = line("Model for judging", help="Empty: the model of the connection")
    threshold: int = number("Threshold", 85, ge=50, le=100, unit="%")
    careful_speech: bool = switch(
        "Careful speech", help="Wait up to a quarter second for the judge before the first word"
    )
    analysis: bool = switch("Call analysis", help="Write summaries with the analysis model")
    fallback_words: str = words(
        "When the model fails", "I am sorry, I cannot answer right now. A colleague will help you."
    )
    fallback_ref: str = pick("Then transfer to", "person", "ring_group", "inbox")
    filler_words: str = line("While thinking", "One moment, please.")
    cannot_words: str = line(
        "When a promise cannot be kept", "I am sorry, I cannot do that right now."
    )
    opt_out_words: str = line(
        "After an opt-out", "Understood. We will not contact you again.", max=320
    )
    closes_after_hours: int = number("A thread closes after", 24, ge=1, le=720, unit="hours")
    tokens_a_day: int = number("Model tokens a day", 2_000_000, ge=1000, le=1_000_000_000)
    cap_words: str = line("When the cap is reached", "I am sorry, I cannot answer any more today.")


class EventCondition(BaseModel):
    """The event on which an action fires where no model is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal[
        "always",
        "not_answered",
        "busy",
        "failed",
        "machine",
        "attempt",
        "silent_hours",
        "silent_days",
    ] = "always"
    n: int = Field(default=1, ge=1, le=1000)

    def holds(self, event: Event) -> bool:
        """Whether this event is the one."""
        counts = {
            "attempt": event.attempt >= self.n,
            "silent_hours": event.silent_hours >= self.n,
            "silent_days": event.silent_hours >= 24 * self.n,
        }
        return counts.get(self.kind, self.kind in ("always", event.kind))

    def to_come(self, event: Event) -> bool:
        """Whether it will hold once the silence has lasted longer."""
        return self.kind in ("silent_hours", "silent_days") and not self.holds(event)


class FrozenAction(BaseModel):
    """An action as a version holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    uid: UUID
    type: str
    position: int
    when: str = ""
    moment: str = "during"
    event: EventCondition = EventCondition()
    only_if: list[Guard] = Field(default_factory=list)
    repeat: str = "every_time"
    cool_down: int = 0
    mode: str = "live"
    confirm: str = "ask"
    threshold: float | None = None
    enabled: bool = True
    config: dict[str, Any] = Field(default_factory=dict)
    schema_version: int = 1


class VersionContent(BaseModel):
    """The frozen copy of a panel."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agent_uuid: UUID
    agent_name: str
    kind: str
    settings: AgentSettings
    instructions: str
    actions: list[FrozenAction]
    names: dict[str, str]

    def labels(self) -> Names:
        """The labels of all references."""
        return Names(self.names)
