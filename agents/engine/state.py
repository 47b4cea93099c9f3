"""One turn in the making: its row, decisions, runs, timings; shared by the engine's parts."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from actions.base import Mode, Moment
from agents.conversations.models import ActionRun, Turn
from agents.conversations.reasons import FIRED, Decision, Reason
from agents.conversations.services import TurnEnd, start_turn
from agents.engine import ledger, limits
from agents.engine.compiled import CompiledAction
from agents.engine.hands import Engine
from agents.engine.judging import Asked, Judged, Reading, threshold_of
from agents.engine.ledger import Run
from agents.engine.mouth import Mouth
from agents.engine.scene import Scene

RAN = frozenset({ActionRun.Status.RUNNING, ActionRun.Status.DONE, ActionRun.Status.FAILED})


@dataclass(frozen=True, slots=True)
class Inbound:
    """What came in: the words and the channel's own id for them."""

    text: str
    key: str | None = None


class Interrupted(Exception):
    """The contact spoke or acted while the agent was speaking."""


@dataclass
class TurnState:
    """Everything one turn gathers until its end is written."""

    engine: Engine
    scene: Scene
    inbound: Inbound
    row: Turn
    moment: str = Moment.DURING
    started: float = field(default_factory=time.perf_counter)
    decisions: dict[str, Decision] = field(default_factory=dict)
    eligible: list[CompiledAction] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    acting: asyncio.Future[bool] | None = None
    judge: asyncio.Task[Asked] | None = None
    asked_lazily: set[str] = field(default_factory=set)
    judge_asked: float = 0.0
    judged_again: bool = False
    speaking: Mouth | None = None
    verdicts: dict[str, Judged] = field(default_factory=dict)
    reading: Reading | None = None
    reply: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    held: bool = False
    rechecked: bool = False
    interrupted: bool = False
    heard: str | None = None
    written: bool = False
    listened: bool = False
    refusals: int = 0
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def model_asked(self) -> int:
        """Requests to the chat model so far."""
        return self.usage.get("requests", 0)

    def threshold(self, action: CompiledAction) -> float:
        """How sure the judge of this turn must be about an action."""
        return threshold_of(action, self.engine.models.judge)

    def keep_words(self) -> None:
        """The contact's words become history, once: before a hand-off, or when the turn ends."""
        if not self.listened:
            self.listened = True
            self.scene.heard(self.inbound.text)

    def since(self) -> float:
        """Milliseconds since the turn began."""
        return round((time.perf_counter() - self.started) * 1000, 2)

    def mouth(self) -> Mouth:
        """A mouth for one message of this turn; a verdict that names an action closes it."""
        self.speaking = Mouth(self.say, self.scene.version.all_promises)
        self.heed_verdicts()
        return self.speaking

    def heed_verdicts(self) -> None:
        """An eligible action that nobody has decided stands at its threshold: close the mouth."""
        if self.speaking is None:
            return
        for action in self.eligible:
            judged = self.verdicts.get(action.uid)
            if judged and judged.p >= self.threshold(action) and action.uid not in self.decisions:
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

    @property
    def spoken(self) -> str:
        """Everything said in this turn."""
        return "".join(self.reply)

    def count(self, *, requests: int = 0, judge_requests: int = 0, **tokens: int) -> None:
        """Add to the turn's bill."""
        counts = {"requests": requests, "judge_requests": judge_requests, **tokens}
        for name, more in counts.items():
            if more:
                self.usage[name] = self.usage.get(name, 0) + more

    def decide(self, action: CompiledAction, code: Reason, note: str = "") -> Decision:
        """Enter the one decision of this turn about an action; what has run keeps its own."""
        kept = self.decisions.get(action.uid)
        if kept and self.has_run(action):
            return kept
        if code in FIRED and action.frozen.mode == Mode.SHADOW:
            code = Reason.SHADOW
        judged = self.verdicts.get(action.uid)
        entry: Decision = {
            "action": action.uid,
            "type": action.frozen.type,
            "code": code.value,
            "p": round(judged.p, 3) if judged else None,
            "threshold": self.threshold(action),
            "engine": judged.engine if judged else "none",
            "evidence": judged.evidence if judged else "",
            "note": note,
        }
        self.decisions[action.uid] = entry
        return entry

    def has_run(self, action: CompiledAction) -> bool:
        """Whether a run of the action was claimed in this turn."""
        return any(run.action is action and run.row.status in RAN for run in self.runs)

    @property
    def full(self) -> bool:
        """Whether the limit of actions a turn or a conversation is reached."""
        total = self.scene.runs_total
        return len(self.runs) >= limits.ACTIONS_A_TURN or total >= limits.ACTIONS_A_CONVERSATION

    async def act(self, run: Run) -> bool:
        """Perform a run; False: its occasion is used up.

        What runs is never cancelled: who waits for it may go, the run comes to its end.
        """
        await self.ensure_written()
        self.runs.append(run)
        self.acting = asyncio.ensure_future(ledger.perform(self.engine, self.scene, run))
        if await asyncio.shield(self.acting):
            return True
        self.runs.remove(run)
        return False

    def keep_script(self, script: dict[str, Any]) -> None:
        """Put a script on the conversation, or take it off with an empty one."""
        self.scene.script = script
        self.changes["script"] = script

    async def ensure_written(self) -> None:
        """The turn's row is committed before its first run."""
        if not self.written:
            self.written = True
            unit = partial(start_turn, fence=self.scene.fence, turn=self.row)
            await asyncio.wrap_future(self.engine.writer.submit(unit))

    def listed(self) -> list[Decision]:
        """All decisions, in the version's order; what nobody decided did not meet its condition."""
        return [
            self.decisions.get(action.uid) or self.decide(action, Reason.CONDITION_NOT_MET)
            for action in self.scene.version.actions
        ]

    def ending(self) -> TurnEnd:
        """What is written when the turn is over."""
        tokens = self.usage.get("prompt", 0) + self.usage.get("completion", 0)
        tokens += self.usage.get("judge_tokens", 0)
        self.timings["total_ms"] = self.since()
        values = {
            "state": Turn.State.DONE,
            "reply": self.spoken,
            "heard": self.heard,
            "decisions": self.listed(),
            "timings": {**self.timings, "held": self.held},
            "usage": self.usage,
            "notes": self.notes + self.scene.notes,
            "incomplete": self.row.incomplete,
        }
        return TurnEnd(
            turn_id=self.row.id,
            turn=values,
            changes={"last_at": self.row.at, **self.changes},
            agent_id=self.scene.agent_id,
            tokens=tokens,
            requests=self.usage.get("requests", 0) + self.usage.get("judge_requests", 0),
            counted=not self.scene.sandbox,
            new=None if self.written else self.row,
        )


def new_turn(engine: Engine, scene: Scene, inbound: Inbound, kind: str) -> TurnState:
    """Begin a turn: number and moment are taken, nothing is written yet."""
    scene.begin(inbound.text)
    row = Turn(
        id=uuid4(),
        conversation_id=scene.id,
        number=scene.turn_number,
        kind=kind,
        inbound=inbound.text,
        inbound_key=inbound.key,
        lease_no=scene.lease_no,
        at=scene.facts.now,
    )
    return TurnState(engine, scene, inbound, row)
