"""End call: closing words, then hang up."""

from __future__ import annotations

from typing import Any

from actions.base import (
    VOICE,
    ActionType,
    End,
    Example,
    Finding,
    Moment,
    Names,
    Outcome,
    Settings,
)
from actions.context import Context
from actions.fields import said
from actions.registry import register


@register
class EndCall(ActionType):
    """Ends the call."""

    slug, label, group, icon = "end_call", "End call", "Call routing", "phone-off"
    rank = 20
    also_called = ("hang up", "goodbye", "finish", "close")
    about = "Say goodbye and hang up."
    tool_help = "End the call when everything is settled."
    when_hint = "the caller says goodbye"
    channels = VOICE
    moments = frozenset({Moment.DURING, Moment.NO_ANSWER})
    ends = consequential = True

    class Config(Settings):
        """The last words."""

        closing_words: str = said("Closing words", "goodbye", max=500)

    def summary(self, config: Any, names: Names) -> str:
        """The last words."""
        return (
            f"end the call with “{config.closing_words}”"
            if config.closing_words
            else "end the call"
        )

    def lint(self, config: Any, when: str) -> list[Finding]:
        """A call that ends without a word seems broken."""
        if config.closing_words:
            return []
        text = "The call ends without a word, so the caller may think it was cut off."
        return [Finding("warning", text, ("closing_words",))]

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """End."""
        return Outcome("Call ended", flow=End(config.closing_words))

    examples = (
        Example("with words", {"closing_words": "Bye."}, line="Call ended", flow=End),
        Example("without words", {"closing_words": ""}, line="Call ended", flow=End),
        Example("too many words", {"closing_words": "x" * 501}, error="invalid"),
    )
