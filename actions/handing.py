"""What the ways to a colleague share: their words, their outcomes, and one who is rung."""

from __future__ import annotations

from typing import Any

from actions.base import HandOff, Need, Target
from actions.context import Context

TELEPHONY = Need("telephony", "a telephone connection")
OUTCOMES = ("answered", "declined", "no_answer", "busy", "failed", "machine", "caller_gone")


def ring(
    ctx: Context, config: Any, ref: str, *, reason: str, found: str, inbox: str = ""
) -> HandOff:
    """Ring one destination as the settings say; an inbox takes the call that it does not answer."""
    return HandOff(
        (Target(ref, ctx.people.label(ref), config.ring_seconds),),
        closing_words=config.closing_words,
        fallback="inbox" if inbox else "agent",
        fallback_ref=inbox,
        fallback_words=config.fallback_words,
        reason=reason,
        found=found,
    )
