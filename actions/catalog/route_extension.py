"""Route to extension: the caller names or presses an extension and reaches that person."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from actions.base import (
    VOICE,
    ActionError,
    ActionType,
    Collect,
    Example,
    Finding,
    HandOff,
    Heard,
    Moment,
    Names,
    Outcome,
    Settings,
    ToolArguments,
)
from actions.context import Context
from actions.fields import number, pick, picks, said, switch
from actions.handing import OUTCOMES, TELEPHONY, ring
from actions.registry import register
from actions.understood import find_digits
from actions.understood.extension import find_extension

UNKNOWN = "There is no extension {} among the people who may be reached."


@register
class RouteToExtension(ActionType):
    """Lets callers reach one person by an extension, spoken or pressed."""

    slug, label = "route_extension", "Route to extension"
    group, icon = "Call routing", "grid-3x3"
    rank = 40
    also_called = ("dial by extension", "direct line", "keypad", "internal number")
    about = "Connect the caller to the person whose extension was spoken or pressed."
    tool_help = "Connect the caller to an extension. Say goodbye in one short sentence first."
    when_hint = "the caller gives an extension or asks for one"
    channels = VOICE
    moments = frozenset({Moment.DURING})
    ends = consequential = True
    needs = (TELEPHONY,)
    outcomes = OUTCOMES
    answered_by = ("colleague",)

    class Config(Settings):
        """Whether to ask, who may be reached, and what if it leads nowhere."""

        ask: bool = switch(
            "Ask for the extension",
            True,
            help="When off, it only accepts an extension the caller gives",
        )
        question: str = said(
            "Question", "which_extension", short=True, max=200, show_if={"ask": True}
        )
        digits: int = number("Digits", 3, ge=1, le=6, help="How many keys make an extension")
        seconds: int = number("Wait for keys", 5, ge=1, le=30, unit="s")
        people: list[str] = picks(
            "Who may be reached",
            "person",
            help="Leave empty for everybody with an extension",
            wants=("extension", "call"),
        )
        unknown_words: str = said("Unknown extension", "unknown_extension", short=True, max=200)
        tries: int = number("Ask at most", 2, ge=1, le=5, unit="times")
        ring_seconds: int = number("Ring for", 20, ge=5, le=120, unit="s")
        closing_words: str = said("The caller hears", "connecting", max=500)
        fallback: str = pick(
            "If that fails, transfer to",
            "inbox",
            "person",
            "ring_group",
            help="Leave empty to return to the agent",
            wants=("call",),
        )
        fallback_words: str = said("If nobody answers, the caller hears", "nobody_free", max=500)

    class Arguments(ToolArguments):
        """The extension, where it was given."""

        extension: str | None = Field(
            max_length=12, description="The digits the caller gave, or null if none were given"
        )

    def summary(self, config: Any, names: Names) -> str:
        """Whom it can reach."""
        who = ", ".join(names.label(ref) for ref in config.people) or "everybody with an extension"
        return f"{'ask and connect' if config.ask else 'connect'}: {who}"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """What would leave the caller without words."""
        found: list[Finding] = []
        if config.ask and not config.question:
            found.append(Finding("error", "Write the question.", ("question",)))
        if not config.unknown_words:
            text = "Write what the caller hears when the extension is unknown."
            found.append(Finding("error", text, ("unknown_words",)))
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any] | None:
        """The digits of the message; without any it asks, where it may."""
        found = find_extension(heard.message, heard.language)
        if found is None and not config.ask:
            return None
        return {"extension": found.value if found else None}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Connect, or ask again, or fall back."""
        found = find_digits(args.extension, ctx.language) if args.extension else None
        digits = found.value if found else ""
        person = ctx.people.at_extension(digits) if digits else ""
        allowed = not config.people or person in config.people
        if person and allowed:
            return self._connect(ctx, config, person, digits)
        if ctx.asked < config.tries and (digits or ctx.asked or config.ask):
            first = not (digits or ctx.asked)
            question = config.question if first else config.unknown_words
            flow = Collect(question, "extension", digits=config.digits, seconds=config.seconds)
            line = "Asked for the extension" if first else f"Unknown extension {digits}".strip()
            return Outcome(line, flow=flow)
        return self._fall_back(ctx, config, digits)

    def _connect(self, ctx: Context, config: Any, person: str, digits: str) -> Outcome:
        inbox = config.fallback if config.fallback.startswith("inbox:") else ""
        given = f"extension {digits}"
        flow = ring(ctx, config, person, inbox=inbox, reason=given, found=given)
        line = f"Extension {digits}: {flow.targets[0].label}"
        return Outcome(line, flow=flow, facts={"extension": digits})

    def _fall_back(self, ctx: Context, config: Any, digits: str) -> Outcome:
        if not config.fallback or not ctx.people.exists(config.fallback):
            raise ActionError(
                UNKNOWN.format(digits) if digits else "No extension was given.",
                to_model="That extension leads nowhere. Offer other help.",
            )
        gap = "no extension was found"
        flow = ring(ctx, config, config.fallback, reason=gap, found=gap)
        return Outcome(f"No extension was found: {flow.targets[0].label}", flow=flow)

    examples = (
        Example(
            "a known extension",
            {},
            {"extension": "204"},
            line="Extension 204: Ana Ruiz",
            flow=HandOff,
        ),
        Example("asked for", {}, {"extension": None}, line="Asked for", flow=Collect),
        Example(
            "unknown: asked again",
            {},
            {"extension": "999"},
            line="Unknown extension 999",
            flow=Collect,
        ),
        Example(
            "unknown too often: falls back",
            {"fallback": "inbox:1"},
            {"extension": "999"},
            asked=2,
            line="No extension was found: Support",
            flow=HandOff,
        ),
        Example(
            "somebody who may not be reached",
            {"people": ["person:9"], "tries": 1},
            {"extension": "204"},
            asked=1,
            error="There is no extension 204 among the people who may be reached.",
        ),
        Example(
            "none given, and it may not ask",
            {"ask": False},
            {"extension": None},
            error="No extension was given",
        ),
    )
