"""One turn in the making: its row, decisions, runs and words, until its end is written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from actions.base import HandOff, Mode, Moment
from actions.languages import Language
from agents.conversations.models import ActionRun, Turn
from agents.conversations.reasons import FIRED, Decision, Reason
from agents.conversations.services import TurnEnd, start_turn
from agents.engine import ledger, limits
from agents.engine.adapters import Engine
from agents.engine.compiled import CompiledAction
from agents.engine.conversation import ConversationState
from agents.engine.judging import Judged, Judgement, Reading, threshold_of
from agents.engine.ledger import Run
from agents.engine.memory import Memory
from agents.engine.plan import Leaving, Plan, read_plan
from agents.engine.speech import SpeechBuffer

RAN = frozenset(
    {
        ActionRun.Status.RUNNING,
        ActionRun.Status.DONE,
        ActionRun.Status.FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class Inbound:
    """What came in: the words and the channel's own id for them."""

    text: str
    key: str | None = None


class Interrupted(Exception):
    """The contact spoke or acted while the agent was speaking."""


@dataclass
class TurnState:
    """Everything one turn gathers until its end is written.

    `earlier` are the runs that a crash left, by action and values; `replayed` counts the plans of
    before the crash that were taken up, `handlers` those who asked the model. `apply` is what the
    turn's end writes beside the turn. `stop`: the contact spoke; `hurry`: the next message waits.
    """

    engine: Engine
    conversation: ConversationState
    inbound: Inbound
    row: Turn
    moment: str = Moment.DURING
    written: bool = False
    progressed: bool = False
    replayed: int = 0
    handlers: int = 0
    ended: bool = False
    started: float = field(default_factory=time.perf_counter)
    decisions: dict[str, Decision] = field(default_factory=dict)
    eligible: list[CompiledAction] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    earlier: dict[tuple[str, str], ActionRun] = field(default_factory=dict)
    acting: asyncio.Future[bool] | None = None
    judgement: Judgement = field(default_factory=Judgement)
    reading: Reading | None = None
    speaking: SpeechBuffer | None = None
    reply: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    apply: list[Callable[[], object]] = field(default_factory=list)
    leaving: Leaving | None = None
    hand_over: HandOff | None = None
    cause: str = ""
    held: bool = False
    rechecked: bool = False
    interrupted: bool = False
    heard: str | None = None
    listened: bool = False
    refusals: int = 0
    call_ids: set[str] = field(default_factory=set)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def language(self) -> Language:
        """The language of the agent's own words."""
        return self.conversation.version.language

    def keep_words(self) -> None:
        """The contact's words become history, once: before a hand-off, or when the turn ends."""
        if not self.listened:
            self.listened = True
            self.conversation.heard(self.inbound.text)

    def since(self) -> float:
        """Milliseconds since the turn began."""
        return round((time.perf_counter() - self.started) * 1000, 2)

    # --- words --------------------------------------------------------------------------------

    def speech(self) -> SpeechBuffer:
        """A buffer for one message of this turn; a verdict that names an action closes it."""
        self.speaking = SpeechBuffer(self.say, self.conversation.version.all_promises)
        self.heed_verdicts()
        return self.speaking

    def heed_verdicts(self) -> None:
        """An eligible action that nobody has decided stands at its threshold: speak no further."""
        if self.speaking is None:
            return
        for action in self.eligible:
            if action.uid not in self.decisions and self.reached(action):
                self.speaking.close()
                return

    async def say(self, piece: str) -> None:
        """Speak: the first word is timed, everything becomes part of the reply."""
        if self.interrupted:
            raise Interrupted
        if "first_ms" not in self.timings:
            self.timings["first_ms"] = self.since()
        self.reply.append(piece)
        await self.engine.say.text(piece)

    async def say_sentence(self, text: str) -> None:
        """Speak words of ours, set apart from what was said before."""
        if text:
            gap = " " if self.spoken and not self.spoken[-1].isspace() else ""
            await self.say(gap + text)

    async def say_line(self, text: str) -> None:
        """One message of several: each on its own line."""
        if text:
            await self.say(("\n" if self.spoken else "") + text)

    @property
    def spoken(self) -> str:
        """Everything said in this turn."""
        return "".join(self.reply)

    # --- decisions ----------------------------------------------------------------------------

    def count(self, *, requests: int = 0, judge_requests: int = 0, **tokens: int) -> None:
        """Add to the turn's bill."""
        counts = {"requests": requests, "judge_requests": judge_requests, **tokens}
        for name, more in counts.items():
            if more:
                self.usage[name] = self.usage.get(name, 0) + more

    def threshold(self, action: CompiledAction) -> float:
        """How sure the judge of this turn must be about an action."""
        return threshold_of(action, self.engine.models.judge)

    def reached(self, action: CompiledAction) -> bool:
        """Whether the verdict about an action stands at or above its threshold."""
        judged = self.judgement.verdicts.get(action.uid)
        return judged is not None and judged.p >= self.threshold(action)

    def decide(self, action: CompiledAction, code: Reason, note: str = "") -> Decision:
        """Enter the one decision of this turn about an action; what has run keeps its own."""
        kept = self.decisions.get(action.uid)
        if kept and self.has_run(action):
            return kept
        if code in FIRED and action.frozen.mode == Mode.SHADOW:
            code = Reason.SHADOW
        judged = self.judgement.verdicts.get(action.uid)
        entry: Decision = {
            "action": action.uid,
            "type": action.frozen.type,
            "code": code.value,
            "p": round(judged.p, 6) if judged else None,
            "threshold": self.threshold(action),
            "engine": judged.engine if judged else "none",
            "evidence": judged.evidence if judged else "",
            "note": note or _looked_for(action, code, judged),
        }
        self.decisions[action.uid] = entry
        return entry

    def has_run(self, action: CompiledAction) -> bool:
        """Whether a run of the action was claimed in this turn."""
        return any(run.action is action and run.row.status in RAN for run in self.runs)

    @property
    def full(self) -> bool:
        """Whether the limit of actions a turn or a conversation is reached."""
        total = self.conversation.memory.runs
        return len(self.runs) >= limits.ACTIONS_A_TURN or total >= limits.ACTIONS_A_CONVERSATION

    # --- what is kept -------------------------------------------------------------------------

    def keep_plan(self, plan: Plan, handler: int = 0) -> None:
        """What is decided goes into the row with the first run: a crash does not ask it again."""
        if not plan.acts:
            return
        kept = {**plan.stored(), "handler": handler}
        plans = [*self.row.progress.get("plans", ()), kept]
        decisions = list(self.decisions.values())
        self.row.progress = {**self.row.progress, "plans": plans, "decisions": decisions}
        self.replayed, self.progressed = len(plans), True

    def planned(self, handler: int = 0) -> Plan | None:
        """The next plan that this handler had made before a crash."""
        plans = self.row.progress.get("plans", ())
        if self.replayed >= len(plans) or plans[self.replayed]["handler"] != handler:
            return None
        self.replayed += 1
        return read_plan(self.conversation.version, plans[self.replayed - 1], self.speech())

    async def enter(self, run: Run, status: str) -> bool:
        """Commit a run, with the turn's row and progress; False: its occasion is used up."""
        self.runs.append(run)
        due: dict[str, Any] = {} if self.written else {"new": self.row}
        if self.written and self.progressed:
            due = {"progress": self.row.progress}
        self.written, self.progressed = True, False
        if await ledger.enter(self.engine, self.conversation, run, status, **due):
            return True
        self.runs.remove(run)
        return False

    async def ensure_written(self) -> None:
        """The turn's row is committed."""
        if not self.written:
            self.written = True
            unit = partial(start_turn, fence=self.conversation.fence, turn=self.row)
            await ledger.write(self.engine, unit)

    def keep_script(self, script: dict[str, Any]) -> None:
        """The next message of the contact is an answer to this; empty: it is not."""
        self.conversation.memory.script = script

    def listed(self) -> list[Decision]:
        """All decisions, in the version's order; what nobody decided did not meet its condition."""
        return [
            self.decisions.get(action.uid) or self.decide(action, Reason.CONDITION_NOT_MET)
            for action in self.conversation.version.actions
        ]

    def ending(self, memory: Memory | None = None) -> TurnEnd:
        """What is written when the turn is over; `memory` is what is known then."""
        tokens = sum(self.usage.get(name, 0) for name in ("prompt", "completion", "judge_tokens"))
        self.timings["total_ms"] = self.since()
        values = {
            "state": Turn.State.FAILED if self.cause else Turn.State.DONE,
            "reply": self.spoken,
            "heard": self.heard,
            "decisions": self.listed(),
            "timings": {**self.timings, "held": self.held},
            "usage": self.usage,
            "notes": self.notes,
            "progress": {},
            "incomplete": self.row.incomplete,
        }
        kept = (memory or self.conversation.memory).stored()
        return TurnEnd(
            turn_id=self.row.id,
            kind=self.row.kind,
            at=self.row.at,
            turn=values,
            changes={"last_at": self.row.at, "memory": kept, **self.changes},
            apply=tuple(self.apply),
            agent_id=self.conversation.agent_id,
            tokens=tokens,
            requests=self.usage.get("requests", 0) + self.usage.get("judge_requests", 0),
            new=None if self.written else self.row,
            left=[run.row for run in self.runs if run.row.status == run.row.Status.PROPOSED],
        )

    def close(self) -> None:
        """The end is written: what was said becomes history."""
        self.ended = True
        self.conversation.spoke(self.spoken if self.heard is None else self.heard)
        names = ("prompt", "completion", "judge_tokens")
        self.conversation.tokens_used += sum(self.usage.get(name, 0) for name in names)


def new_turn(
    engine: Engine,
    conversation: ConversationState,
    kind: str,
    inbound: Inbound | None = None,
    moment: str = Moment.DURING,
) -> TurnState:
    """Begin a turn: number and moment are taken, nothing is written yet."""
    inbound = inbound or Inbound("")
    conversation.begin(conversation.memory.turn + 1, inbound.text)
    row = Turn(
        id=uuid4(),
        conversation_id=conversation.id,
        number=conversation.facts.turn,
        kind=kind,
        inbound=inbound.text,
        inbound_key=inbound.key,
        lease_no=conversation.lease_no,
        at=conversation.facts.now,
    )
    return TurnState(engine, conversation, inbound, row, moment)


def turn_again(
    engine: Engine, conversation: ConversationState, row: Turn, runs: list[ActionRun], moment: str
) -> TurnState:
    """A turn that a crash cut off, with the runs it had."""
    conversation.begin(row.number, row.inbound)
    row.incomplete = True
    turn = TurnState(
        engine,
        conversation,
        Inbound(row.inbound, row.inbound_key),
        row,
        moment,
        written=True,
        decisions={entry["action"]: entry for entry in row.progress.get("decisions", ())},
    )
    turn.earlier = {(str(run.action_uid), ledger.digest(run.arguments)): run for run in runs}
    return turn


def _looked_for(action: CompiledAction, code: Reason, judged: Judged | None) -> str:
    """What the rules searched the words for and did not find."""
    by_rules = code is Reason.CONDITION_NOT_MET and judged is not None and judged.engine == "rules"
    return f"Looked for {action.looked_for}" if by_rules and action.looked_for else ""
