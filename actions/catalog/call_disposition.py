"""Add call disposition: the outcome of the call, chosen from the panel's list."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from actions.base import (
    VOICE,
    ActionError,
    ActionType,
    Event,
    Example,
    Finding,
    Moment,
    Names,
    Outcome,
    Row,
    Settings,
    ToolArguments,
    conditions,
)
from actions.context import Context
from actions.effects import SetDisposition
from actions.fields import Choices, choice, condition, pick, rows
from actions.registry import register

EVENTS = {
    "": "no event",
    "not_answered": "not answered",
    "busy": "busy",
    "failed": "call failed",
    "machine": "voicemail",
}
NOBODY = "nobody answers the call"


class DispositionRow(Row):
    """One outcome, when it applies, and the event it is bound to."""

    disposition: str = pick("Disposition", "disposition")
    when: str = condition("When", placeholder="wants a quote")
    event: Literal["", "not_answered", "busy", "failed", "machine"] = choice(
        "On event", "", labels=EVENTS, help="Set on this event; no model is asked"
    )


@register
class AddCallDisposition(ActionType):
    """Records the outcome of a call; the last one wins."""

    slug, label = "call_disposition", "Add call disposition"
    group, icon = "Outcomes and tracking", "flag"
    rank = 10
    also_called = ("outcome", "result", "wrap up", "status")
    about = "Record the outcome of the call."
    tool_help = "Record the outcome of this call."
    when_hint = "the caller asks for a quote or makes a complaint"
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
        """One condition per outcome that has its own; one for events wants that nobody answers."""
        known = [row for row in config.dispositions if row.disposition in names]
        spoken = conditions(((r.disposition, r.when) for r in known), when)
        if not spoken:
            return {}
        if not any(row.when for row in known):
            return spoken
        return spoken | {r.disposition: NOBODY for r in known if r.event and not r.when}

    def also_at(self, config: Any) -> frozenset[Moment]:
        """An outcome bound to an event is set when that happens."""
        bound = any(row.event for row in config.dispositions)
        return frozenset({Moment.NO_ANSWER}) if bound else frozenset()

    def default_config(self, channel_kind: str) -> dict[str, Any]:
        """One empty row."""
        return {"dispositions": [{"id": "1"}]}

    def summary(self, config: Any, names: Names) -> str:
        """The list."""
        return "set " + " or ".join(names.label(row.disposition) for row in config.dispositions)

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Missing and double dispositions, and one that nothing ever sets."""
        found: list[Finding] = []
        own = any(row.when for row in config.dispositions)
        seen: set[str] = set()
        for n, row in enumerate(config.dispositions):
            loc = ("dispositions", n)
            if not row.disposition:
                found.append(Finding("error", "Choose a disposition.", (*loc, "disposition")))
            elif row.disposition in seen and not row.event:
                text = "This disposition is listed twice."
                found.append(Finding("warning", text, (*loc, "disposition")))
            if own and not (row.when or row.event or when):
                text = "The others have a condition. Say when this one applies."
                found.append(Finding("error", text, (*loc, "when")))
            seen.add(row.disposition)
        return found

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any] | None:
        """The outcome bound to the event; a single unbound one serves every event."""
        bound = [row for row in config.dispositions if row.event == event.kind]
        only = config.dispositions if len(config.dispositions) == 1 else []
        rows_ = bound or [row for row in only if not row.event]
        label = next((names[r.disposition] for r in rows_ if r.disposition in names), None)
        return {"disposition": label} if label else None

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Set it."""
        known = self.choices(config, ctx.names)["disposition"]
        if args.disposition not in known.keys:
            raise ActionError("Its disposition was deleted.", to_model="That is not possible now.")
        ref = known.ref(args.disposition)
        ctx.emit(SetDisposition(ref, ctx.existing(ref)))
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
            "one bound to an event",
            {
                "dispositions": [
                    {"id": "1", "disposition": "disposition:1", "when": "an offer was made"},
                    {"id": "2", "disposition": "disposition:2", "event": "not_answered"},
                ]
            },
            {"disposition": "No Answer"},
            effects=("Disposition: No Answer",),
        ),
        Example(
            "one that was deleted",
            {"dispositions": [{"id": "1", "disposition": "disposition:99"}]},
            {"disposition": ""},
            error="Its disposition was deleted",
        ),
        Example(
            "one that is not on the panel",
            {"dispositions": [{"id": "1", "disposition": "disposition:1"}]},
            {"disposition": "Secret"},
            error="invalid",
        ),
    )
