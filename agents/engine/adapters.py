"""What the engine is handed by a channel: models, the writer, pools, and the adapters that act."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from actions.base import HandOff, Names
from actions.context import Context, Occasion
from actions.effects import Effect
from agents.conversations.situation import Situation
from agents.core.writer import WriterPort
from agents.engine.judging import Judge
from integrations.llm.types import ChatRequest, Event


class Chat(Protocol):
    """A chat model: the streamed answer to one request. A closed stream cancels it.

    `limit`: the seconds that the admin gives it for a whole answer.
    """

    @property
    def limit(self) -> float: ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[Event]:
        """Yield pieces of text, opened tools, and at the end the whole message."""


class Adapters(Protocol):
    """The ports of one world, live or sandbox. Nothing else differs between the two."""

    def context(
        self, conversation: Situation, names: Names, occasion: Occasion
    ) -> tuple[Context, list[Effect]]:
        """What `execute` gets, and the list in which its effects gather."""

    def apply(
        self, conversation: Situation, run_id: UUID, effects: Sequence[Effect], first: int = 0
    ) -> None:
        """Write the effects of one run, from number `first` on; in the writer's transaction."""

    def start_transfer(self, conversation: Situation, run_id: UUID | None, plan: HandOff) -> str:
        """Ring the first destination; called inside the claim's transaction; its label."""

    def blocked(self, conversation: Situation, words: str, source: str) -> None:
        """Set the contact as DNC by rule; called inside the writer's transaction."""

    def opted_in(self, conversation: Situation) -> None:
        """START: lift what a keyword set; called inside the writer's transaction."""


class Output(Protocol):
    """The channel's side: where words go."""

    async def text(self, piece: str) -> None:
        """Speak or show a piece of the running reply."""


@dataclass
class Models:
    """Who talks and who judges; `chat` None is practice mode."""

    chat: Chat | None = None
    fallback: Chat | None = None
    judge: Judge | None = None
    on_failure: Callable[[str], None] = field(default=lambda sentence: None)
    on_success: Callable[[], None] = field(default=lambda: None)

    @property
    def practice(self) -> bool:
        """Rules instead of a language model."""
        return self.chat is None


@dataclass
class Engine:
    """One engine for all channels."""

    models: Models
    adapters: Adapters
    writer: WriterPort
    asking: Executor
    say: Output
