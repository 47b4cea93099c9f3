"""A conversation in the memory of the process that holds its lease, after one small read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from actions.base import Channel, Repeat
from actions.facts import ContactFacts, Facts, RunFact
from agents.contacts.models import TimelineEntry
from agents.contacts.services import facts_of, snapshot
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.services import Fence, take_lease, tokens_today, way_of
from agents.conversations.situation import bookings_in, simulated_in
from agents.conversations.totals import Way
from agents.core.waits import wait
from agents.engine.compiled import CompiledVersion, compiled_version
from agents.engine.memory import Memory, recalled
from agents.panels.schema import VersionContent
from agents.sequences.reading import sequences_of

OVER = frozenset({Conversation.State.ENDED, Conversation.State.HANDED_OFF})
HISTORY = 120  # messages that are kept: what transcripts, conditions and prompts look at
WHO = {"user": "Contact", "assistant": "Agent"}


@dataclass
class ConversationState:
    """One conversation: who and where, the facts, what it remembers, and what was said."""

    id: UUID
    agent_id: int
    agent_uuid: UUID
    contact_id: UUID | None
    version: CompiledVersion
    facts: Facts
    sandbox: bool
    state: str
    lease_no: int
    memory: Memory = field(default_factory=Memory)
    history: list[dict[str, Any]] = field(default_factory=list)
    practice: bool = False
    paused: bool = False
    lost: bool = False
    call_number: int = 1
    clock_offset: float = 0.0
    way: Way | None = None
    tokens_used: int = 0
    used_by_contact: set[str] = field(default_factory=set)
    unfinished: list[Turn] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    ahead: dict[tuple[str, str, str], asyncio.Future[str | None]] = field(default_factory=dict)

    @property
    def fence(self) -> Fence:
        """What every write carries."""
        return Fence(self.id, self.lease_no, self.way)

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

    def begin(self, number: int, message: str) -> None:
        """A turn begins: its number, its moment and what was said."""
        memory = self.memory
        memory.turn = max(memory.turn, number)
        self.facts.turn = number
        self.facts.message = message
        self.facts.now = self.now()
        self.facts.open_now = self.version.hours.is_open(self.facts.now)
        memory.told_closed = memory.told_closed and not self.facts.open_now
        memory.began_at = memory.began_at or self.facts.now

    def heard(self, message: str) -> None:
        """Put the contact's words into the history."""
        if message:
            self.memory.last_contact_at = self.facts.now
            self.memory.exchanges += 1
            self._said("user", message)

    def spoke(self, reply: str) -> None:
        """Put the agent's words into the history."""
        if reply:
            self._said("assistant", reply)

    def _said(self, role: str, content: str) -> None:
        self.history.append({"role": role, "content": content})
        if role == "user":
            self.facts.said.append(content)
        for old in self.history[:-HISTORY]:
            if old["role"] == "user":
                del self.facts.said[0]
        del self.history[:-HISTORY]

    def transcript(self, last: int | None = None) -> str:
        """What was said, one line each."""
        said = self.history if last is None else self.history[-last:]
        return "\n".join(f"{WHO[m['role']]}: {m['content']}" for m in said if m["role"] in WHO)

    def remember(self, memory: Memory) -> None:
        """Take another memory over, once it is stored."""
        self.memory, self.facts.runs = memory, memory.ended


def load_conversation(conversation_id: UUID, *, owner: str) -> ConversationState:
    """Take the lease and read what is needed; raises Conversation.DoesNotExist."""
    take_lease(
        conversation_id=conversation_id, owner=owner, now=timezone.now(), seconds=wait("lease")
    )
    return read_conversation(conversation_id)


def read_conversation(conversation_id: UUID) -> ConversationState:
    """The conversation as its rows say; the lease stays where it is."""
    rows = Conversation.everything.select_related("agent", "contact")
    row = rows.get(id=conversation_id)
    memory, version = recalled(row.memory), compiled_version(row.version_id)
    facts = _facts(row, memory)
    facts.zone = version.hours.zone
    conversation = ConversationState(
        id=row.id,
        agent_id=row.agent_id,
        agent_uuid=row.agent.uuid,
        contact_id=row.contact_id,
        version=version,
        facts=facts,
        sandbox=row.sandbox,
        state=row.state,
        lease_no=row.lease_no,
        memory=memory,
        paused=row.agent.paused,
        call_number=row.call_number,
        clock_offset=row.clock_offset,
        way=way_of(row),
        tokens_used=tokens_today(agent_id=row.agent_id, day=timezone.now().date()),
    )
    memory.last_contact_at = memory.last_contact_at or row.started_at
    _read_turns(conversation)
    if row.contact_id and not row.sandbox and _once_per_contact(conversation):
        conversation.used_by_contact = _used_by_contact(row.contact_id)
    return conversation


def _facts(row: Conversation, memory: Memory) -> Facts:
    world = row.world if row.sandbox else {}
    return Facts(
        channel=Channel(row.channel),
        direction=row.direction,
        now=timezone.now(),
        contact=_contact(row, world),
        attempt=row.attempt,
        turn=memory.turn,
        disposition=world.get("disposition", "") or _disposition(row),
        tags=set(world.get("tags", ())) | _tags(row),
        inbox=world.get("inbox", "") if row.sandbox else _inbox(row),
        bookings=bookings_in(world),
        simulated=simulated_in(world),
        notes=_notes(row, world),
        runs=memory.ended,
    )


def _contact(row: Conversation, world: dict[str, Any]) -> ContactFacts:
    if world.get("contact"):
        return facts_of(world["contact"])
    if row.contact is None:
        return ContactFacts()
    found = facts_of(snapshot(contact=row.contact, agent_uuid=row.agent.uuid))
    found.sequences.update(sequences_of(row.contact.pk))
    return found


def _notes(row: Conversation, world: dict[str, Any]) -> list[str]:
    """What this conversation has written on the contact's timeline."""
    if row.sandbox or row.contact_id is None:
        return list(world.get("notes", ()))
    written = TimelineEntry.objects.filter(
        contact_id=row.contact_id, conversation_id=row.pk, kind="note"
    )
    return list(written.order_by("id").values_list("text", flat=True))


def _disposition(row: Conversation) -> str:
    return f"disposition:{row.disposition_id}" if row.disposition_id else ""


def _inbox(row: Conversation) -> str:
    item = row.items.filter(released_at=None).first()
    return f"inbox:{item.inbox_id}" if item and item.inbox_id else ""


def _tags(row: Conversation) -> set[str]:
    if row.sandbox:
        return set()
    return {f"tag:{pk}" for pk in row.tags.values_list("pk", flat=True)}


def _read_turns(conversation: ConversationState) -> None:
    """What was said last, and the turns that a crash cut off."""
    turns = Turn.objects.filter(conversation_id=conversation.id)
    spoken = turns.filter(~Q(inbound="") | (~Q(reply="") & (Q(heard=None) | ~Q(heard=""))))
    columns = ("state", "inbound", "inbound_key", "reply", "heard")
    said = spoken.order_by("-number").values_list(*columns)[:HISTORY]
    for state, inbound, key, reply, heard in reversed(said):
        if key:
            conversation.taken.add(key)
        if state != Turn.State.RUNNING:
            _recall(conversation, inbound, reply if heard is None else heard)
    running = turns.filter(state=Turn.State.RUNNING).order_by("number")
    conversation.unfinished = list(running)
    numbers = [turn.number for turn in conversation.unfinished]
    conversation.memory.turn = max([conversation.memory.turn, *numbers])


def _recall(conversation: ConversationState, inbound: str, reply: str) -> None:
    if inbound:
        conversation._said("user", inbound)
    if reply:
        conversation._said("assistant", reply)


def _once_per_contact(conversation: ConversationState) -> bool:
    actions = conversation.version.actions
    return any(action.frozen.repeat == Repeat.ONCE_PER_CONTACT for action in actions)


def _used_by_contact(contact_id: UUID) -> set[str]:
    """Actions that `once per contact` has used up."""
    prefix = f"{contact_id}:"
    keys = ActionRun.objects.filter(
        conversation__contact_id=contact_id, contact_key__startswith=prefix, status="done"
    ).values_list("contact_key", flat=True)
    return {str(key).removeprefix(prefix) for key in keys}


def ended(conversation: ConversationState, uid: str, outcome: str, status: str) -> RunFact:
    """A run of this turn that has ended, as conditions see it."""
    return RunFact(uid, outcome, status, conversation.facts.turn)
