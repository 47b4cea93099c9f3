"""Starting a Try-it conversation: on the draft as it is now, in the sandbox."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from agents.channels.bench.replay import cut_of
from agents.contacts.models import Contact
from agents.contacts.services import snapshot
from agents.conversations.models import Conversation
from agents.conversations.services import open_conversation
from agents.core.models import User
from agents.panels.models import Agent, Version
from agents.panels.schema import VersionContent
from agents.panels.services import freeze_panel

World = dict[str, Any]


def _offset(version: Version, start: World) -> float:
    """Seconds until the time at which a test wants to begin."""
    wanted = start.get("hours", "")
    if not wanted:
        return 0.0
    hours = VersionContent.model_validate(version.content).settings.hours
    now = timezone.now()
    return ((hours.next_time(now, open=wanted == "open") or now) - now).total_seconds()


@transaction.atomic
def start_test(
    *,
    agent: Agent,
    contact: Contact | None,
    channel: str,
    direction: str,
    attempt: int,
    user: User | None,
    hours: str = "",
) -> Conversation:
    """A sandbox conversation on an unnumbered version made from the draft.

    `hours` puts its clock to when the agent is `open` or `closed`; else it is now.
    """
    version = freeze_panel(panel=agent.panel)
    world: World = {"hours": hours} if hours else {}
    if contact:
        world["contact"] = snapshot(contact=contact, agent_uuid=agent.uuid)
    return open_conversation(
        agent=agent,
        version=version,
        contact=contact,
        channel=channel,
        direction=direction,
        attempt=attempt,
        sandbox=True,
        world={**world, "start": world},
        clock_offset=_offset(version, world),
        started_by=user.username if user else "",
    )


@transaction.atomic
def replay_test(
    *, test: Conversation, turn: int, text: str, on_draft: bool, user: User | None
) -> Conversation:
    """A new test that repeats another one up to a turn; `text` says something else in that turn.

    The bench plays the steps when the new test is opened. Raises ValueError for a turn that no
    step of the tester made.
    """
    if cut_of(test, turn) is None:
        raise ValueError("This turn cannot be replayed.")
    start = test.world.get("start", {})
    version = freeze_panel(panel=test.agent.panel) if on_draft else test.version
    replay = {"of": str(test.pk), "turn": turn, "text": text}
    return open_conversation(
        agent=test.agent,
        version=version,
        contact=test.contact,
        channel=test.channel,
        direction=test.direction,
        attempt=test.attempt,
        sandbox=True,
        world={**start, "start": start, "replay": replay},
        clock_offset=_offset(version, start),
        started_by=user.username if user else "",
    )
