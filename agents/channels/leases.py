"""One poll per process: renews our leases and reads pauses into the conversations."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from django.db import DatabaseError
from django.utils import timezone

from agents.conversations.services import renew_leases
from agents.core.waits import wait
from agents.core.writer import WriterPort
from agents.engine.conversation import ConversationState
from agents.panels.models import Agent

log = logging.getLogger(__name__)
OWNER = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid4().hex[:8]}"


class Leases:
    """The conversations that this process holds."""

    def __init__(self) -> None:
        self._conversations: dict[UUID, ConversationState] = {}
        self._task: asyncio.Task[None] | None = None

    def hold(self, conversation: ConversationState, writer: WriterPort) -> None:
        """Keep a conversation's lease from now on."""
        self._conversations[conversation.id] = conversation
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._run(writer))

    def release(self, conversation: ConversationState) -> None:
        """The socket is gone."""
        if self._conversations.get(conversation.id) is conversation:
            del self._conversations[conversation.id]

    async def _run(self, writer: WriterPort) -> None:
        renewed = 0.0
        loop = asyncio.get_running_loop()
        while self._conversations:
            await asyncio.sleep(wait("poll"))
            conversations = list(self._conversations.values())
            renew = loop.time() - renewed > wait("lease") / 3
            renewed = loop.time() if renew else renewed
            try:
                unit = partial(
                    _look, [s.id for s in conversations], {s.agent_id for s in conversations}, renew
                )
                ours, paused = await asyncio.wrap_future(writer.submit(unit, urgent=False))
            except DatabaseError:
                log.warning("Leases could not be renewed")
                continue
            for conversation in conversations:
                conversation.paused = conversation.agent_id in paused
                conversation.lost = ours is not None and conversation.id not in ours


def _look(
    conversation_ids: list[UUID], agent_ids: set[int], renew: bool
) -> tuple[set[UUID] | None, set[int]]:
    """Our leases for another while, and which agents are paused."""
    ours = None
    if renew:
        until = timezone.now() + timedelta(seconds=wait("lease"))
        ours = renew_leases(owner=OWNER, conversation_ids=conversation_ids, until=until)
    paused = Agent.objects.filter(id__in=agent_ids, paused=True).values_list("id", flat=True)
    return ours, set(paused)


leases = Leases()
