"""A conversation on an engine whose models are scripted."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from django.db import connections

from agents.contacts.models import Contact, Property
from agents.contacts.services import snapshot
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.services import open_conversation
from agents.core.writer import WriterPort
from agents.engine.adapters import Engine, Models
from agents.engine.compiled import CompiledAction
from agents.engine.conversation import load_conversation
from agents.engine.judging import JudgeAnswer, Judged, Reading
from agents.engine.session import Session
from agents.engine.turn import Inbound, TurnState
from agents.panels.models import Agent, InstructionPanel, Version
from agents.ports.live import LiveAdapters
from agents.ports.live_answers import LiveAnswers
from agents.routing.models import Person
from agents.tryit.sandbox import SandboxAdapters
from agents.tryit.simulated_answers import SimulatedAnswers
from integrations.llm.types import (
    ChatRequest,
    Done,
    Event,
    ModelError,
    Text,
    ToolCall,
    ToolOpened,
    Usage,
)
from tests.engine.inline import BesideExecutor, BesideWriter, beside

T = TypeVar("T")
ids = itertools.count(1)


@dataclass
class Threads:
    """What writes and what asks."""

    writer: WriterPort = field(default_factory=BesideWriter)
    asking: Executor = field(default_factory=BesideExecutor)


threads = Threads()


def call(name: str, /, **values: Any) -> ToolCall:
    """A tool call of the model."""
    return ToolCall(f"c{next(ids)}", name, orjson.dumps(values).decode())


@dataclass
class Reply:
    """One scripted answer of the chat model."""

    text: str = ""
    calls: Sequence[ToolCall] = ()
    error: ModelError | None = None
    delay: float = 0.0
    pieces: int = 0
    cut: bool = False

    def words(self) -> list[str]:
        """The text as it streams."""
        return [word + " " for word in self.text.split(" ")] if self.text else []


class ScriptedChat:
    """Answers from a list; what is asked beyond it is answered plainly."""

    limit = 20.0

    def __init__(self, *replies: Reply | str) -> None:
        self.replies = [Reply(r) if isinstance(r, str) else r for r in replies]
        self.requests: list[ChatRequest] = []

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event]:
        """The next answer."""
        self.requests.append(request)
        reply = self.replies.pop(0) if self.replies else Reply("All right.")
        await asyncio.sleep(0)  # the request has left: the judge's is made
        await asyncio.sleep(reply.delay)
        if reply.error:
            raise reply.error
        for word in reply.words():
            await asyncio.sleep(0)
            yield Text(word)
        if reply.cut:
            return
        await asyncio.sleep(0.002)
        for number, one in enumerate(reply.calls):
            yield ToolOpened(number, one.name)
        yield Done("".join(reply.words()).strip(), tuple(reply.calls), "stop", Usage(10, 5))

    def tools(self, number: int) -> list[str]:
        """The tools that were offered in a request."""
        raw = self.requests[number].tools
        return [tool["function"]["name"] for tool in orjson.loads(raw)] if raw else []


class ScriptedJudge:
    """Probabilities by the type's slug, or by `slug:choice`."""

    upfront = True
    name = "decisions"
    default_threshold = 0.85

    def __init__(self, verdicts: dict[str, float] | None = None, delay: float = 0.0) -> None:
        self.verdicts, self.delay = verdicts or {}, delay
        self.asked: list[list[str]] = []

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """All at once, after a delay."""
        self.asked.append([action.frozen.type for action in actions])
        await asyncio.sleep(self.delay)
        found = {}
        for action in actions:
            by_key = {}
            for key in action.predicates:
                name = f"{action.frozen.type}:{key}" if key else action.frozen.type
                if name in self.verdicts:
                    by_key[key] = self.verdicts[name]
            if by_key:
                found[action.uid] = Judged(max(by_key.values()), "decisions", by_key)
        return JudgeAnswer(found, 7, 1)


@dataclass
class Heard:
    """The channel's side."""

    pieces: list[str] = field(default_factory=list)
    on_piece: Callable[[str], None] = lambda piece: None

    async def text(self, piece: str) -> None:
        """A piece of the reply."""
        self.pieces.append(piece)
        self.on_piece(piece)

    @property
    def all(self) -> str:
        """Everything that was heard."""
        return "".join(self.pieces)


def on_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop that knows the test's connection."""
    connection = connections["default"]

    async def with_the_tests_connection() -> T:
        connections["default"] = connection  # a loop would open one of its own
        return await work

    return asyncio.run(with_the_tests_connection())


@dataclass
class World:
    """One conversation, its engine, and what came of it."""

    session: Session
    chat: ScriptedChat
    judge: ScriptedJudge | None
    heard: Heard
    turns: list[TurnState]

    def say(self, text: str, key: str | None = None) -> TurnState:
        """A message of the contact, taken to its end."""
        before = len(self.turns)
        self.do(self.session.say(Inbound(text, key)))
        return self.turns[before]

    def do(self, work: Any) -> Any:
        """Run anything of the session."""
        return on_loop(work)

    @property
    def conversation(self) -> Any:
        """The conversation."""
        return self.session.conversation

    def codes(self, turn: int = -1) -> dict[str, str]:
        """Decisions of a turn by type, from the database."""
        rows = list(Turn.objects.filter(conversation_id=self.conversation.id).order_by("number"))
        return {entry["type"]: entry["code"] for entry in rows[turn].decisions}

    def runs(self) -> list[tuple[str, str]]:
        """The ledger: type and status in order."""
        rows = ActionRun.objects.filter(conversation_id=self.conversation.id).order_by(
            "at", "position"
        )
        return [(row.type, row.status) for row in beside(lambda: list(rows))]

    def row(self) -> Conversation:
        """The conversation's row."""
        return Conversation.everything.get(id=self.conversation.id)


def action(type: str, when: str = "it is so", **values: Any) -> dict[str, Any]:
    """An action of a version."""
    return {"uid": str(uuid.uuid4()), "type": type, "position": 0, "when": when, **values}


def make_version(
    actions: Sequence[dict[str, Any]],
    kind: str = "text",
    names: dict[str, str] | None = None,
    **settings: Any,
) -> Version:
    """An agent with a frozen version of these actions."""
    agent = Agent.objects.create(name="Front desk", kind=kind)
    InstructionPanel.objects.create(agent=agent, instructions="Be brief.")
    for name in ("Ana", "Ben"):
        Person.objects.get_or_create(name=name, defaults={"phone": "+14155550101"})
    Property.objects.get_or_create(key="email", defaults={"label": "Email", "kind": "email"})
    content = {
        "agent_uuid": str(agent.uuid),
        "agent_name": agent.name,
        "kind": kind,
        "settings": {"greeting": "Hello.", "disclosure": "I am an AI.", **settings},
        "instructions": "Be brief.",
        "actions": [{**one, "position": number} for number, one in enumerate(actions)],
        "names": {
            "person:1": "Ana",
            "person:2": "Ben",
            "property:email": "Email",
            **(names or {}),
        },
    }
    return Version.objects.create(agent=agent, digest=uuid.uuid4().hex, content=content)


def make_world(
    actions: Sequence[dict[str, Any]],
    *replies: Reply | str,
    verdicts: dict[str, float] | None = None,
    channel: str = "chat",
    sandbox: bool = True,
    practice: bool = False,
    **more: Any,
) -> World:
    """A conversation ready to be spoken to. `verdicts` None: there is no judge."""
    settings = more.pop("settings", {})
    kind = "voice" if channel == "voice" else "text"
    version = make_version(actions, kind, more.pop("names", None), **settings)
    contact = more.pop("contact", None) or Contact.objects.create(
        values={"first_name": "Maria", "phone": "+14155550142"}, phone="+14155550142"
    )
    conversation = open_conversation(
        agent=version.agent,
        version=version,
        contact=contact,
        channel=channel,
        direction=more.pop("direction", "inbound"),
        attempt=more.pop("attempt", 1),
        sandbox=sandbox,
        world={"contact": snapshot(contact=contact)} if sandbox else {},
    )
    return join(conversation, *replies, verdicts=verdicts, practice=practice, **more)


def join(
    conversation: Conversation,
    *replies: Reply | str,
    verdicts: dict[str, float] | None = None,
    practice: bool = False,
    judge_delay: float = 0.0,
    fallback: ScriptedChat | None = None,
) -> World:
    """Take a conversation over, as a process does after a crash of another.

    Writer and pool are those of `threads`: at once and in order, unless a test chose real ones.
    """
    from agents.engine.judging import RulesJudge

    conversation = load_conversation(conversation.id, owner=uuid.uuid4().hex)
    conversation.practice = practice
    chat = ScriptedChat(*replies)
    judge = ScriptedJudge(verdicts, judge_delay) if verdicts is not None else None
    models = (
        Models(judge=RulesJudge())
        if practice
        else Models(chat=chat, judge=judge, fallback=fallback)
    )
    adapters = (
        SandboxAdapters(SimulatedAnswers()) if conversation.sandbox else LiveAdapters(LiveAnswers())
    )
    heard, turns = Heard(), []

    async def told(state: TurnState) -> None:
        turns.append(state)

    engine = Engine(models, adapters, threads.writer, threads.asking, heard)
    return World(Session(engine, conversation, told), chat, judge, heard, turns)
