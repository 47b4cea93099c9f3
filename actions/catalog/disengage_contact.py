"""Disengage contact: no outreach any more; the contact may still write or call."""

from __future__ import annotations

from typing import Any, Literal

from actions.base import (
    ActionType,
    Event,
    Example,
    Heard,
    Names,
    Outcome,
    Repeat,
    Settings,
)
from actions.context import Context
from actions.effects import Disengage
from actions.fields import choice, switch
from actions.registry import register
from actions.text import one_line


@register
class DisengageContact(ActionType):
    """Ends our side of it: because the contact wants so, or because nobody answers any more."""

    slug, label = "disengage_contact", "Disengage contact"
    group, icon = "Compliance", "user-x"
    rank = 20
    also_called = ("pause", "not interested", "stop outreach", "unsubscribe")
    about = "Stop all outreach to the contact, who may still write or call."
    tool_help = "Stop contacting this contact of our own accord; they may still write or call."
    when_hint = "the contact is not interested"
    one_key = True
    default_repeat = Repeat.ONCE

    class Config(Settings):
        """How far it reaches."""

        scope: Literal["agent", "all"] = choice(
            "No outreach by", "agent", labels={"agent": "this agent", "all": "any agent"}
        )
        stop_sequences: bool = switch("Stop the contact’s sequences", True)

    def summary(self, config: Any, names: Names) -> str:
        """By whom."""
        by = "any agent" if config.scope == "all" else "this agent"
        return f"no outreach by {by}" + (", sequences stop" if config.stop_sequences else "")

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """Nothing is needed."""
        return {}

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any]:
        """Nothing is needed."""
        return {}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Disengage; what was said last, or that nothing was, is the reason."""
        said = one_line(ctx.facts.message, 200)
        reason = f"“{said}”" if said else _silence(ctx)
        everyone = config.scope == "all"
        ctx.emit(Disengage(everyone, config.stop_sequences, reason))
        by = "any agent" if everyone else "this agent"
        return Outcome(f"Disengaged: no outreach by {by}")

    examples = (
        Example(
            "by this agent",
            {},
            effects=("Disengaged from this agent",),
            line="Disengaged: no outreach by this agent",
        ),
        Example(
            "by all, after three calls that nobody answered",
            {"scope": "all", "stop_sequences": False},
            moment="no_answer",
            effects=("Disengaged from all agents",),
            line="Disengaged: no outreach by any agent",
        ),
        Example("nothing is asked of the model", {}, {"reason": "tired"}, error="invalid"),
    )


def _silence(ctx: Context) -> str:
    return f"no answer at attempt {ctx.facts.attempt}" if ctx.moment == "no_answer" else "silence"
