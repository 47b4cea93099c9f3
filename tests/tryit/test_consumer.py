"""The socket of Try it: who may open which test, and what becomes of a test whose socket goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore

from agents.channels import opening
from agents.conversations.models import Conversation, Turn
from agents.core import writer as writing
from agents.core.models import User
from agents.engine.adapters import Models
from agents.tryit.services import start_test
from integrations.llm.types import ChatRequest
from tests.conversations.drafts import make_draft
from tests.conversations.factories import make_agent, make_conversation
from tests.engine.world import ScriptedChat
from tests.tryit.socket import TryItSocket, all_done, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = ["The first answer.", "The second answer.", "The third answer."]


@pytest.fixture
def tester(user_of: Callable[[str], User]) -> User:
    return user_of("builder")


@pytest.fixture
def browser(tester: User) -> SessionStore:
    return signed_in()


@pytest.fixture
def test(tester: User) -> Conversation:
    return start_test(
        agent=make_draft(), contact=None, channel="chat", direction="inbound", attempt=1,
        user=tester,
    )  # fmt: skip


class HeldChat(ScriptedChat):
    """Answers once it is let go."""

    def __init__(self, *replies: str) -> None:
        super().__init__(*replies)
        self.asked, self.free = asyncio.Event(), asyncio.Event()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Any]:
        """See `ScriptedChat`."""
        self.asked.set()
        await self.free.wait()
        async for event in super().stream(request):
            yield event


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> HeldChat:
    """The model of every test."""
    held = HeldChat(*ANSWERS)
    monkeypatch.setattr(opening, "model_connection", object)
    monkeypatch.setattr(opening, "models_for", lambda *_: Models(chat=held))
    monkeypatch.setattr(opening, "summariser", lambda *_: None)
    return held


Opened = Callable[[], TryItSocket]


@pytest.fixture
def opened(test: Conversation, tester: User, browser: SessionStore) -> Opened:
    return lambda: TryItSocket(test, tester, browser)


def run(story: Callable[[], Awaitable[None]]) -> None:
    """To its end, with all that it began."""

    async def whole() -> None:
        await story()
        await all_done()

    asyncio.run(whole())


async def wait_for(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 20)


async def begun(socket: TryItSocket, chat: HeldChat, *texts: str) -> None:
    """The messages have come in and the model is thinking about the first."""
    await socket.until("turn", turn=1)
    for n, text in enumerate(texts):
        await socket.send(type="say", id=f"m{n}", text=text)
    await socket.until("ack", id="m0")
    await wait_for(chat.asked)


async def written(holds: Callable[[], bool]) -> None:
    """Until what the database says holds."""

    async def ask() -> None:
        while not await asyncio.wrap_future(writing.writer.submit(holds)):
            pass

    await asyncio.wait_for(ask(), 20)


def told(test: Conversation) -> list[tuple[str, str, str]]:
    rows = Turn.objects.filter(conversation=test, kind="message").order_by("number")
    return [(row.inbound, row.reply.strip(), row.state) for row in rows]


# --- a socket that goes -----------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [RuntimeError("closed"), OSError("reset"), ValueError("bad state"), Exception("disconnected")],
)
def test_a_turn_ends_well_although_its_socket_has_gone(
    test: Conversation, opened: Opened, chat: HeldChat, error: Exception
) -> None:
    async def story() -> None:
        async with opened() as socket:
            await begun(socket, chat, "Hello?")
            socket.gone = error
            chat.free.set()
            await written(lambda: told(test) == [("Hello?", ANSWERS[0], "done")])

    run(story)
    assert told(test) == [("Hello?", ANSWERS[0], "done")]


def test_everything_that_was_taken_is_answered_without_a_socket(
    test: Conversation, opened: Opened, chat: HeldChat
) -> None:
    async def story() -> None:
        async with opened() as socket:
            await begun(socket, chat, "One?", "Two?", "Three?")
        chat.free.set()

    run(story)
    assert [(inbound, state) for inbound, _, state in told(test)] == [
        ("One?", "done"),
        ("Two?", "done"),
        ("Three?", "done"),
    ]
    assert [reply for _, reply, _ in told(test)] == ANSWERS


def test_who_comes_back_finds_the_same_session(
    test: Conversation, opened: Opened, chat: HeldChat
) -> None:
    async def story() -> None:
        async with opened() as first:
            await begun(first, chat, "Hello?")
        async with opened() as second:
            ready = await second.until("ready")
            assert (ready["state"], ready["turn"]) == ("open", 2)
            chat.free.set()
            await second.until("turn", turn=2)
            replies = [frame["text"].strip() for frame in second.got if frame["type"] == "reply"]
            assert replies == [ANSWERS[0]]

    run(story)
    test.refresh_from_db()
    assert test.lease_no == 1


def test_a_message_that_is_sent_again_is_one_message(
    test: Conversation, opened: Opened, chat: HeldChat
) -> None:
    async def story() -> None:
        async with opened() as first:
            await begun(first, chat, "Hello?")
        async with opened() as second:
            await second.until("ready")
            await second.send(type="say", id="m0", text="Hello?")
            chat.free.set()
            await second.until("ack", id="m0")

    run(story)
    assert told(test) == [("Hello?", ANSWERS[0], "done")]


def test_a_second_window_takes_the_place_of_the_first(
    test: Conversation, opened: Opened, chat: HeldChat
) -> None:
    async def story() -> None:
        async with opened() as first:
            await first.until("ready")
            async with opened() as second:
                await second.until("ready")
                assert await first.closed() == 4409
                sentence = "This test was opened somewhere else."
                assert first.got[-1] == {"type": "error", "sentence": sentence}

    run(story)


def test_a_test_that_nobody_looks_at_is_let_go(test: Conversation, opened: Opened) -> None:
    async def story() -> None:
        for _ in range(2):
            async with opened() as socket:
                await socket.until("ready")
            await all_done()

    run(story)
    test.refresh_from_db()
    assert test.lease_no == 2


# --- who may open what ------------------------------------------------------------------


def refused(conversation: Conversation, user: User, session: SessionStore) -> int:
    codes = []

    async def story() -> None:
        async with TryItSocket(conversation, user, session) as socket:
            await socket.send(type="say", id="m", text="Hello?")
            codes.append(await socket.closed())

    run(story)
    return int(codes[0])


def test_a_real_conversation_is_refused_before_anything_is_taken(
    tester: User, browser: SessionStore
) -> None:
    real = make_conversation(make_agent())
    assert refused(real, tester, browser) == 4404
    real.refresh_from_db()
    assert (real.lease_no, real.lease_owner) == (0, "")


def test_a_test_that_does_not_exist_is_refused(tester: User, browser: SessionStore) -> None:
    assert refused(Conversation(pk=uuid4()), tester, browser) == 4404


def test_who_may_not_try_agents_is_refused(
    test: Conversation, user_of: Callable[[str], User], browser: SessionStore
) -> None:
    assert refused(test, user_of("support"), browser) == 4403
    test.refresh_from_db()
    assert test.lease_no == 0


def test_a_test_that_cannot_be_opened_says_so(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("The credentials cannot be read.")

    monkeypatch.setattr(opening, "models_for", broken)

    async def story() -> None:
        async with opened() as socket:
            assert await socket.closed() == 1011
            sentence = "This test cannot be opened now."
            assert socket.got == [{"type": "error", "sentence": sentence}]
        monkeypatch.undo()
        async with opened() as socket:
            await socket.until("ready")

    run(story)


@pytest.mark.parametrize("how", ["demoted", "deactivated", "signed out", "expired"])
def test_who_may_not_stay_is_shown_out(
    test: Conversation, tester: User, browser: SessionStore, opened: Opened, how: str
) -> None:
    def happens() -> None:
        if how == "demoted":
            User.objects.filter(pk=tester.pk).update(role="support")
        elif how == "deactivated":
            User.objects.filter(pk=tester.pk).update(is_active=False)
        elif how == "signed out":
            browser.flush()
        else:
            browser.set_expiry(-1)
            browser.save()

    async def story() -> None:
        async with opened() as socket:
            await socket.until("turn", turn=1)
            await asyncio.wrap_future(writing.writer.submit(happens))
            assert await socket.closed() == 4403

    run(story)


def test_who_is_shown_out_still_gets_what_was_taken_done(
    test: Conversation, tester: User, opened: Opened, chat: HeldChat
) -> None:
    def demote() -> None:
        User.objects.filter(pk=tester.pk).update(role="support")

    async def story() -> None:
        async with opened() as socket:
            await begun(socket, chat, "Hello?")
            await asyncio.wrap_future(writing.writer.submit(demote))
            assert await socket.closed() == 4403
            await socket.send(type="say", id="m9", text="And this?")
        chat.free.set()

    run(story)
    assert told(test) == [("Hello?", ANSWERS[0], "done")]
