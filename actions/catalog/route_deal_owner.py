"""Route to HubSpot deal contact owner: the caller reaches the colleague whose deal it is."""

from __future__ import annotations

from typing import Any

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
    Settings,
)
from actions.context import Context
from actions.fields import number, pick, said
from actions.handing import OUTCOMES, TELEPHONY, ring
from actions.ports import Owner
from actions.registry import register


@register
class RouteToDealOwner(ActionType):
    """Asks HubSpot who owns the contact's newest open deal, else the contact, and rings them."""

    slug, label = "route_deal_owner", "Route to HubSpot deal contact owner"
    group, icon = "Call routing", "id-card"
    rank = 50
    also_called = ("account manager", "sales rep", "crm", "forward")
    about = "Connect the caller to the colleague who owns their deal in HubSpot."
    tool_help = "Connect the caller to their account manager. Say goodbye in one sentence first."
    when_hint = "the caller asks for their account manager"
    channels = VOICE
    moments = frozenset({Moment.DURING})
    ends = consequential = asks = True
    needs = (TELEPHONY, Need("hubspot", "a HubSpot connection"))
    outcomes = OUTCOMES
    answered_by = ("hubspot", "colleague")

    class Config(Settings):
        """Which deals count, and who is rung where nobody is found."""

        pipeline: str = pick("Deals in pipeline", "hubspot_pipeline")
        fallback: str = pick(
            "If nobody is found",
            "inbox",
            help="Also rung when the owner does not answer",
            wants=("call",),
        )
        ring_seconds: int = number("Ring for", 20, ge=5, le=120, unit="s")
        closing_words: str = said("The caller hears", "connecting", max=500)
        fallback_words: str = said("If nobody answers, the caller hears", "nobody_free", max=500)

    def summary(self, config: Any, names: Names) -> str:
        """The way to a colleague."""
        where = f" in {names.label(config.pipeline)}" if config.pipeline else ""
        last = f", else {names.label(config.fallback)}" if config.fallback else ""
        return f"the owner of the deal{where}{last}"

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Pipeline and inbox are chosen."""
        found: list[Finding] = []
        if not config.pipeline:
            found.append(Finding("error", "Choose a pipeline.", ("pipeline",)))
        if not config.fallback:
            text = "Choose an inbox for callers whose colleague is not found."
            found.append(Finding("error", text, ("fallback",)))
        return found

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Ring the owner, and the inbox behind; any gap leads to the inbox, and the log says so."""
        owner = ctx.crm.deal_owner(config.pipeline)
        inbox = config.fallback if ctx.people.exists(config.fallback) else ""
        if not (owner.person or inbox):
            raise ActionError(
                f"No colleague was found ({owner.gap}), and its inbox was deleted.",
                to_model="Their colleague cannot be reached. Offer other help.",
            )
        flow = ring(
            ctx,
            config,
            owner.person or inbox,
            inbox=inbox if owner.person else "",
            reason="asks for the account manager",
            found=owner.via if owner.person else owner.gap,
        )
        label = flow.targets[0].label
        line = f"{label}, {owner.via}" if owner.person else f"{owner.gap}: {label}"
        return Outcome(line[:1].upper() + line[1:], flow=flow)

    examples = (
        Example(
            "the deal's owner",
            {"pipeline": "hubspot_pipeline:1", "fallback": "inbox:1"},
            simulated={"owner": Owner("person:1", "owner of the deal “Boiler”")},
            line="Ana Ruiz, owner of the deal “Boiler”",
            flow=HandOff,
        ),
        Example(
            "no deal and no owner: the inbox",
            {"pipeline": "hubspot_pipeline:1", "fallback": "inbox:1"},
            line="No open deal: Support",
            flow=HandOff,
        ),
        Example(
            "nobody and no inbox",
            {"pipeline": "hubspot_pipeline:1", "fallback": "inbox:9"},
            error="No colleague was found",
        ),
    )
