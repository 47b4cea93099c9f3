"""Transfer call: hand the caller to a person, a group, an inbox or an outside number."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from actions.base import (
    VOICE,
    ActionError,
    ActionType,
    Example,
    Finding,
    HandOff,
    Moment,
    Names,
    Need,
    Outcome,
    Row,
    Settings,
    Target,
    ToolArguments,
)
from actions.fields import Choices, choice, condition, number, pick, rows, switch, words
from actions.ports import Context
from actions.registry import register

PEOPLE = ("person", "ring_group", "inbox", "external")


class Destination(Row):
    """One place to ring, in order."""

    ref: str = pick("Destination", *PEOPLE)
    when: str = condition("Only when", placeholder="leave empty: rung in order")
    ring_seconds: int = number("Rings for", 20, ge=5, le=120, unit="s")


@register
class TransferCall(ActionType):
    """Moves an active call to the appropriate person, team or outside number."""

    slug, label, group, icon = "transfer_call", "Transfer call", "Call routing", "phone-forward"
    about = "Hand the call to a person, a ring group, an inbox or an outside number."
    tool_help = "Transfer the call to a colleague. Say goodbye in one short sentence first."
    when_hint = "the caller asks about pricing or wants to speak to a person"
    channels = VOICE
    moments = frozenset({Moment.DURING})
    ends = consequential = True
    needs = (Need("telephony", "a telephone connection"),)
    outcomes = ("answered", "declined", "no_answer", "busy", "failed", "machine", "caller_gone")
    promises = {
        "en": (
            "i'm transferring you",
            "i am transferring you",
            "i'll transfer you",
            "i will transfer you",
            "let me transfer you",
            "transferring you",
            "i'm connecting you",
            "i am connecting you",
            "i'll connect you",
            "i will connect you",
            "let me connect you",
            "connecting you",
            "i'll put you through",
            "let me put you through",
            "putting you through",
        )
    }

    class Config(Settings):
        """Where to, how, and what if nobody answers."""

        destinations: list[Destination] = rows(
            "Transfer to", min=1, max=20, add="destination", help="Rung one after another"
        )
        warm: bool = switch("Warm", help="The colleague hears who and why, and presses 1")
        closing_words: str = words("The caller hears", "One moment, I am connecting you.", max=500)
        fallback: Literal["agent", "inbox", "end"] = choice(
            "If nobody answers",
            "agent",
            labels={"agent": "back to the agent", "inbox": "an inbox", "end": "end the call"},
        )
        fallback_ref: str = pick("Inbox", "inbox", show_if={"fallback": "inbox"})
        fallback_words: str = words(
            "Then the caller hears", "I am sorry, nobody is free right now.", max=500
        )

        @model_validator(mode="after")
        def _inbox_is_chosen(self) -> TransferCall.Config:
            if self.fallback == "inbox" and not self.fallback_ref:
                raise ValueError("Choose the inbox for calls that nobody answers.")
            return self

    class Arguments(ToolArguments):
        """Why, and to whom where the panel leaves a choice."""

        reason: str = Field(max_length=500, description="Why, in a few words, for the colleague")
        summary: str | None = Field(
            max_length=1000, description="Two sentences about the conversation so far, or null"
        )

    def arguments(self, config: Any, names: Names) -> type[ToolArguments]:
        """With conditions of their own, destinations are named by the model."""
        if not _chosen(config):
            return self.Arguments
        labels = self.choices(config, names)["destination"]
        declared: Any = labels.annotation("str | None")
        return type(
            "TransferArguments",
            (self.Arguments,),
            {
                "__annotations__": {"destination": declared},
                "__module__": __name__,
                "destination": Field(description="Whom; null rings them in order"),
            },
        )

    def choices(self, config: Any, names: Names) -> dict[str, Choices]:
        """Destinations that still exist."""
        return {
            "destination": Choices(
                (row.ref, names[row.ref]) for row in config.destinations if row.ref in names
            )
        }

    def predicates(self, config: Any, when: str, names: Names) -> dict[str, str]:
        """The action's condition, or one per destination."""
        own = {row.ref: row.when for row in config.destinations if row.when}
        return own or super().predicates(config, when, names)

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty destination."""
        return {"destinations": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """Whom, and how."""
        to = ", then ".join(names.label(row.ref) for row in config.destinations)
        return f"{to}, {'warm' if config.warm else 'cold'}"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Missing, double and unconditional destinations."""
        found = []
        seen: set[str] = set()
        for n, row in enumerate(config.destinations):
            if not row.ref:
                found.append(Finding("error", "Choose a destination.", ("destinations", n, "ref")))
            elif row.ref in seen:
                found.append(
                    Finding(
                        "warning", "This destination stands here twice.", ("destinations", n, "ref")
                    )
                )
            seen.add(row.ref)
        return found

    def practise(self, config: Any, names: Names, heard: Any) -> dict[str, Any]:
        """The words that matched are the reason."""
        first = next(iter(heard.evidence.values()), None)
        made: dict[str, Any] = {
            "reason": (first.quote if first else heard.message)[:500],
            "summary": None,
        }
        if _chosen(config):
            ref = next((row.ref for row in config.destinations if row.ref in heard.evidence), "")
            made["destination"] = names.get(ref)
        return made

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Plan the ringing; destinations that were deleted are left out."""
        label = getattr(args, "destination", None)
        chosen = self.choices(config, ctx.names)["destination"].keys.get(label) if label else None
        targets = tuple(
            Target(row.ref, ctx.names[row.ref], row.ring_seconds)
            for row in config.destinations
            if ctx.people.exists(row.ref) and chosen in (None, row.ref)
        )
        if not targets:
            raise ActionError(
                "None of its destinations is left.", to_model="Nobody can be reached."
            )
        who = ctx.facts.contact.name or "A caller"
        whisper = f"{who}: {args.summary or args.reason}" if config.warm else ""
        flow = HandOff(
            targets,
            closing_words=config.closing_words,
            warm=config.warm,
            whisper=whisper,
            fallback=config.fallback,
            fallback_ref=config.fallback_ref,
            fallback_words=config.fallback_words,
            reason=args.reason,
        )
        return Outcome(f"Transfer to {', then '.join(t.label for t in targets)}", flow=flow)

    examples = (
        Example(
            "cold, in order",
            {"destinations": [{"id": "1", "ref": "person:1"}, {"id": "2", "ref": "ring_group:1"}]},
            {"reason": "pricing", "summary": None},
            line="Transfer to Ana Ruiz, then Sales",
            flow=HandOff,
        ),
        Example(
            "a destination with a condition of its own",
            {
                "destinations": [
                    {"id": "1", "ref": "person:1", "when": "about bills"},
                    {"id": "2", "ref": "ring_group:1", "when": "about prices"},
                ]
            },
            {"reason": "price", "summary": None, "destination": "Sales"},
            line="Transfer to Sales",
            flow=HandOff,
        ),
        Example(
            "everybody was deleted",
            {"destinations": [{"id": "1", "ref": "person:99"}]},
            {"reason": "x", "summary": None},
            error="None of its destinations",
        ),
    )


def _chosen(config: Any) -> bool:
    """Whether the destinations have conditions, so that the model names one."""
    return any(row.when for row in config.destinations)
