"""Every write to conversations, turns and the ledger; each is one transaction of its caller.

A write that carries an old lease number changes nothing and raises LostLease.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from agents.contacts.models import Contact
from agents.conversations.models import (
    ActionRun,
    Conversation,
    DailyCount,
    InboxItem,
    TokenUse,
    Turn,
)
from agents.conversations.reasons import Decision
from agents.conversations.totals import ENDED_RUNS, Row, Way, What, add, bucket_of, day_of
from agents.core.counting import add_up
from agents.core.rows import insert, update
from agents.panels.models import Agent, Version
from agents.routing.models import Inbox

WATCHES = "shadow"  # the mode of an action that changes nothing
DECISION_KEYS = ("day", "agent", "action_uid", "code")


class LostLease(Exception):
    """Another process has taken the conversation over."""


@dataclass(frozen=True, slots=True)
class Fence:
    """Which conversation is written to, and with which lease number.

    `way` is where it is counted; None: it is a sandbox conversation, which never counts.
    """

    conversation_id: UUID
    lease_no: int
    way: Way | None = None


@transaction.atomic
def open_conversation(
    *,
    agent: Agent,
    version: Version,
    contact: Contact | None,
    channel: str,
    direction: str,
    attempt: int = 1,
    sandbox: bool = False,
    world: dict[str, Any] | None = None,
    clock_offset: float = 0.0,
    started_by: str = "",
) -> Conversation:
    """Start a conversation on one version; an outbound call waits to be answered.

    One with a clock of its own begins by that clock.
    """
    waiting = channel == "voice" and direction == "outbound"
    began = timezone.now() + timedelta(seconds=0 if sandbox else clock_offset)
    row = Conversation.everything.create(
        agent=agent,
        version=version,
        contact=contact,
        channel=channel,
        direction=direction,
        attempt=attempt,
        sandbox=sandbox,
        world=world or {},
        clock_offset=clock_offset,
        state=Conversation.State.WAITING if waiting else Conversation.State.OPEN,
        started_by=started_by,
        started_at=began,
        last_at=began,
    )
    if way := way_of(row):
        add([way.row(began, What.CONVERSATION, row.state)])
    return row


def way_of(row: Conversation) -> Way | None:
    """Where a conversation counts; None where it does not."""
    return None if row.sandbox else Way(row.agent_id, row.channel, row.direction)


def take_lease(*, conversation_id: UUID, owner: str, now: datetime, seconds: float) -> int:
    """Take the conversation over: the number goes up, every older number is void."""
    until = now + timedelta(seconds=seconds)
    row = Conversation.everything.filter(id=conversation_id)
    if not row.update(lease_no=F("lease_no") + 1, lease_owner=owner, lease_until=until):
        raise Conversation.DoesNotExist
    return int(row.values_list("lease_no", flat=True).get())


def renew_leases(*, owner: str, conversation_ids: Sequence[UUID], until: datetime) -> set[UUID]:
    """Keep the leases that are still ours; the answer names them."""
    rows = Conversation.everything.filter(id__in=conversation_ids, lease_owner=owner)
    rows.update(lease_until=until)
    return set(rows.values_list("id", flat=True))


def _guard(fence: Fence, **changes: Any) -> None:
    """One conditional update that fails where the lease is lost."""
    where = {"id": fence.conversation_id, "lease_no": fence.lease_no}
    moves = _moves(fence.way, fence.conversation_id, changes["state"]) if "state" in changes else ()
    if not update(Conversation, where, {"lease_no": fence.lease_no, **changes}):
        raise LostLease
    if moves:
        add(moves)


def _moves(way: Way | None, conversation_id: UUID, state: str) -> Sequence[Row]:
    """A conversation is counted once, in the state that it has."""
    if way is None:
        return ()
    rows = Conversation.everything.select_for_update().filter(id=conversation_id)
    before, began = rows.values_list("state", "started_at").get()
    if before == state:
        return ()
    return (
        way.row(began, What.CONVERSATION, before, -1),
        way.row(began, What.CONVERSATION, state),
    )


def start_turn(*, fence: Fence, turn: Turn) -> None:
    """Commit what came in; the same provider id twice raises IntegrityError."""
    _guard(fence, last_at=turn.at)
    insert(turn)


def take_up(*, fence: Fence, turn_id: UUID) -> None:
    """After a crash: the turn and what was running in it are ours now."""
    _guard(fence)
    Turn.objects.filter(id=turn_id).update(attempts=F("attempts") + 1, lease_no=fence.lease_no)
    ActionRun.objects.filter(turn_id=turn_id, status=ActionRun.Status.RUNNING).update(
        lease_no=fence.lease_no
    )


def known_inbound(*, key: str) -> Turn | None:
    """The turn that already took this message."""
    return Turn.objects.filter(inbound_key=key).first()


def enter_run(
    *, fence: Fence, run: ActionRun, new: Turn | None = None, progress: dict[str, Any] | None = None
) -> bool:
    """Enter a run, with its turn's row where that is `new`; False: its occasion is used up.

    `progress` is what its turn has decided: after a crash it is done and not decided again.
    """
    _guard(fence)
    if new is not None:
        insert(new)
    elif progress is not None:
        update(Turn, {"id": run.turn_id}, {"progress": progress})
    run.lease_no = fence.lease_no
    return insert(run, unless_there=True)


def answer_run(*, fence: Fence, run: ActionRun, status: str) -> bool:
    """A run that asked the contact goes on in another turn; False: its occasion is used up."""
    _guard(fence)
    asked = ActionRun.objects.filter(id=run.id, status=ActionRun.Status.ASKED)
    try:
        with transaction.atomic():
            return bool(
                asked.update(
                    status=status,
                    turn_id=run.turn_id,
                    arguments=run.arguments,
                    lease_no=fence.lease_no,
                )
            )
    except IntegrityError:
        return False


def claim_run(*, fence: Fence, run_id: UUID, line: str = "") -> bool:
    """The point of no return: proposed → running, once; `line` is what is known so far."""
    _guard(fence)
    running = {"status": ActionRun.Status.RUNNING, "lease_no": fence.lease_no, "line": line}
    return update(ActionRun, {"id": run_id, "status": ActionRun.Status.PROPOSED}, running)


def finish_run(
    *, fence: Fence, run: ActionRun, apply: Callable[[], None] | None = None, **result: Any
) -> bool:
    """Write a run's end and, in the same transaction, what it changed. Once."""
    _guard(fence)
    done = update(ActionRun, {"id": run.id, "status": ActionRun.Status.RUNNING}, result)
    if done:
        _count_run(fence.way, run, result["status"])
    if done and apply:
        apply()
    return done


def _count_run(way: Way | None, run: ActionRun, status: str) -> None:
    """A run has come to an end; one that only watched changes no figure."""
    if way and status in ENDED_RUNS and run.mode != WATCHES:
        add([way.row(run.at, What.RUN, f"{status}:{run.type}")])


def name_outcome(*, fence: Fence, run_id: UUID, outcome: str) -> None:
    """What a run that is over has led to later on: a sequence that came to its end."""
    _guard(fence)
    ActionRun.objects.filter(id=run_id).update(outcome=outcome)


def drop_run(*, fence: Fence, run_id: UUID, status: str, **values: Any) -> None:
    """A run that will not leave, or has asked first: its occasion is free again."""
    _guard(fence)
    waiting = ActionRun.objects.filter(
        id=run_id, status__in=(ActionRun.Status.PROPOSED, ActionRun.Status.ASKED)
    )
    if waiting.update(status=status, **values) and fence.way:
        _count_run(fence.way, ActionRun.objects.get(id=run_id), status)


@dataclass(frozen=True, slots=True)
class TurnEnd:
    """What is written when a turn is over.

    `changes` go to the conversation's row, `apply` writes what the turn changed without a run,
    `new` is the turn's row where it was not written yet, `left` the runs that never began.
    """

    turn_id: UUID
    kind: str
    at: datetime
    turn: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)
    apply: Sequence[Callable[[], object]] = ()
    agent_id: int = 0
    tokens: int = 0
    requests: int = 0
    new: Turn | None = None
    left: Sequence[ActionRun] = ()


def end_turn(*, fence: Fence, end: TurnEnd) -> None:
    """The turn's end: reply, decisions, timings, the conversation's state, counters."""
    _guard(fence, **end.changes)
    if end.new is not None:
        for name, value in end.turn.items():
            setattr(end.new, name, value)
        insert(end.new)
    else:
        update(Turn, {"id": end.turn_id}, end.turn)
    for write in end.apply:
        write()
    for run in end.left:
        _interrupt(fence, run)
    if end.tokens or end.requests:
        _count_tokens(end)
    if fence.way:
        _count_decisions(end)
        add(turn_rows(fence.way, end.at, end.kind, end.turn))


def _interrupt(fence: Fence, run: ActionRun) -> None:
    where = {"id": run.id, "status": ActionRun.Status.PROPOSED}
    if update(ActionRun, where, {"status": ActionRun.Status.INTERRUPTED}):
        _count_run(fence.way, run, ActionRun.Status.INTERRUPTED)


def _count_tokens(end: TurnEnd) -> None:
    day = min(timezone.now(), end.at).date()  # time that a test skips spares no cap
    row = (day, end.agent_id, end.tokens, end.requests)
    add_up(TokenUse, ("day", "agent"), ("tokens", "requests"), [row])


def _count_decisions(end: TurnEnd) -> None:
    decisions: list[Decision] = end.turn.get("decisions", [])
    rows = [(day_of(end.at), end.agent_id, one["action"], one["code"], 1) for one in decisions]
    add_up(DailyCount, DECISION_KEYS, ("count",), rows)


def turn_rows(way: Way, at: datetime, kind: str, turn: dict[str, Any]) -> list[Row]:
    """What a turn adds to the totals; words of our own at the beginning are no answer."""
    rows = [way.row(at, What.TURN, turn["state"])]
    first = (turn.get("timings") or {}).get("first_ms")
    if kind == Turn.Kind.MESSAGE and first is not None:
        rows.append(way.row(at, What.FIRST_WORD, bucket_of(first)))
    return rows


def tokens_today(*, agent_id: int, day: Any) -> int:
    """What the agent has used of its daily cap."""
    used = TokenUse.objects.filter(day=day, agent_id=agent_id).values_list("tokens", flat=True)
    return int(used.first() or 0)


def change(*, fence: Fence, **changes: Any) -> None:
    """Change the conversation's row: state, outcome, clock."""
    _guard(fence, **changes)


def set_disposition(*, fence: Fence, disposition_id: int) -> None:
    """How the conversation is filed; the last one wins, and it alone counts."""
    row = Conversation.everything.select_for_update().get(id=fence.conversation_id)
    before, row.disposition_id = row.disposition_id, disposition_id
    if before == disposition_id:
        return
    row.save(update_fields=["disposition"])
    if fence.way:
        kept = [(before, -1), (disposition_id, 1)]
        add(
            fence.way.row(row.started_at, What.DISPOSITION, f"disposition:{pk}", count)
            for pk, count in kept
            if pk
        )


def add_tags(*, fence: Fence, tag_ids: Iterable[int]) -> None:
    """Tags of the conversation; one that it has already is not counted again."""
    row = Conversation.everything.select_for_update().get(id=fence.conversation_id)
    new = set(tag_ids) - set(row.tags.values_list("pk", flat=True))
    row.tags.add(*new)
    if fence.way:
        add(fence.way.row(row.started_at, What.TAG, f"tag:{pk}") for pk in sorted(new))


@transaction.atomic
def open_item(
    *, conversation_id: UUID, inbox_id: int | None, note: str, now: datetime
) -> InboxItem:
    """Put a conversation before the staff of an inbox; one that stands there already moves on.

    Without an inbox it is before all staff, unless it stands before some already.
    """
    open_now = InboxItem.objects.filter(conversation_id=conversation_id, released_at=None)
    if inbox_id is None and (item := open_now.first()):
        return item
    open_now.update(released_at=now)
    return InboxItem.objects.create(
        conversation_id=conversation_id,
        inbox=Inbox.objects.filter(pk=inbox_id).first() if inbox_id else None,
        note=note,
        opened_at=now,
    )


def release_item(*, fence: Fence, by: str, now: datetime, memory: dict[str, Any]) -> None:
    """Staff give the conversation back to the agent."""
    _guard(fence, state=Conversation.State.OPEN, outcome="", memory=memory)
    InboxItem.objects.filter(conversation_id=fence.conversation_id, released_at=None).update(
        released_at=now, released_by=by
    )


TRAIL = ("start", "replay")
"""What a sandbox keeps beside its facts: how it began, what it repeats."""


def set_world(*, fence: Fence, world: dict[str, Any], **changes: Any) -> None:
    """The sandbox's snapshot and clock; its trail stays."""
    before = _world(fence)
    trail = {name: before[name] for name in TRAIL if name in before}
    _guard(fence, world={**world, **trail}, **changes)


def _world(fence: Fence) -> dict[str, Any]:
    rows = Conversation.everything.filter(id=fence.conversation_id)
    return rows.values_list("world", flat=True).first() or {}
