"""Assign to inbox: staff take over; the agent is silent until they release the conversation."""

from __future__ import annotations

from typing import Any

from actions.base import (
    ActionError,
    ActionType,
    Channel,
    Event,
    Example,
    Finding,
    HandOff,
    Heard,
    Moment,
    Names,
    Outcome,
    Settings,
    Target,
)
from actions.context import Context
from actions.effects import AssignInbox
from actions.fields import pick, said, words
from actions.registry import register


@register
class AssignToInbox(ActionType):
    """Hands a thread to the staff of an inbox; a call rings its members."""

    slug, label = "assign_inbox", "Assign to inbox"
    group, icon = "Call routing", "inbox"
    rank = 30
    also_called = ("escalate", "handoff", "human", "staff", "take over", "queue", "team")
    about = "Let the staff of an inbox take the conversation over."
    tool_help = "Hand this conversation to colleagues. Say so in one short sentence first."
    when_hint = "the contact wants to speak to a person"
    ends = True

    class Config(Settings):
        """Which inbox, and what staff read."""

        inbox: str = pick("Inbox", "inbox", wants=("staff",))
        note: str = words("Note for staff", placeholder="Wants to talk about a refund", max=500)
        closing_words: str = said("The contact hears", "colleague", short=True, max=200)

    def summary(self, config: Any, names: Names) -> str:
        """Which inbox."""
        return names.label(config.inbox) if config.inbox else "an inbox"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """The inbox is chosen."""
        return [] if config.inbox else [Finding("error", "Choose an inbox.", ("inbox",))]

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """Nothing is needed."""
        return {}

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any]:
        """Nothing is needed."""
        return {}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """An item for staff; during a conversation they also take it over, a call by ringing."""
        if not config.inbox or not ctx.people.exists(config.inbox):
            raise ActionError("Its inbox was deleted.", to_model="Nobody can take over now.")
        label = ctx.names[config.inbox]
        rings = ctx.facts.channel is Channel.VOICE and ctx.moment == Moment.DURING
        if not rings:
            ctx.emit(AssignInbox(config.inbox, ctx.existing(config.inbox), config.note))
        flow = None
        if ctx.moment == Moment.DURING:
            flow = HandOff(
                (Target(config.inbox, label),),
                closing_words=config.closing_words,
                reason=config.note,
                staff=not rings,
            )
        return Outcome(f"Assigned to {label}", flow=flow)

    examples = (
        Example(
            "a call rings the inbox", {"inbox": "inbox:1"}, line="Assigned to Support", flow=HandOff
        ),
        Example(
            "after the end: an item",
            {"inbox": "inbox:1", "note": "Call back"},
            moment="after_end",
            effects=("Assigned to Support",),
        ),
        Example("the inbox was deleted", {"inbox": "inbox:9"}, error="Its inbox was deleted"),
    )
