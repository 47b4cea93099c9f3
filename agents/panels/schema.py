"""What stands in an agent's settings and in a version: validated shapes, no tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from actions.base import Event, Names, Settings
from actions.disclosure import opening
from actions.fields import choice, line, number, pick, said, switch
from actions.guards import Guard
from actions.hours import Hours
from actions.languages import LANGUAGES as OFFERED
from actions.languages.words import with_words

SCHEMA = 2  # of settings and versions as they are stored: see `agents.panels.stored`
LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese",
}
"""What settings may hold; `actions.languages` has those that are offered."""
CALLS = {
    "answer": "is answered as usual",
    "transfer": "hears a message and is transferred",
    "message": "hears a message and can leave one",
    "end": "hears a message, then the call ends",
}
THREADS = {
    "answer": "is answered as usual",
    "go_on": "gets a message once, then is answered",
    "quiet": "gets a message once, then nothing until you open",
}


class AgentSettings(Settings):
    """Everything about an agent but its instructions and actions."""

    greeting: str = said("Greeting", "greeting")
    greeting_out: str = said(
        "When the agent calls out",
        "calling",
        templated=True,
        help="Say who calls and about what. Empty: the greeting above",
    )
    disclose: bool = switch(
        "Say that an AI speaks", True, help="Many states require it of artificial voices"
    )
    disclosure: str = said(
        "AI disclosure",
        "disclosure",
        help="Said after a greeting that does not say it itself",
        show_if={"disclose": True},
    )
    business: str = line("Business name")
    language: Literal["en", "es", "fr", "de", "it", "pt"] = choice(
        "Language", "en", labels=LANGUAGES, help="Texts that you have not changed follow it"
    )
    answers_in: Literal["contact", "own"] = choice(
        "Answers in",
        "contact",
        labels={"contact": "The contact’s language", "own": "This language"},
    )
    voice: str = line(
        "Voice",
        placeholder="en-US-Journey-O",
        help="A voice from your phone provider, heard on real calls. Leave empty for its default",
        max=80,
    )
    hours: Hours = Field(default_factory=Hours, title="Business hours")
    outside_call: Literal["answer", "transfer", "message", "end"] = choice(
        "Outside these hours, a call", "answer", labels=CALLS
    )
    outside_thread: Literal["answer", "go_on", "quiet"] = choice(
        "Outside these hours, a message thread", "answer", labels=THREADS
    )
    outside_words: str = said("The message", "closed", max=500)
    outside_ref: str = pick(
        "Transferred to", "person", "ring_group", "inbox", show_if={"outside_call": "transfer"}
    )
    outside_inbox: str = pick("Their message goes to", "inbox", show_if={"outside_call": "message"})
    chat_model: str = line("Model for talking", help="Leave empty for the connection’s model")
    judge_model: str = line("Model for judging", help="Leave empty for the connection’s model")
    analysis_model: str = line(
        "Model for summaries",
        help="Leave empty for the connection’s model",
        show_if={"analysis": True},
    )
    threshold: int | None = number("Threshold", None, ge=50, le=100, unit="%")
    careful_speech: bool = switch(
        "Careful speech", help="Wait up to a quarter second for the judge before the first word"
    )
    analysis: bool = switch("Call analysis", help="Write summaries with the analysis model")
    fallback_words: str = said("When the model fails", "fallback")
    fallback_ref: str = pick("Then hand over to", "person", "ring_group", "inbox")
    filler_words: str = said("While thinking", "filler", short=True, max=200)
    cannot_words: str = said("When a promise cannot be kept", "cannot", short=True, max=200)
    opt_out_words: str = said("After an opt-out", "opted_out", short=True, max=320)
    closes_after_hours: int = number("A thread closes after", 24, ge=1, le=720, unit="hours")
    tokens_a_day: int = number(
        "Model tokens per day", 2_000_000, ge=1000, le=1_000_000_000, unit="tokens"
    )
    max_turns: int = number("Messages per conversation", 100, ge=1, le=10_000, unit="messages")
    max_minutes: int = number("Longest call", 30, ge=1, le=600, unit="minutes")
    cap_words: str = said("When the cap is reached", "cap", short=True, max=200)

    @model_validator(mode="before")
    @classmethod
    def _own_words_follow_the_language(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return with_words(cls, given, str(given.get("language") or "en"))

    @property
    def stood_in_for(self) -> str:
        """The name of a language that has no words of its own here: English stands in for it."""
        return "" if self.language in OFFERED else LANGUAGES[self.language]

    @property
    def refs(self) -> list[str]:
        """Whatever the settings refer to."""
        return [ref for ref in (self.fallback_ref, self.outside_ref, self.outside_inbox) if ref]

    def opening(self, greeting: str) -> str:
        """The first words with this greeting, and that an AI speaks."""
        return opening(greeting, self.disclosure if self.disclose else "", self.language)

    @property
    def leaves_to(self) -> str | None:
        """Where a call goes outside business hours; None where it is not handed to anybody."""
        return {"transfer": self.outside_ref, "message": self.outside_inbox}.get(self.outside_call)


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
    instructions: str = ""
    actions: list[FrozenAction] = Field(default_factory=list)
    names: dict[str, str] = Field(default_factory=dict)
    schema_version: int = SCHEMA

    def labels(self) -> Names:
        """The labels of all references."""
        return Names(self.names)
