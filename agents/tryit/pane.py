"""The Try-it pane: how a test is set up, and what the pane shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.contacts.models import Contact
from agents.conversations import pages, reading
from agents.conversations.models import Conversation, Turn
from agents.conversations.situation import simulated_in
from agents.panels.freeze import content_to_try, digest_of, settings_of
from agents.panels.models import Agent
from agents.tryit.compared import compared
from agents.tryit.dock import dock_context
from agents.tryit.simulations import choices, read_choices
from agents.tryit.trail import trail_of
from integrations.models import Connection


@dataclass(frozen=True, slots=True)
class Setup:
    """What the next test is started with. `contact`: None nobody chosen yet, "" unknown."""

    channel: str
    direction: str = "inbound"
    attempt: int = 1
    contact: str | None = None
    simulated: Mapping[str, str] = field(default_factory=dict)
    booked: bool = False
    hours: str = ""

    @property
    def call(self) -> bool:
        """A typed test call instead of a chat."""
        return self.channel == "voice"

    @property
    def begins(self) -> str:
        """The time at which it begins, in words."""
        return HOURS[self.hours]


MODEL = "model"  # the vendor of a connection that is a model endpoint
DIRECTIONS = (("inbound", "Incoming"), ("outbound", "Outgoing"))
HOURS = {"": "Now", "open": "Within hours", "closed": "Outside hours"}
SKIPS = ((3600, "1 hour"), (86400, "1 day"), (259200, "3 days"))


def read_setup(agent: Agent, data: Mapping[str, str]) -> Setup:
    """From the pane's form; a channel that the agent does not have becomes its first one."""
    legal = channels(agent)
    channel = data.get("channel", "")
    outbound = data.get("direction") == "outbound" and agent.kind == Agent.Kind.VOICE
    attempt = data.get("attempt", "")
    hours = data.get("hours", "")
    return Setup(
        channel=channel if channel in legal else legal[0],
        direction="outbound" if outbound else "inbound",
        attempt=min(max(int(attempt), 1), 20) if attempt.isascii() and attempt.isdigit() else 1,
        contact=pages.as_uuid(data["contact"]) if "contact" in data else None,
        simulated=read_choices(data),
        booked="booked" in data,
        hours=hours if hours in HOURS else "",
    )


def setup_of(conversation: Conversation) -> Setup:
    """How a running test was started, and what is simulated now."""
    start = conversation.world.get("start", {})
    return Setup(
        simulated=simulated_in(conversation.world),
        booked=bool(start.get("bookings")),
        channel=conversation.channel,
        direction=conversation.direction,
        attempt=conversation.attempt,
        contact=str(conversation.contact_id or ""),
        hours=start.get("hours", ""),
    )


def channels(agent: Agent) -> tuple[str, ...]:
    """What an agent can be tried on."""
    return ("voice",) if agent.kind == Agent.Kind.VOICE else ("chat", "sms")


def sample_contacts() -> list[Contact]:
    """Who the tester may pretend to be."""
    return list(Contact.objects.filter(sample=True).order_by("created_at")[:50])


def draft_changed(conversation: Conversation) -> bool:
    """Whether a test started now would run on something else than this one."""
    try:
        content = content_to_try(conversation.agent.panel)
    except ValueError:
        return True
    return digest_of(content) != conversation.version.digest


def pane_context(agent: Agent, setup: Setup, conversation: Conversation | None) -> dict[str, Any]:
    """Everything the pane shows."""
    found = sample_contacts()
    wanted = str(found[0].pk) if found and setup.contact is None else setup.contact
    chosen = next((row for row in found if str(row.pk) == wanted), None)
    if conversation:
        setup = setup_of(conversation)
    chosen_ways = choices(agent, setup.simulated)
    return {
        "setup": setup,
        "contacts": found,
        "chosen": conversation.contact if conversation else chosen,
        "ways": DIRECTIONS
        if setup.call
        else [(key, pages.CHANNELS[key]) for key in channels(agent)],
        "skips": SKIPS,
        "choices": chosen_ways,
        "bookable": any(one.simulation.what == "calendar" for one in chosen_ways),
        "hours": HOURS.items() if settings_of(agent.panel).hours.known else (),
        "turns": _turns(conversation) if conversation else [],
        **(trail_context(conversation) if conversation else {}),
        "draft_changed": conversation is not None and draft_changed(conversation),
        "practice": practice(),
        **dock_context(agent, conversation),
    }


def trail_context(conversation: Conversation) -> dict[str, Any]:
    """The lines between the turns."""
    return {"trail": trail_of(conversation), "compared": compared(conversation)}


def _turns(conversation: Conversation) -> list[reading.TurnView]:
    """The turns of a test that goes on."""
    rows = reading.with_runs(Turn.objects.filter(conversation=conversation))
    return reading.turn_views(conversation, rows.exclude(state=Turn.State.RUNNING))


def practice() -> bool:
    """Whether rules stand in for the language model."""
    return not Connection.objects.filter(vendor=MODEL).exists()
