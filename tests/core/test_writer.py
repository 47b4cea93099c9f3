"""The writer thread: in batches, each unit for itself, nothing lost and nothing done twice."""

from __future__ import annotations

import asyncio
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from django.db import (
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.utils import timezone

from agents.contacts.models import Tag, TimelineEntry
from agents.conversations.models import Conversation
from agents.conversations.services import Fence, LostLease, change, take_lease
from agents.core.writer import InlineWriter, InsideTransaction, Writer
from tests.engine.world import action, make_version
from tests.threads import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def writer() -> Iterator[Writer]:
    """A writer with a thread of its own, whose connection is closed afterwards."""
    made = Writer()
    yield made
    made.submit(lambda: connections.close_all()).exception(10)


class Gate:
    """Holds the thread in a unit until it is opened, so that a batch gathers behind it."""

    def __init__(self, writer: Writer) -> None:
        self._open, inside = threading.Event(), threading.Event()

        def wait() -> None:
            inside.set()
            assert self._open.wait(10)

        self.held = writer.submit(wait)
        assert inside.wait(10)

    def open(self) -> None:
        """Let it go on."""
        self._open.set()
        self.held.result(10)


def _tag(name: str) -> str:
    Tag.objects.create(name=name)
    return name


def _names() -> list[str]:
    return list(Tag.objects.filter(name__startswith="w").values_list("name", flat=True))


def _results(futures: list[Future[Any]]) -> list[Any]:
    return [future.result(10) for future in futures]


def test_a_unit_is_committed_when_its_result_is_there(writer: Writer) -> None:
    assert writer.submit(partial(_tag, "w1")).result(10) == "w1"
    assert _names() == ["w1"]


def test_what_waits_becomes_one_transaction_in_order(writer: Writer) -> None:
    gate = Gate(writer)
    depths: list[int] = []
    seen: list[tuple[int, bool]] = []

    def note(number: int) -> None:
        seen.append((number, connection.in_atomic_block))
        depths.append(len(connection.savepoint_ids))

    futures = [writer.submit(partial(note, number)) for number in range(5)]
    gate.open()
    _results(futures)
    assert seen == [(number, True) for number in range(5)]
    assert depths == [0] * 5, "without a savepoint each"


def test_a_failing_unit_harms_no_other_and_is_told(writer: Writer) -> None:
    gate = Gate(writer)
    ran: list[str] = []

    def fail() -> None:
        ran.append("fail")
        _tag("w-half")
        raise ValueError("no")

    futures: list[Future[Any]] = [
        writer.submit(partial(_tag, "w1")),
        writer.submit(fail),
        writer.submit(partial(_tag, "w2")),
    ]
    gate.open()
    assert _results([futures[0], futures[2]]) == ["w1", "w2"]
    with pytest.raises(ValueError, match="no"):
        futures[1].result(10)
    assert _names() == ["w1", "w2"], "what it had written is rolled back"
    assert ran == ["fail", "fail"], "tried again alone"


def test_a_unit_that_fails_in_company_may_succeed_alone(writer: Writer) -> None:
    gate = Gate(writer)
    tries: list[int] = []

    def second_time() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("database is locked")
        return _tag("w1")

    future = writer.submit(second_time)
    gate.open()
    assert future.result(10) == "w1" and tries == [1, 1] and _names() == ["w1"]


def test_a_lost_connection_is_opened_again_once(writer: Writer) -> None:
    tries: list[int] = []

    def lost() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("server closed the connection unexpectedly")
        return _tag("w1")

    assert writer.submit(lost).result(10) == "w1"
    assert _names() == ["w1"]


def test_a_connection_that_stays_lost_is_told_and_the_next_unit_is_written(
    writer: Writer,
) -> None:
    def lost() -> None:
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        writer.submit(lost).result(10)
    assert writer.submit(partial(_tag, "w1")).result(10) == "w1"


def test_a_failed_commit_tries_every_unit_alone(writer: Writer) -> None:
    gate = Gate(writer)

    def refers_to_nobody() -> None:
        TimelineEntry.objects.create(contact_id=uuid.uuid4(), kind="note", text="lost")

    futures: list[Future[Any]] = [
        writer.submit(partial(_tag, "w1")),
        writer.submit(refers_to_nobody),
        writer.submit(partial(_tag, "w2")),
    ]
    gate.open()
    assert _results([futures[0], futures[2]]) == ["w1", "w2"]
    assert isinstance(futures[1].exception(10), IntegrityError), "found at the commit only"
    assert _names() == ["w1", "w2"] and not TimelineEntry.objects.exists()


def test_inside_a_transaction_it_refuses(writer: Writer) -> None:
    with transaction.atomic(), pytest.raises(InsideTransaction):
        writer.submit(lambda: None)


def test_flush_returns_when_everything_is_written(writer: Writer) -> None:
    for number in range(20):
        writer.submit(partial(_tag, f"w{number:02}"), urgent=False)
    writer.flush(10)
    assert len(_names()) == 20


def test_units_nobody_waits_for_are_written_without_being_asked(writer: Writer) -> None:
    assert writer.submit(partial(_tag, "w1"), urgent=False).result(10) == "w1"


def test_who_waits_may_go_and_the_unit_is_written_all_the_same(writer: Writer) -> None:
    gate = Gate(writer)

    async def leave() -> None:
        waiting = asyncio.wrap_future(writer.submit(partial(_tag, "w1")))
        waiting.cancel()
        await asyncio.sleep(0)

    asyncio.run(leave())
    after = writer.submit(partial(_tag, "w2"))
    gate.open()
    assert after.result(10) == "w2", "the thread lives on"
    assert _names() == ["w1", "w2"]


def test_after_a_fork_the_child_writes_with_a_thread_of_its_own(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert writer.submit(partial(_tag, "w1")).result(10) == "w1"
    ours = {thread.ident for thread in threading.enumerate() if thread.name == "writer"}
    pid = os.getpid()
    monkeypatch.setattr("agents.core.writer.os.getpid", lambda: pid + 1)
    assert writer.submit(partial(_tag, "w2")).result(10) == "w2"
    now = {thread.ident for thread in threading.enumerate() if thread.name == "writer"}
    assert len(now - ours) == 1 and _names() == ["w1", "w2"]


def test_many_threads_hand_over_at_once(writer: Writer) -> None:
    calls: list[Callable[[], Any]] = [
        partial(lambda n: writer.submit(partial(_tag, f"w{n:02}")).result(20), n) for n in range(12)
    ]
    at_the_same_time(*calls)
    assert len(_names()) == 12


# --- leases ----------------------------------------------------------------------------------


@pytest.fixture
def conversation() -> Conversation:
    version = make_version([action("end_call")])
    return Conversation.everything.create(agent=version.agent, version=version, channel="chat")


def _lease(conversation: Conversation, owner: str) -> Fence:
    number = take_lease(
        conversation_id=conversation.id, owner=owner, now=timezone.now(), seconds=30
    )
    return Fence(conversation.id, number)


def test_an_old_lease_number_changes_nothing(writer: Writer, conversation: Conversation) -> None:
    old, new = _lease(conversation, "a"), _lease(conversation, "b")
    with pytest.raises(LostLease):
        writer.submit(partial(change, fence=old, outcome="old")).result(10)
    writer.submit(partial(change, fence=new, outcome="new")).result(10)
    assert Conversation.everything.get().outcome == "new"


def test_two_writers_race_and_only_the_last_lease_writes(conversation: Conversation) -> None:
    writers = [Writer(), Writer()]

    def take_and_write(number: int) -> str:
        def lease() -> Fence:
            return _lease(conversation, str(number))

        fence = writers[number].submit(lease).result(20)
        try:
            for step in range(5):
                unit = partial(change, fence=fence, outcome=f"{number}.{step}")
                writers[number].submit(unit).result(20)
        except LostLease:
            return "lost"
        return "kept"

    results = at_the_same_time(partial(take_and_write, 0), partial(take_and_write, 1))
    row = Conversation.everything.get()
    last = int(row.lease_owner)
    assert results[last] == "kept" and row.outcome == f"{last}.4" and row.lease_no == 2
    for one in writers:
        one.submit(lambda: connections.close_all()).exception(10)


def test_the_inline_writer_keeps_the_same_promises() -> None:
    inline = InlineWriter()
    assert inline.submit(partial(_tag, "w1")).result() == "w1"

    def fail() -> None:
        _tag("w2")
        raise ValueError("no")

    assert isinstance(inline.submit(fail).exception(), ValueError)
    inline.flush()
    assert _names() == ["w1"]
