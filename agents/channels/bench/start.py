"""Starting a Try-it conversation: on the draft as it is now, in the sandbox."""

from __future__ import annotations

from django.db import transaction

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
    world = {"contact": snapshot(contact=contact)} if contact else {}
    return open_conversation(
        agent=agent,
        version=version,
        contact=contact,
        channel=channel,
        direction=direction,
        attempt=attempt,
        sandbox=True,
        world=world,
        started_by=user.username if user else "",
    )
