"""One poll per process: renews our leases, reads pauses into the conversations, and looks whether
those who hold a socket open still may.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from django.db import Error
from django.utils import timezone

from agents.channels.visitors import Visitor, no_longer_allowed
from agents.conversations.services import renew_leases
from agents.core.waits import wait
from agents.core.writer import WriterPort
from agents.engine.conversation import ConversationState
from agents.panels.models import Agent

log = logging.getLogger(__name__)
OWNER = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid4().hex[:8]}"


class Leases:
    """The conversations that this process holds, and who looks on."""

    def __init__(self) -> None:
        self._visitors: set[Visitor] = set()
        self._conversations: dict[UUID, ConversationState] = {}
        self._task: asyncio.Task[None] | None = None

    def hold(self, conversation: ConversationState, writer: WriterPort) -> None:
        """Keep a conversation's lease from now on."""
        self._conversations[conversation.id] = conversation
        self._poll(writer)

    def release(self, conversation: ConversationState) -> None:
        """Nothing more is to be done in it here."""
        if self._conversations.get(conversation.id) is conversation:
            del self._conversations[conversation.id]

    def watch(self, visitor: Visitor, writer: WriterPort) -> None:
        """Dismiss the visitor once they may not stay."""
        self._visitors.add(visitor)
        self._poll(writer)

    def unwatch(self, visitor: Visitor) -> None:
        """The visitor has gone."""
        self._visitors.discard(visitor)

    def _poll(self, writer: WriterPort) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._run(writer))

    async def _run(self, writer: WriterPort) -> None:
        renewed = 0.0
        loop = asyncio.get_running_loop()
        while self._conversations or self._visitors:
            await asyncio.sleep(wait("poll"))
            held = list(self._conversations.values())
            renew = loop.time() - renewed > wait("lease") / 3
            renewed = loop.time() if renew else renewed
            try:
                unit = partial(_look, held, list(self._visitors), renew)
                seen = await asyncio.wrap_future(writer.submit(unit, urgent=False))
            except Error:
                log.warning("Leases could not be renewed")
                continue
            for conversation in held:
                conversation.paused = conversation.agent_id in seen.paused
                conversation.lost = seen.ours is not None and conversation.id not in seen.ours
            for visitor in self._visitors.intersection(seen.dismissed):
                self.unwatch(visitor)
                await visitor.dismiss()


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found; `ours` None: the leases were not renewed this time."""

    ours: set[UUID] | None
    paused: set[int]
    dismissed: list[Visitor]


def _look(held: Collection[ConversationState], visitors: Collection[Visitor], renew: bool) -> Seen:
    """Our leases for another while, which agents are paused, and who may not stay."""
    ours = None
    if renew:
        until = timezone.now() + timedelta(seconds=wait("lease"))
        ids = [conversation.id for conversation in held]
        ours = renew_leases(owner=OWNER, conversation_ids=ids, until=until)
    agent_ids = {conversation.agent_id for conversation in held}
    paused = Agent.objects.filter(id__in=agent_ids, paused=True).values_list("id", flat=True)
    return Seen(ours, set(paused), no_longer_allowed(visitors))


leases = Leases()
