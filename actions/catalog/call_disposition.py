"""Add call disposition: the outcome of the call, chosen from the panel's list."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from actions.base import (
    VOICE,
    ActionType,
    Event,
    Example,
    Finding,
    Names,
    Outcome,
    Row,
    Settings,
    ToolArguments,
)
from actions.fields import Choices, choice, condition, pick, rows
from actions.ports import Context
from actions.registry import register

EVENTS = {
    "": "—",
    "not_answered": "nobody answers",
    "busy": "the line is busy",
    "failed": "the call fails",
    "machine": "a machine answers",
}


class DispositionRow(Row):
    """One outcome, when it applies, and the event it is bound to."""

    disposition: str = pick("Disposition", "disposition")
    when: str = condition("When", placeholder="the caller wants a quote")
    event: Literal["", "not_answered", "busy", "failed", "machine"] = choice(
        "Without a conversation", "", labels=EVENTS, help="For calls that nobody answers"
    )


@register
class AddCallDisposition(ActionType):
    """Records the outcome of a call; the last one wins."""

    slug, label = "call_disposition", "Add call disposition"
    group, icon = "Outcomes and tracking", "flag"
    about = "Record the outcome of the call."
    tool_help = "Record the outcome of this call."
    when_hint = "the outcome of the call is clear"
    channels = VOICE

    class Config(Settings):
        """The outcomes of this panel."""

        dispositions: list[DispositionRow] = rows("Set", min=1, add="disposition")

    class Arguments(ToolArguments):
        """One of the list."""

        disposition: str = Field(description="The outcome that applies")

    def choices(self, config: Any, names: Names) -> dict[str, Choices]:
        """The outcomes that still exist."""
        pairs = (
            (r.disposition, names[r.disposition])
            for r in config.dispositions
            if r.disposition in names
        )
        return {"disposition": Choices(pairs)}

    def predicates(self, config: Any, when: str, names: Names) -> dict[str, str]:
        """One condition per outcome that has its own."""
        own = {
            r.disposition: r.when for r in config.dispositions if r.when and r.disposition in names
        }
        return own or super().predicates(config, when, names)

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty row."""
        return {"dispositions": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """The list."""
        return "set " + " or ".join(names.label(row.disposition) for row in config.dispositions)

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Every row needs a disposition."""
        return [
            Finding("error", "Choose a disposition.", ("dispositions", n, "disposition"))
            for n, row in enumerate(config.dispositions)
            if not row.disposition
        ]

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """The outcome bound to the event; a single unbound one serves every event."""
        bound = [row for row in config.dispositions if row.event == event.kind]
        only = config.dispositions if len(config.dispositions) == 1 else []
        rows_ = bound or [row for row in only if not row.event]
        label = next((names[r.disposition] for r in rows_ if r.disposition in names), None)
        return {"disposition": label} if label else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Set it."""
        ref = self.choices(config, ctx.names)["disposition"].ref(args.disposition)
        ctx.conversation.set_disposition(ref)
        return Outcome(f"Disposition {args.disposition}", facts={"disposition": ref})

    examples = (
        Example(
            "one of two",
            {
                "dispositions": [
                    {"id": "1", "disposition": "disposition:1"},
                    {"id": "2", "disposition": "disposition:2"},
                ]
            },
            {"disposition": "No Answer"},
            effects=("Disposition: No Answer",),
            line="Disposition No Answer",
        ),
        Example(
            "the only one",
            {"dispositions": [{"id": "1", "disposition": "disposition:1", "when": "connected"}]},
            {"disposition": "Connected"},
            effects=("Disposition: Connected",),
        ),
        Example(
            "one that is not on the panel",
            {"dispositions": [{"id": "1", "disposition": "disposition:1"}]},
            {"disposition": "Secret"},
            error="invalid",
        ),
    )
