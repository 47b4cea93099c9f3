"""Starting a Try-it conversation: on the draft as it is now, in the sandbox."""

from __future__ import annotations

from django.db import transaction

from agents.channels.bench.replay import cut_of
from agents.contacts.models import Contact
from agents.contacts.services import snapshot
from agents.conversations.models import Conversation
from agents.conversations.services import open_conversation
from agents.core.models import User
from agents.panels.models import Agent
from agents.panels.services import freeze_panel


@transaction.atomic
def start_test(
    *,
    agent: Agent,
    contact: Contact | None,
    channel: str,
    direction: str,
    attempt: int,
    user: User | None,
) -> Conversation:
    """A sandbox conversation on an unnumbered version made from the draft."""
    version = freeze_panel(panel=agent.panel)
    world = {"contact": snapshot(contact=contact, agent_uuid=agent.uuid)} if contact else {}
    return open_conversation(
        agent=agent,
        version=version,
        contact=contact,
        channel=channel,
        direction=direction,
        attempt=attempt,
        sandbox=True,
        world={**world, "start": world},
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
    replay = {"of": str(test.pk), "turn": turn, "text": text}
    return open_conversation(
        agent=test.agent,
        version=freeze_panel(panel=test.agent.panel) if on_draft else test.version,
        contact=test.contact,
        channel=test.channel,
        direction=test.direction,
        attempt=test.attempt,
        sandbox=True,
        world={**start, "start": start, "replay": replay},
        started_by=user.username if user else "",
    )
