"""What stands below a test's session: what would have left, the facts, what is validated."""

from __future__ import annotations

from typing import Any

from agents.conversations import sending
from agents.conversations.models import Conversation
from agents.panels.models import Agent
from agents.tryit.test_facts import facts_of_test
from agents.tryit.validation import validation


def dock_context(agent: Agent, test: Conversation | None) -> dict[str, Any]:
    """The three parts; without a test only what is validated."""
    return {
        "agent": agent,
        "conversation": test,
        "deliveries": sending.deliveries(test) if test else [],
        "test_facts": facts_of_test(test) if test else None,
        "validation": validation(agent),
    }
