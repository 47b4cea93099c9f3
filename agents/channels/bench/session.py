"""Opening a conversation in this process: the conversation, the models, the hands of its world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from uuid import UUID

from agents.channels.leases import OWNER
from agents.channels.models import models_for, summariser
from agents.core.writer import WriterPort
from agents.engine.adapters import Adapters, Engine, Output
from agents.engine.conversation import ConversationState, load_conversation
from agents.engine.session import Session
from agents.engine.turn import TurnState
from agents.ports.live import LiveAdapters
from agents.ports.live_answers import LiveAnswers
from agents.ports.played import PlayedAnswers
from agents.ports.sandbox import SandboxAdapters
from integrations.models import Connection
from integrations.services import model_connection


def prefetch(conversation_id: UUID) -> tuple[ConversationState, Connection | None]:
    """Take the lease and read all that the conversation needs; runs in the writer's thread."""
    conversation = load_conversation(conversation_id, owner=OWNER)
    connection = model_connection()
    conversation.practice = connection is None
    return conversation, connection


def open_session(
    prefetched: tuple[ConversationState, Connection | None],
    *,
    writer: WriterPort,
    asking: Executor,
    say: Output,
    told: Callable[[TurnState], Awaitable[None]],
) -> Session:
    """The session of this process."""
    conversation, connection = prefetched
    summarise = summariser(connection, conversation.version.settings)
    adapters: Adapters = (
        SandboxAdapters(PlayedAnswers(summarise))
        if conversation.sandbox
        else LiveAdapters(LiveAnswers(summarise))
    )
    models = models_for(connection, conversation.version.settings, writer)
    return Session(Engine(models, adapters, writer, asking, say), conversation, told)
