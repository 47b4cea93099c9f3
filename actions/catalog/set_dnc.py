"""Set contact as DNC: every future message and call to the contact is blocked."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from actions import effects
from actions.base import (
    ActionType,
    Event,
    Example,
    Heard,
    Names,
    Outcome,
    Repeat,
    ToolArguments,
    quoted,
)
from actions.context import Context
from actions.registry import register
from actions.text import one_line


@register
class SetDnc(ActionType):
    """Keeps the promise that somebody who wants to be left alone is left alone."""

    slug, label, group, icon = "set_dnc", "Set contact as DNC", "Compliance", "ban"
    rank = 10
    also_called = ("do not call", "opt out", "unsubscribe", "stop", "block")
    about = "Block every future message and call to the contact."
    tool_help = "Block this contact: no more calls or messages from us, by any way."
    when_hint = "the contact says “stop calling me”"
    one_key = True
    default_repeat = Repeat.ONCE

    class Arguments(ToolArguments):
        """What was said."""

        words: str = Field(max_length=500, description="The contact's own words that ask for it")

    def summary(self, config: Any, names: Names) -> str:
        """What it means."""
        return "block every future message and call"

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """The words that matched."""
        return {"words": quoted(heard, 500)}

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any]:
        """No words: an event did it."""
        return {"words": event.kind.replace("_", " ")}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Block."""
        words = one_line(args.words, 500)
        ctx.emit(effects.SetDnc(words))
        to_model = "Blocked. Confirm in one sentence that nobody will contact them again."
        heard = ctx.language.say("opted_out")
        return Outcome("Set as DNC", to_model, heard, facts={"words": words})

    examples = (
        Example(
            "asked for",
            {},
            {"words": "stop calling me"},
            effects=("Do not call",),
            line="Set as DNC",
        ),
        Example("no words", {}, {"words": ""}, effects=("Do not call",)),
        Example("words of another kind", {}, {"words": 3}, error="invalid"),
    )
