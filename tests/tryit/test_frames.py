"""Frames of a tester's socket: whatever comes is done, or answered with a sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.conversations.models import Conversation
from agents.conversations.services import Fence, LostLease
from agents.core.models import User
from agents.panels.models import Agent
from agents.tryit import services, sessions
from agents.tryit.frames import (
    FRAMES,
    MAX_FRAME,
    SKIP_LIMIT,
    Frame,
    FrameRefused,
    read_frame,
    read_text,
)
from agents.tryit.models import TestStep as Step
from agents.tryit.replay import steps_of
from agents.tryit.services import TooManySteps, keep_step, start_test
from tests.conversations.drafts import make_draft
from tests.tryit.socket import TryItSocket, all_done, run_script, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
UNREADABLE = {"type": "error", "sentence": "This frame cannot be read."}
HOUR: dict[str, Any] = {"type": "skip", "seconds": 3600}


@pytest.fixture
def tester(user_of: Callable[[str], User]) -> User:
    return user_of("builder")


def begin(agent: Agent, user: User) -> Conversation:
    channel = "voice" if agent.kind == "voice" else "chat"
    return start_test(
        agent=agent, contact=None, channel=channel, direction="inbound", attempt=1, user=user
    )


@pytest.fixture
def test(tester: User) -> Conversation:
    return begin(make_draft(), tester)


@pytest.fixture
def call_agent() -> Agent:
    return make_draft("voice")


SHAPES: list[Any] = [
    None, 7, "say", [], ["say"], {}, {"type": None}, {"type": []}, {"type": {"say": 1}},
    {"type": "open"}, {"type": "say", "text": {}}, {"type": "say", "text": "Hi", "id": []},
    {"type": "say", "text": "Hi", "id": "x" * 61}, {"type": "key"}, {"type": "key", "digit": "12"},
    {"type": "key", "digit": "1\n"}, {"type": "key", "digit": "٣"}, {"type": "key", "digit": 5},
    {"type": "interrupt", "heard": ["a"]}, {"type": "outcome"}, {"type": "outcome", "kind": []},
    {"type": "outcome", "kind": "gone"}, {"type": "leg", "outcome": []},
    {"type": "leg", "outcome": {}}, {"type": "leg", "outcome": "nonsense"}, {"type": "skip"},
    {"type": "skip", "seconds": "3600"}, {"type": "skip", "seconds": True},
    {"type": "skip", "seconds": 0}, {"type": "skip", "seconds": -1},
    {"type": "skip", "seconds": SKIP_LIMIT + 1}, {"type": "skip", "seconds": 1e300},
    {"type": "simulate"}, {"type": "simulate", "what": ["hubspot"], "how": {}},
    {"type": "simulate", "what": "hubspot", "how": "nonsense"},
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_a_wrong_shape_is_refused(shape: Any) -> None:
    with pytest.raises(FrameRefused, match=r"^This frame cannot be read\.$"):
        read_text(orjson.dumps(shape).decode())


@pytest.mark.parametrize(
    "text", ["", "nonsense", '{"type":', "[" * 5000, '{"type":"skip","seconds":1e999}', "\x00"]
)
def test_what_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(FrameRefused, match="cannot be read"):
        read_text(text)


def test_a_frame_without_end_is_refused() -> None:
    with pytest.raises(FrameRefused, match="too long"):
        read_text(orjson.dumps({"type": "say", "text": "x" * MAX_FRAME}).decode())


NAMES = st.text(max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS | st.sampled_from(["answered", "busy", "hubspot", "down", "7", "#", 60, 3600.5]),
    lambda more: (
        st.lists(more, max_size=3) | st.dictionaries(st.text(max_size=5), more, max_size=3)
    ),
    max_leaves=4,
)
FIELDS = st.sampled_from(
    ["text", "id", "digit", "heard", "kind", "outcome", "seconds", "what", "how"]
)
ANY_FRAME = st.builds(
    lambda kind, fields: {**fields, "type": kind},
    st.sampled_from(sorted(FRAMES)) | VALUES,
    st.dictionaries(FIELDS, VALUES, max_size=4),
)
ANY_JSON = (ANY_FRAME | VALUES).filter(lambda value: _fits(value))


def _fits(value: Any) -> bool:
    """Whether it can stand in a frame at all: a number may be too large for JSON."""
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


@given(ANY_JSON)
def test_anything_is_a_frame_or_refused(value: Any) -> None:
    try:
        assert isinstance(read_text(orjson.dumps(value).decode()), Frame)
    except FrameRefused as refused:
        assert str(refused).endswith(".")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frames=st.lists(ANY_JSON, max_size=8))
def test_the_socket_stays_open_whatever_comes(
    call_agent: Agent, tester: User, caplog: pytest.LogCaptureFixture, frames: list[Any]
) -> None:
    test, session = begin(call_agent, tester), signed_in()

    async def story() -> list[dict[str, Any]]:
        async with TryItSocket(test, tester, session) as socket:
            await socket.until("turn", turn=1)
            for frame in frames:
                await socket.send_text(orjson.dumps(frame).decode())
            await socket.send(type="say", id="still there", text="")
            await socket.until("ack", id="still there")
        await all_done()
        return socket.got

    with caplog.at_level(logging.WARNING):
        told = asyncio.run(story())
    assert "A test conversation failed" not in caplog.text
    assert {frame["sentence"] for frame in told if frame["type"] == "error"} <= {
        UNREADABLE["sentence"]
    }


# --- steps ------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [{"type": "leg", "outcome": []}, {"type": "skip"}])
def test_what_is_refused_is_no_step(
    test: Conversation, tester: User, frame: dict[str, Any]
) -> None:
    told = run_script(test, tester, [(frame, ("error", {}))])
    assert told[-1] == UNREADABLE
    assert not Step.objects.exists()


def test_a_step_is_one_row(test: Conversation) -> None:
    fence = Fence(test.pk, test.lease_no)
    for n in range(3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            keep_step(fence=fence, after=n, frame=HOUR)
        assert not [query for query in queries if '"world"' in query["sql"]]
    rows = Step.objects.filter(conversation=test)
    assert [(row.position, row.after, row.frame) for row in rows] == [
        (0, 0, HOUR), (1, 1, HOUR), (2, 2, HOUR),
    ]  # fmt: skip
    assert str(rows[1]) == "skip after turn 1"


def test_a_step_is_not_kept_without_the_lease(test: Conversation) -> None:
    with pytest.raises(LostLease):
        keep_step(fence=Fence(test.pk, test.lease_no + 1), after=1, frame=HOUR)
    assert not Step.objects.exists()


def test_a_test_has_only_so_many_steps(
    test: Conversation, tester: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_STEPS", 2)
    skipped = HOUR, ("state", {})
    told = run_script(test, tester, [skipped, skipped, (HOUR, ("error", {}))])
    assert told[-1]["sentence"].startswith("A test has at most ")
    test.refresh_from_db()
    assert (test.clock_offset, Step.objects.count()) == (7200, 2)
    with pytest.raises(TooManySteps):
        keep_step(fence=Fence(test.pk, test.lease_no), after=1, frame=HOUR)


def test_only_so_much_waits_at_once(
    test: Conversation, tester: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MAX_WAITING", 5)
    session = signed_in()

    async def story() -> list[str]:
        async with TryItSocket(test, tester, session) as socket:
            await socket.until("turn", turn=1)
            for _ in range(40):
                await socket.send(**HOUR)
            await socket.send(type="interrupt")
            await socket.until("error")
        await all_done()
        return [frame["sentence"] for frame in socket.got if frame["type"] == "error"]

    sentence = "Too many messages are waiting. Continue when they have been answered."
    assert set(asyncio.run(story())) == {sentence}
    test.refresh_from_db()
    assert test.clock_offset == 3600 * Step.objects.count()
    assert 0 < Step.objects.count() < 40


def test_frames_are_taken_in_their_order(test: Conversation, tester: User) -> None:
    session = signed_in()

    async def story() -> None:
        async with TryItSocket(test, tester, session) as socket:
            await socket.until("turn", turn=1)
            await socket.send(**HOUR)
            await socket.send(type="say", id="a", text="Hello?")
        await all_done()

    asyncio.run(story())
    assert [step["type"] for step in steps_of(test)] == ["skip", "say"]


@pytest.mark.parametrize("kind", sorted(FRAMES))
def test_what_is_kept_can_be_read_again(kind: str) -> None:
    samples: dict[str, dict[str, Any]] = {
        "say": {"text": "Hi", "id": "a"}, "key": {"digit": "#"}, "interrupt": {"heard": "Yo"},
        "outcome": {"kind": "busy"}, "leg": {"outcome": "machine"}, "skip": {"seconds": 60},
        "simulate": {"what": "calendar", "how": ""},
    }  # fmt: skip
    frame = read_frame({"type": kind, **samples.get(kind, {})})
    assert read_text(orjson.dumps(frame.model_dump()).decode()) == frame
