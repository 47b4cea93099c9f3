"""Plays a story through the engine: real handlers, real writer, a clock set to its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from actions.ports import FunctionAnswer, Owner
from agents.calendars.reading import bookings
from agents.channels.leases import OWNER
from agents.channels.opening import Prefetched, open_session
from agents.contacts.models import Contact
from agents.contacts.services import snapshot
from agents.conversations.services import open_conversation
from agents.conversations.situation import Situation, stored_bookings
from agents.core import pools
from agents.core import writer as writing
from agents.core.writer import WriterPort
from agents.demo.dating import Clock, date_back
from agents.demo.library import BY
from agents.demo.scripted import Script, StoryChat, StoryJudge
from agents.demo.story import (
    Event,
    HangsUp,
    NotAnswered,
    Released,
    Rings,
    Says,
    Step,
    Story,
    Waits,
)
from agents.engine.adapters import Adapters, Models
from agents.engine.conversation import ConversationState, load_conversation
from agents.engine.session import Session
from agents.engine.turn import Inbound, TurnState
from agents.panels.models import Version
from agents.ports.answering import Answers, Summarise
from agents.ports.live import LiveAdapters
from agents.ports.live_answers import LiveAnswers
from agents.tryit.sandbox import SandboxAdapters
from agents.tryit.services import keep_step
from agents.tryit.simulated_answers import SimulatedAnswers

PAUSE = {"voice": 14, "sms": 160, "chat": 40}
"""Seconds between two messages."""


class DemoAnswers(LiveAnswers):
    """Our own calendars are real; HubSpot and custom functions answer with their samples."""

    def deal_owner(self, conversation: Situation, pipeline: str) -> Owner:
        """The practice HubSpot."""
        return SimulatedAnswers().deal_owner(conversation, pipeline)

    def call_function(
        self, conversation: Situation, ref: str, values: dict[str, Any]
    ) -> FunctionAnswer:
        """The sample answer, or the failure that the story wants."""
        return SimulatedAnswers().call_function(conversation, ref, values)


@dataclass(frozen=True)
class Stage:
    """Where stories are played: the threads, and whether as tests in the sandbox."""

    sandbox: bool = False
    writer: WriterPort = writing.writer
    asking: Executor = pools.asking

    def adapters(self, summarise: Summarise) -> Adapters:
        """What acts: rows are written in both; deliveries only say what would have left."""
        answers: Answers = SimulatedAnswers(summarise) if self.sandbox else DemoAnswers(summarise)
        return SandboxAdapters(answers) if self.sandbox else LiveAdapters(answers)

    async def write(self, unit: Callable[[], Any]) -> Any:
        """Done by the writer, as all else that a conversation writes."""
        return await asyncio.wrap_future(self.writer.submit(unit))


@dataclass(frozen=True, slots=True)
class Played:
    """A story that was played; `loose`: answers that nobody asked for, or that were missing."""

    slug: str
    conversation: UUID
    loose: int = 0


class Heard:
    """What the contact hears, and where they interrupt."""

    def __init__(self) -> None:
        self.interrupt: Callable[[str], None] = lambda heard: None
        self.cut = ""

    async def text(self, piece: str) -> None:
        """A piece of the reply; the contact has heard enough."""
        if self.cut:
            heard, self.cut = self.cut, ""
            self.interrupt(heard)


@dataclass
class Performance:
    """One story on its way through the engine."""

    stage: Stage
    session: Session
    script: Script
    clock: Clock
    heard: Heard

    async def run(self, story: Story) -> int:
        """From the first words to the last event; how many answers were loose."""
        await self._begin(story)
        loose = 0
        for number, event in enumerate(story.events):
            self.clock.forward(event.after or PAUSE[story.channel])
            loose += self.script.begin(event)
            self.heard.cut = event.cut
            if event.frame and self.stage.sandbox:
                await self._keep(event.frame)
            await ACTS[type(event)](self.session, event, f"{story.slug}:{number}")
        return loose + self.script.begin(Step()) + self.script.unforeseen

    async def _begin(self, story: Story) -> None:
        """The first words; an outgoing call is picked up first, if it is."""
        if not story.outgoing:
            await self.session.greet()
        elif not isinstance(story.events[0], NotAnswered):
            await self.session.answered()

    async def _keep(self, frame: dict[str, str]) -> None:
        """A test can be repeated in Try it, with what was done beside the messages."""
        state = self.session.conversation
        after = state.memory.turn
        await self.stage.write(partial(keep_step, fence=state.fence, after=after, frame=frame))


def _says(session: Session, event: Says, key: str) -> Coroutine[Any, Any, Any]:
    return session.say(Inbound(event.text, f"demo:{session.conversation.id}:{key}"))


def _waits(session: Session, event: Waits, key: str) -> Coroutine[Any, Any, Any]:
    return session.skip(0)  # the story's clock has moved already


ACTS: dict[type[Event], Callable[[Session, Any, str], Coroutine[Any, Any, Any]]] = {
    Says: _says,
    Rings: lambda session, event, key: session.leg(event.outcome),
    HangsUp: lambda session, event, key: session.hang_up(event.how),
    NotAnswered: lambda session, event, key: session.not_answered(event.kind),
    Released: lambda session, event, key: session.release(event.by),
    Waits: _waits,
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a conversation begins; `world` None: as the contact is now."""

    version: Version
    contact: UUID
    at: datetime
    world: dict[str, Any] | None = None


async def play(story: Story, beginning: Beginning, stage: Stage) -> Played:
    """A conversation that begins so."""
    opened = await stage.write(partial(_open, story, beginning, stage.sandbox))
    state: ConversationState = await stage.write(partial(load_conversation, opened, owner=OWNER))
    state.facts.simulated.update(story.simulated)
    script, clock = Script(state), Clock(state)
    models = Models(chat=StoryChat(script), judge=StoryJudge(script))
    heard = Heard()
    session = open_session(
        Prefetched(state, models, stage.adapters(_summariser(story))),
        writer=stage.writer,
        asking=stage.asking,
        say=heard,
        told=_nobody,
    )
    heard.interrupt = session.interrupt
    loose = await Performance(stage, session, script, clock, heard).run(story)
    await stage.write(partial(date_back, opened, clock))
    return Played(story.slug, opened, loose)


def _open(story: Story, beginning: Beginning, sandbox: bool) -> UUID:
    """Its row. The world keeps how it began, so that it can be played again."""
    agent, contact = beginning.version.agent, Contact.objects.get(pk=beginning.contact)
    world = beginning.world or {
        "contact": snapshot(contact=contact, agent_uuid=agent.uuid),
        "bookings": _bookings(contact, beginning.at),
        "simulated": dict(story.simulated),
    }
    row = open_conversation(
        agent=agent,
        version=beginning.version,
        contact=contact,
        channel=story.channel,
        direction="outbound" if story.outgoing else "inbound",
        attempt=story.attempt,
        sandbox=sandbox,
        world={**world, "start": world},
        clock_offset=(beginning.at - timezone.now()).total_seconds(),
        started_by=BY if story.outgoing or sandbox else "",
    )
    return row.pk


def _bookings(contact: Contact, now: datetime) -> list[dict[str, str]]:
    found = bookings(calendar="", contact_id=contact.pk, conversation_id=contact.pk, now=now)
    return stored_bookings(found)


def _summariser(story: Story) -> Summarise:
    async def summarise(prompt: str, transcript: str, language: str) -> str | None:
        return story.summary or None

    return summarise


async def _nobody(turn: TurnState) -> None:
    """Nobody looks on."""
