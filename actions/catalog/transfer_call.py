"""Transfer call: hand the caller to a person, a group, an inbox or an outside number."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationInfo, create_model, field_validator

from actions.base import (
    VOICE,
    ActionError,
    ActionType,
    Example,
    Finding,
    HandOff,
    Heard,
    Moment,
    Names,
    Outcome,
    Row,
    Settings,
    Target,
    ToolArguments,
    conditions,
    picked_by_rule,
    quoted,
)
from actions.context import Context
from actions.fields import Choices, choice, condition, number, pick, rows, said, switch
from actions.handing import OUTCOMES, TELEPHONY
from actions.languages import ENGLISH, Language
from actions.registry import register
from actions.text import one_line

IN_ORDER = "Rung one after another. One with a condition is rung only if it is met"
PEOPLE = ("person", "ring_group", "inbox", "external")


class Destination(Row):
    """One place to ring, in order."""

    ref: str = pick("Destination", *PEOPLE, wants=("call",))
    when: str = condition("Only when", placeholder="asks about a bill")
    ring_seconds: int = number("Ring for", 20, ge=5, le=120, unit="s")


@register
class TransferCall(ActionType):
    """Moves an active call to the appropriate person, team or outside number.

    Who is rung, always in the order of the list: every destination without a condition of its
    own, and the one whose condition was met, which the model names. A destination whose condition
    was not met is left out. Where all have conditions and none was named, all are rung.
    """

    slug, label, group, icon = "transfer_call", "Transfer call", "Call routing", "phone-forward"
    rank = 10
    also_called = (
        "forward",
        "connect",
        "put through",
        "hand over",
        "ring",
        "dial",
        "live person",
        "operator",
    )
    about = "Hand the call to a person, a ring group, an inbox or an outside number."
    tool_help = "Transfer the call to a colleague. Say goodbye in one short sentence first."
    when_hint = "the caller asks about pricing or wants to speak to a person"
    channels = VOICE
    moments = frozenset({Moment.DURING})
    ends = consequential = True
    needs = (TELEPHONY,)
    outcomes = OUTCOMES
    answered_by = ("colleague",)

    class Config(Settings):
        """Where to, how, and what if nobody answers."""

        destinations: list[Destination] = rows(
            "Transfer to", min=1, max=20, add="destination", help=IN_ORDER
        )
        warm: bool = switch(
            "Warm transfer", help="The colleague hears who is calling and why, and presses 1"
        )
        closing_words: str = said("The caller hears", "connecting", max=500)
        fallback: Literal["agent", "inbox", "end"] = choice(
            "If nobody answers",
            "agent",
            labels={"agent": "back to the agent", "inbox": "an inbox", "end": "end the call"},
        )
        fallback_ref: str = pick(
            "Inbox", "inbox", checked=True, wants=("call",), show_if={"fallback": "inbox"}
        )
        fallback_words: str = said("Then the caller hears", "nobody_free", max=500)

        @field_validator("fallback_ref")
        @classmethod
        def _inbox_is_chosen(cls, value: str, info: ValidationInfo) -> str:
            if not value and info.data.get("fallback") == "inbox":
                raise ValueError("Choose the inbox for calls that nobody answers.")
            return value

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
        labels = self.choices(config, names)["destination"].annotation("str | None")
        whom = Field(description="Whom to ring; null if none of them fits better")
        return create_model(
            "TransferArguments", __base__=self.Arguments, destination=(labels, whom)
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
        return conditions(
            ((row.ref, row.when) for row in config.destinations if row.ref in names), when
        )

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty destination."""
        return {"destinations": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """Whom, each with its condition, and how."""
        to, rows = "", config.destinations
        for before, row in zip((None, *rows), rows, strict=False):
            to += _joined(before, row) + " ".join(filter(None, (names.label(row.ref), _if(row))))
        return f"{to}, {'warm' if config.warm else 'cold'}"

    def offer(self, config: Any, names: Names, args: Any, language: Language = ENGLISH) -> str:
        """To whom, without the conditions."""
        rows = self._rung(config, names, getattr(args, "destination", None))
        labels = dict.fromkeys(names.label(row.ref) for row in rows)
        return language.say("offer_connect", who=f" {language.speaking.either} ".join(labels))

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Missing, double and unreachable destinations."""
        found: list[Finding] = []
        seen: set[str] = set()
        for n, row in enumerate(config.destinations):
            loc = ("destinations", n)
            if not row.ref:
                found.append(Finding("error", "Choose a destination.", (*loc, "ref")))
            elif row.ref in seen:
                text = "This destination is listed twice."
                found.append(Finding("warning", text, (*loc, "ref")))
            if _chosen(config) and not (row.when or when):
                text = "The others have a condition. Say when this one applies."
                found.append(Finding("error", text, (*loc, "when")))
            seen.add(row.ref)
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """The words that matched are the reason."""
        made: dict[str, Any] = {"reason": quoted(heard), "summary": None}
        if _chosen(config):
            choices = self.choices(config, names)["destination"]
            picked = picked_by_rule(choices, heard)
            own = {row.ref for row in config.destinations if row.when}
            picked.sort(key=lambda label: choices.keys[label] not in own)
            made["destination"] = picked[0] if picked else None
        return made

    def _rung(self, config: Any, names: Names, label: str | None) -> list[Destination]:
        """The one that was named and those without a condition of their own, else all."""
        rows = config.destinations
        ref = self.choices(config, names)["destination"].ref(label) if label else ""
        met = next((row for row in rows if row.when and row.ref == ref), None)
        return [row for row in rows if not row.when or row is met] or list(rows)

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Plan the ringing; destinations that were deleted are left out."""
        targets = tuple(
            Target(row.ref, ctx.names[row.ref], row.ring_seconds)
            for row in self._rung(config, ctx.names, getattr(args, "destination", None))
            if ctx.people.exists(row.ref)
        )
        if not targets:
            raise ActionError(
                "None of its destinations is left.", to_model="Nobody can be reached."
            )
        who = ctx.facts.contact.name or "A caller"
        why = one_line(args.summary or args.reason, 1000)
        flow = HandOff(
            targets,
            closing_words=config.closing_words,
            warm=config.warm,
            whisper=f"{who}: {why}" if config.warm else "",
            fallback=config.fallback,
            fallback_ref=config.fallback_ref,
            fallback_words=config.fallback_words,
            reason=one_line(args.reason, 500),
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
            "one with a condition, then those that are always rung",
            {
                "destinations": [
                    {"id": "1", "ref": "person:1", "when": "about bills"},
                    {"id": "2", "ref": "ring_group:1"},
                    {"id": "3", "ref": "inbox:1"},
                ]
            },
            {"reason": "a bill", "summary": None, "destination": "Ana Ruiz"},
            line="Transfer to Ana Ruiz, then Sales, then Support",
            flow=HandOff,
        ),
        Example(
            "its condition was not met: it is not rung",
            {
                "destinations": [
                    {"id": "1", "ref": "person:1", "when": "about bills"},
                    {"id": "2", "ref": "ring_group:1"},
                ]
            },
            {"reason": "a price", "summary": None, "destination": None},
            line="Transfer to Sales",
            flow=HandOff,
        ),
        Example(
            "warm, and an inbox if nobody answers",
            {
                "destinations": [{"id": "1", "ref": "external:+14155550199"}],
                "warm": True,
                "fallback": "inbox",
                "fallback_ref": "inbox:1",
            },
            {"reason": "a refund", "summary": "Wants the money back."},
            line="Transfer to +1 415 555 0199",
            flow=HandOff,
        ),
        Example(
            "an inbox that nobody chose",
            {"destinations": [{"id": "1", "ref": "person:1"}], "fallback": "inbox"},
            error="invalid",
        ),
        Example(
            "everybody was deleted",
            {"destinations": [{"id": "1", "ref": "person:99"}]},
            {"reason": "x", "summary": None},
            error="None of its destinations",
        ),
    )


def _joined(before: Destination | None, row: Destination) -> str:
    if before is None:
        return ""
    if before.when:
        return ", " if row.when else ", else "
    return ", then "


def _if(row: Destination) -> str:
    return f"if {one_line(row.when).rstrip('.')}" if row.when else ""


def _chosen(config: Any) -> bool:
    """Whether the destinations have conditions, so that the model names one."""
    return any(row.when for row in config.destinations)
