"""The conversation: everything a turn needs to know, in memory after one prefetch."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from actions.base import Channel
from actions.facts import ContactFacts, Facts, RunFact
from agents.contacts.services import facts_of, snapshot
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.reasons import OUTSIDE
from agents.conversations.services import Fence, take_lease, tokens_today
from agents.conversations.situation import bookings_in
from agents.core.waits import wait
from agents.engine.compiled import CompiledVersion, compiled_version
from agents.panels.schema import VersionContent
from agents.sequences.reading import standing_of

OVER = frozenset({Conversation.State.ENDED, Conversation.State.HANDED_OFF})
HISTORY_TURNS = 60
WHO = {"user": "Contact", "assistant": "Agent"}


@dataclass(slots=True)
class Used:
    """How often an action has run: what `once`, cool-down and the limits look at."""

    done: bool = False
    last_turn: int = -1_000_000


@dataclass
class ConversationState:
    """One conversation in the memory of the process that holds its lease."""

    id: UUID
    agent_id: int
    agent_uuid: UUID
    contact_id: UUID | None
    version: CompiledVersion
    facts: Facts
    sandbox: bool
    state: str
    lease_no: int
    practice: bool = False
    paused: bool = False
    lost: bool = False
    turn_number: int = 0
    call_number: int = 1
    clock_offset: float = 0.0
    script: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    used: dict[str, Used] = field(default_factory=dict)
    used_by_contact: set[str] = field(default_factory=set)
    done_lines: list[str] = field(default_factory=list)
    notes_to_model: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tokens_used: int = 0
    exchanges: int = 0
    began_at: datetime | None = None
    told_closed: bool = False
    runs_total: int = 0
    last_contact_at: datetime | None = None
    unfinished: Turn | None = None
    closed: bool = False
    notes_written: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    ahead: dict[tuple[str, str, str], asyncio.Future[str | None]] = field(default_factory=dict)

    @property
    def fence(self) -> Fence:
        """What every write carries."""
        return Fence(self.id, self.lease_no)

    @property
    def content(self) -> VersionContent:
        """The version it runs on."""
        return self.version.content

    @property
    def over(self) -> bool:
        """Whether it has ended or left."""
        return self.state in OVER

    def now(self) -> datetime:
        """The conversation's clock."""
        return timezone.now() + timedelta(seconds=self.clock_offset)

    def begin(self, message: str) -> None:
        """A new turn: its number, its moment and what was said."""
        self.turn_number += 1
        self.facts.turn = self.turn_number
        self.facts.message = message
        self.facts.now = self.now()
        self.facts.open_now = self.version.hours.is_open(self.facts.now)
        self.told_closed = self.told_closed and not self.facts.open_now
        self.began_at = self.began_at or self.facts.now
        self.notes = []

    def heard(self, message: str) -> None:
        """Put the contact's words into the history."""
        if message:
            self.last_contact_at = self.now()
            self.history.append({"role": "user", "content": message})
            self.facts.said.append(message)
            self.exchanges += 1

    def spoke(self, reply: str) -> None:
        """Put the agent's words into the history."""
        if reply:
            self.history.append({"role": "assistant", "content": reply})

    def used_up(self, uid: str) -> Used:
        """The record of one action."""
        return self.used.setdefault(uid, Used())

    def ran(self, uid: str, *, outcome: str, status: str, line: str) -> None:
        """A run has ended: guards, repeat and the prompt see it."""
        used = self.used_up(uid)
        used.last_turn = self.turn_number
        used.done = used.done or status == ActionRun.Status.DONE
        self.facts.runs.append(RunFact(uid, outcome, status, self.turn_number))
        if line:
            self.done_lines.append(line)

    def transcript(self, last: int | None = None) -> str:
        """What was said, one line each."""
        said = self.history if last is None else self.history[-last:]
        return "\n".join(f"{WHO[m['role']]}: {m['content']}" for m in said if m["role"] in WHO)


def load_conversation(conversation_id: UUID, *, owner: str) -> ConversationState:
    """Take the lease and read everything; raises Conversation.DoesNotExist."""
    lease_no = take_lease(
        conversation_id=conversation_id, owner=owner, now=timezone.now(), seconds=wait("lease")
    )
    row = Conversation.everything.select_related("agent", "version", "contact").get(
        id=conversation_id
    )
    world = row.world if row.sandbox else {}
    contact = _contact(row, world)
    version = compiled_version(row.version_id)
    facts = Facts(
        channel=Channel(row.channel),
        direction=row.direction,
        now=timezone.now(),
        contact=contact,
        attempt=row.attempt,
        disposition=world.get("disposition", "") or _disposition(row),
        tags=set(world.get("tags", ())) | _tags(row),
        inbox=world.get("inbox", "") if row.sandbox else _inbox(row),
        bookings=bookings_in(world),
        played=dict(world.get("played", {})),
        zone=version.hours.zone,
    )
    conversation = ConversationState(
        id=row.id,
        agent_id=row.agent_id,
        agent_uuid=row.agent.uuid,
        contact_id=row.contact_id,
        version=version,
        facts=facts,
        sandbox=row.sandbox,
        state=row.state,
        lease_no=lease_no,
        paused=row.agent.paused,
        call_number=row.call_number,
        clock_offset=row.clock_offset,
        script=row.script,
        tokens_used=tokens_today(agent_id=row.agent_id, day=timezone.now().date()),
        notes_written=list(world.get("notes", ())),
    )
    _recall(conversation, row)
    return conversation


def _contact(row: Conversation, world: dict[str, Any]) -> ContactFacts:
    if world.get("contact"):
        return facts_of(world["contact"])
    if row.contact is None:
        return ContactFacts()
    found = facts_of(snapshot(contact=row.contact, agent_uuid=row.agent.uuid))
    found.sequences.update(standing_of(row.contact.pk))
    return found


def _disposition(row: Conversation) -> str:
    return f"disposition:{row.disposition_id}" if row.disposition_id else ""


def _inbox(row: Conversation) -> str:
    item = row.items.filter(released_at=None).first()
    return f"inbox:{item.inbox_id}" if item and item.inbox_id else ""


def _tags(row: Conversation) -> set[str]:
    if row.sandbox:
        return set()
    return {f"tag:{pk}" for pk in row.tags.values_list("pk", flat=True)}


def _recall(conversation: ConversationState, row: Conversation) -> None:
    """Turns and runs so far; a turn that a crash cut off is kept apart."""
    turns = list(row.turns.order_by("-number")[:HISTORY_TURNS])[::-1]
    if turns:
        conversation.turn_number, conversation.began_at = turns[-1].number, turns[0].at
    conversation.closed = any(
        turn.kind in (Turn.Kind.CLOSING, Turn.Kind.NO_ANSWER) for turn in turns
    )
    conversation.taken = {turn.inbound_key for turn in turns if turn.inbound_key}
    for turn in turns:
        if turn.state == Turn.State.RUNNING and turn.kind == Turn.Kind.MESSAGE:
            conversation.unfinished = turn
            continue
        conversation.heard(turn.inbound)
        conversation.spoke(turn.reply if turn.heard is None else turn.heard)
        if turn.kind in (Turn.Kind.GREETING, Turn.Kind.MESSAGE):
            conversation.told_closed = OUTSIDE in turn.notes
    if len(turns) == HISTORY_TURNS:
        _recall_length(conversation, row)
    numbers = {turn.id: turn.number for turn in turns}
    for run in row.runs.exclude(status__in=("running", "proposed")):
        conversation.runs_total += 1
        used = conversation.used_up(str(run.action_uid))
        number = numbers.get(run.turn_id, 0)
        used.last_turn = max(used.last_turn, number)
        used.done = used.done or run.status == ActionRun.Status.DONE
        conversation.facts.runs.append(
            RunFact(str(run.action_uid), run.outcome, run.status, number)
        )
        if run.line:
            conversation.done_lines.append(run.line)
    conversation.last_contact_at = max((t.at for t in turns if t.inbound), default=row.started_at)
    if row.contact_id and not row.sandbox:
        conversation.used_by_contact = _used_by_contact(row.contact_id)


def _recall_length(conversation: ConversationState, row: Conversation) -> None:
    """How long it has been, where not all of it was read."""
    conversation.exchanges = row.turns.exclude(inbound="").count()
    conversation.began_at = row.turns.order_by("number").values_list("at", flat=True).first()


def _used_by_contact(contact_id: UUID) -> set[str]:
    """Actions that `once per contact` has used up."""
    prefix = f"{contact_id}:"
    keys = ActionRun.objects.filter(
        conversation__contact_id=contact_id, contact_key__startswith=prefix, status="done"
    ).values_list("contact_key", flat=True)
    return {str(key).removeprefix(prefix) for key in keys}
