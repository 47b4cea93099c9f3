"""A ticket's summary is asked for while the model still decides about the hand-off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from agents.outbox.models import Delivery
from agents.tryit.sandbox import SandboxAdapters
from agents.tryit.simulated_answers import SimulatedAnswers
from integrations.llm.types import ChatRequest, Event
from tests.catalog import showcase
from tests.engine.slow import threads as threads
from tests.engine.world import Reply, ScriptedChat, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def _world(*, ticket: bool) -> World:
    answer = [showcase.called("create_ticket")] if ticket else []
    return make_world(
        [
            showcase.one_of("transfer_call"),
            showcase.one_of("create_ticket", moment="before_handoff"),
        ],
        Reply("", [showcase.called("transfer_call")]),
        Reply("", answer),
        verdicts={"transfer_call": 0.99, "create_ticket": 0.99 if ticket else 0.01},
        channel="voice",
        names=showcase.names(),
        contact=showcase.maria(),
    )


class Patient(ScriptedChat):
    """Answers the hand-off's request only when the summary has been asked for."""

    def __init__(self, *replies: Reply | str) -> None:
        super().__init__(*replies)
        self.told: list[str] = []
        self.asked = asyncio.Event()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event]:
        """The second answer waits."""
        if self.requests:
            await asyncio.wait_for(self.asked.wait(), 20)
        async for event in super().stream(request):
            yield event

    async def write(self, prompt: str, transcript: str, language: str) -> str:
        """The summary; it takes longer than the answer."""
        self.told.append(transcript)
        self.asked.set()
        try:
            await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            self.told.append("dropped")
            raise
        return "The boiler shows E4."


def _play(threads: Any, *, ticket: bool) -> tuple[World, Patient]:
    world = _world(ticket=ticket)
    chat = Patient(*world.chat.replies)
    engine = world.session.engine
    engine.models.chat, engine.asking = chat, threads
    engine.adapters = SandboxAdapters(SimulatedAnswers(chat.write))
    world.say("My boiler shows E4, a person please")
    return world, chat


def test_the_summary_starts_together_with_the_event_turn(threads: Any) -> None:
    _, chat = _play(threads, ticket=True)
    assert chat.told == ["Contact: My boiler shows E4, a person please"], "asked once, with all"
    assert "The boiler shows E4." in str(Delivery.objects.get().payload)


def test_a_summary_that_nobody_needs_is_dropped(threads: Any) -> None:
    world, chat = _play(threads, ticket=False)
    assert chat.told[1:] == ["dropped"]
    assert not Delivery.objects.exists() and not world.conversation.ahead
