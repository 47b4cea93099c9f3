"""A process that stops at a chosen point: at a commit, or at an answer of a model or a port.

A run without a cut counts the points. A run with one stops there as a killed process does: every
task ends, nothing more is written. What the database holds is taken up by a fresh state.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson

from agents.conversations.models import Conversation
from agents.core.writer import InlineWriter
from agents.engine import compiled
from agents.engine.adapters import Models
from agents.engine.compiled import CompiledAction
from agents.engine.judging import Reading
from agents.engine.session import Session
from agents.transfers.models import Leg
from integrations.llm.types import ChatRequest, Done, Event, Text, ToolCall, ToolOpened, Usage
from tests.engine.inline import BesideExecutor, BesideWriter
from tests.engine.world import Inbound, ScriptedChat, ScriptedJudge, join, on_loop

T = TypeVar("T")
Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Point:
    """Where a process stops: just before or after its nth commit, or before its nth answer."""

    what: str
    number: int

    def __str__(self) -> str:
        """As a test's name says it."""
        return f"{self.what}-{self.number}"


@dataclass
class Process:
    """One process: what it has come to, and where it stops."""

    stops: Point | None = None
    commits: int = 0
    answers: int = 0
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def points(self) -> list[Point]:
        """Every point that it has passed."""
        return [
            *(Point(what, n) for n in range(self.commits) for what in ("before", "after")),
            *(Point("answer", n) for n in range(self.answers)),
        ]

    def stop(self, what: str, number: int) -> bool:
        """Whether the process stops here."""
        if self.stops == Point(what, number):
            self.dead.set()
        return self.dead.is_set()

    def passes(self) -> None:
        """A dead process does nothing more."""
        if self.dead.is_set():
            raise asyncio.CancelledError

    async def answered(self) -> None:
        """The answer of a model arrives here, or never."""
        self.passes()
        number, self.answers = self.answers, self.answers + 1
        if self.stop("answer", number):
            await asyncio.Event().wait()


class StoppingWriter(InlineWriter):
    """Counts commits; a unit that is cut before its commit is rolled back: it never ran."""

    def __init__(self, process: Process) -> None:
        self._process, self._inner = process, BesideWriter()

    def submit(self, call: Callable[[], T], *, urgent: bool = True) -> Future[T]:
        """See `WriterPort`."""
        process = self._process
        process.passes()
        number, process.commits = process.commits, process.commits + 1
        if process.stop("before", number):
            return Future()
        written = self._inner.submit(call, urgent=urgent)
        return Future() if process.stop("after", number) else written


class StoppingExecutor(Executor):
    """Counts what ports answer."""

    def __init__(self, process: Process) -> None:
        self._process, self._inner = process, BesideExecutor()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Ask; the answer may never arrive."""
        process = self._process
        process.passes()
        number, process.answers = process.answers, process.answers + 1
        answer = self._inner.submit(fn, *args, **kwargs)
        return Future() if process.stop("answer", number) else answer


@dataclass(frozen=True)
class Script:
    """What the contact does, and what model and judge make of it: both look only at the words.

    `calls`: which tools the model calls where words of the turn contain the key. `doubted`: types
    about which the judge is in doubt although the model calls them. `expected`: what the judge
    takes for the answer that a running sequence waits for. `runs`: what all of it leads to.
    """

    name: str
    actions: Callable[[], list[dict[str, Any]]]
    steps: Sequence[tuple[str, str]]
    runs: Sequence[str]
    calls: dict[str, Sequence[Call]] = field(default_factory=dict)
    doubted: frozenset[str] = frozenset()
    expected: frozenset[str] = frozenset()
    channel: str = "chat"
    direction: str = "inbound"

    def called(self, words: str) -> list[Call]:
        """What the words ask for."""
        return [one for key, calls in self.calls.items() if key in words for one in calls]


class ModelByContent(ScriptedChat):
    """A chat model that answers the same to the same words, whichever process asks."""

    def __init__(self, script: Script, process: Process, tools: dict[str, str]) -> None:
        super().__init__()
        self._script, self._process, self._tools = script, process, tools

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event]:
        """Cut before its first word, or after all of them but before its end."""
        await self._process.answered()
        text, calls = self._answer(list(request.messages), str(request.tools or ""))
        for word in text.split(" ") if text else []:
            yield Text(word + " ")
        await self._process.answered()
        for number, one in enumerate(calls):
            yield ToolOpened(number, one.name)
        yield Done(text, tuple(calls), "stop", Usage(10, 5))

    def _answer(self, messages: list[dict[str, Any]], tools: str) -> tuple[str, list[ToolCall]]:
        asked = max(n for n, one in enumerate(messages) if one["role"] == "user")
        results = [str(one["content"]) for one in messages[asked:] if one["role"] == "tool"]
        if results:
            return f"All done: {'; '.join(results)}", []
        calls = [
            ToolCall(f"c{n}-{slug}", self._tools[slug], _json(values))
            for n, (slug, values) in enumerate(self._script.called(str(messages[asked]["content"])))
            if f'"{self._tools[slug]}"' in tools
        ]
        return ("", calls) if calls else ("All right.", [])


class JudgeByContent(ScriptedJudge):
    """Agrees with what the words ask for."""

    def __init__(self, script: Script, process: Process) -> None:
        super().__init__()
        self._script, self._process = script, process

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> Any:
        """All at once."""
        await self._process.answered()
        words = EVENTS.get(reading.event, reading.message)
        meant = {slug for slug, _ in self._script.called(words)} - self._script.doubted
        meant |= {"t_steps"} if words in self._script.expected else set()
        self.verdicts = {
            f"{action.frozen.type}:{key}".removesuffix(":"): 0.97
            if action.frozen.type in meant
            else 0.02
            for action in actions
            for key in action.predicates
        }
        return await super().ask(actions, reading)


EVENTS = {"handoff": "being handed over", "ended": "is over"}


def _json(values: dict[str, Any]) -> str:
    return orjson.dumps(values).decode()


@dataclass
class Client:
    """The contact's side: what it sent and what of that was acknowledged, over all processes."""

    script: Script
    conversation_id: uuid.UUID
    step: int = 0
    acknowledged: bool = False

    def live(self, process: Process) -> None:
        """One process: it takes the conversation over and goes on until it dies or all is done."""
        compiled.forget()
        self.acknowledged = self.acknowledged or self._leg_known()
        session = join(Conversation.everything.get(id=self.conversation_id)).session
        actions = session.conversation.version.actions
        tools = {action.frozen.type: action.tool_name for action in actions}
        engine = session.engine
        engine.models = Models(
            chat=ModelByContent(self.script, process, tools),
            judge=JudgeByContent(self.script, process),
        )
        engine.writer, engine.asking = StoppingWriter(process), StoppingExecutor(process)
        on_loop(self._until_dead(session, process))

    def _leg_known(self) -> bool:
        """A leg's outcome belongs to one leg: it is not sent again for the one that rings next."""
        sent = [what for what, _ in self.script.steps[: self.step + 1]]
        over = Leg.objects.filter(transfer__conversation_id=self.conversation_id)
        over = over.exclude(state="ringing")
        return bool(sent) and sent[-1] == "leg" and over.count() >= sent.count("leg")

    async def _until_dead(self, session: Session, process: Process) -> None:
        work = asyncio.ensure_future(self._all(session, process))
        died = asyncio.ensure_future(process.dead.wait())
        await asyncio.wait({work, died}, return_when=asyncio.FIRST_COMPLETED)
        if not process.dead.is_set():
            died.cancel()
            await work
            return
        while left := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _all(self, session: Session, process: Process) -> None:
        """What was cut off first; then what has not been sent, or not been acknowledged."""
        await session.resume()
        if self.acknowledged:
            self._next()
        while self.step < len(self.script.steps):
            await self._send(session, process, *self.script.steps[self.step])
            process.passes()
            self._next()

    def _next(self) -> None:
        self.step, self.acknowledged = self.step + 1, False

    async def _send(self, session: Session, process: Process, what: str, value: str) -> None:
        async def acknowledge() -> None:
            process.passes()
            self.acknowledged = True

        if what == "say":
            await session.say(Inbound(value, f"{self.conversation_id}:{self.step}"), acknowledge)
        elif what == "skip":
            # A clock that was put forward already is not put forward once more.
            past = [float(v) for w, v in self.script.steps[: self.step + 1] if w == "skip"]
            await session.skip(max(sum(past) - session.conversation.clock_offset, 0))
        elif value:
            await getattr(session, what)(value)
        else:
            await getattr(session, what)()
