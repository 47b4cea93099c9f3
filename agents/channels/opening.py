"""Opening a conversation in this process: its lease, its models, the adapters of its world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from uuid import UUID

from agents.channels.leases import OWNER
from agents.channels.models import models_for, summariser
from agents.conversations.models import Conversation
from agents.core.writer import WriterPort
from agents.engine.adapters import Adapters, Engine, Models, Output
from agents.engine.conversation import ConversationState, load_conversation
from agents.engine.session import Session
from agents.engine.turn import TurnState
from agents.ports.answering import Summarise
from agents.ports.live import LiveAdapters
from agents.ports.live_answers import LiveAnswers
from integrations.services import model_connection


def live_adapters(summarise: Summarise | None) -> Adapters:
    """What really acts."""
    return LiveAdapters(LiveAnswers(summarise))


@dataclass(frozen=True, slots=True)
class World:
    """Which conversations may be opened, and with what they act."""

    sandbox: bool
    adapters: Callable[[Summarise | None], Adapters]


LIVE = World(False, live_adapters)


@dataclass(frozen=True, slots=True)
class Prefetched:
    """All that a session needs of the database."""

    conversation: ConversationState
    models: Models
    adapters: Adapters


def prefetch(conversation_id: UUID, writer: WriterPort, world: World = LIVE) -> Prefetched:
    """Take the lease and read all that the conversation needs; runs in the writer's thread.

    Raises Conversation.DoesNotExist, before anything is taken, for one of the other world.
    """
    row = Conversation.everything.filter(id=conversation_id, sandbox=world.sandbox)
    if not row.exists():
        raise Conversation.DoesNotExist
    conversation = load_conversation(conversation_id, owner=OWNER)
    connection, settings = model_connection(), conversation.version.settings
    conversation.practice = connection is None
    return Prefetched(
        conversation,
        models_for(connection, settings, writer),
        world.adapters(summariser(connection, settings)),
    )


def open_session(
    prefetched: Prefetched,
    *,
    writer: WriterPort,
    asking: Executor,
    say: Output,
    told: Callable[[TurnState], Awaitable[None]],
) -> Session:
    """The session of this process."""
    engine = Engine(prefetched.models, prefetched.adapters, writer, asking, say)
    return Session(engine, prefetched.conversation, told)
