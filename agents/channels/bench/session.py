"""Opening a conversation in this process: the scene, the models, the hands of its world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from uuid import UUID

from agents.channels.keeper import OWNER
from agents.channels.models import models_for, summariser
from agents.core.writer import WriterPort
from agents.engine.hands import Engine, Hands, Mouthpiece
from agents.engine.scene import Scene, load_scene
from agents.engine.state import TurnState
from agents.engine.talk import Talk
from agents.ports.live import LiveHands
from agents.ports.live_answers import LiveAnswers
from agents.ports.played import PlayedAnswers
from agents.ports.sandbox import SandboxHands
from integrations.models import Connection
from integrations.services import model_connection


def prefetch(conversation_id: UUID) -> tuple[Scene, Connection | None]:
    """Take the lease and read all that the conversation needs; runs in the writer's thread."""
    scene = load_scene(conversation_id, owner=OWNER)
    connection = model_connection()
    scene.practice = connection is None
    return scene, connection


def open_talk(
    prefetched: tuple[Scene, Connection | None],
    *,
    writer: WriterPort,
    asking: Executor,
    say: Mouthpiece,
    told: Callable[[TurnState], Awaitable[None]],
) -> Talk:
    """The talk of this process."""
    scene, connection = prefetched
    summarise = summariser(connection, scene.version.settings)
    hands: Hands = (
        SandboxHands(PlayedAnswers(summarise))
        if scene.sandbox
        else LiveHands(LiveAnswers(summarise))
    )
    models = models_for(connection, scene.version.settings, writer)
    return Talk(Engine(models, hands, writer, asking, say), scene, told)
