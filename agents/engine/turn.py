"""A turn: admission, script, the model and the judge at once, keys, runs, reply, ending."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

import orjson

from actions.base import Channel
from actions.understood import opt_out_word
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.reasons import WOULD_RUN, Reason
from agents.conversations.services import end_turn
from agents.core.waits import wait
from agents.engine import eligibility, endings, ledger, performing, scripting
from agents.engine.admission import Admission, admit
from agents.engine.hands import Engine
from agents.engine.keys import Weight
from agents.engine.ledger import Run
from agents.engine.reconcile import (
    reached,
    weight,
)
from agents.engine.rounds import Rounds
from agents.engine.scene import Scene
from agents.engine.state import Inbound, Interrupted, TurnState, new_turn
from agents.engine.tools import Proposal

LIMIT = "a limit of the agent"


class Conversing:
    """One message turn. `run` returns when everything is written."""

    def __init__(self, engine: Engine, scene: Scene, inbound: Inbound) -> None:
        self.state = new_turn(engine, scene, inbound, Turn.Kind.MESSAGE)
        self.engine, self.scene = engine, scene
        self._work: asyncio.Future[None] | None = None
        self._crashed = False

    @classmethod
    def again(cls, engine: Engine, scene: Scene, row: Turn) -> Conversing:
        """A turn that a crash cut off, from its row."""
        last = scene.turn_number  # event turns of this one may have been written already
        turn = cls(engine, scene, Inbound(row.inbound, row.inbound_key))
        scene.turn_number, scene.facts.turn = last, row.number
        row.incomplete = True
        turn.state.row, turn.state.written = row, True
        turn._crashed = True
        return turn

    async def run(self, acknowledge: Callable[[], Awaitable[None]] | None = None) -> TurnState:
        """Take the turn to its end. `acknowledge` is called once the inbound row is committed."""
        state = self.state
        durable = self._write_inbound(acknowledge) if acknowledge else None
        self._work = asyncio.ensure_future(self._take())
        try:
            await self._work
        except (Interrupted, asyncio.CancelledError):
            if not state.interrupted:
                raise
            await self._interrupted()
        if durable:
            await durable
        await self._late_verdicts()
        await self._finish()
        return state

    def interrupt(self, heard: str | None) -> None:
        """The contact spoke: stop speaking; what has not been claimed is dropped."""
        self.state.interrupted = True
        self.state.heard = heard
        self.state.stop.set()
        leaving = any(run.action.kind and run.action.kind.ends for run in self.state.runs)
        if self._work and not leaving:
            self._work.cancel()

    def _write_inbound(self, acknowledge: Callable[[], Awaitable[None]]) -> asyncio.Future[None]:
        """The row goes to the writer while the model request leaves; then it is acknowledged."""
        written = asyncio.ensure_future(self.state.ensure_written())

        async def told() -> None:
            await written
            await acknowledge()

        return asyncio.ensure_future(told())

    # --- the ways a turn can go ---------------------------------------------------------

    async def _take(self) -> None:
        state, scene = self.state, self.scene
        if self._crashed and scene.state != Conversation.State.OPEN:
            await self._had_left()
            return
        admission = admit(scene, state.inbound.text)
        if admission.opt_out:
            await self._opted_out(admission)
        elif admission.code:
            await self._not_admitted(admission)
        else:
            await self._admitted(admission)

    async def _admitted(self, admission: Admission) -> None:
        """Words that come first, then a running script, else the model."""
        state, scene = self.state, self.scene
        if admission.note:
            state.notes.append(admission.note)
        if admission.words:
            await state.say(admission.words + " ")
        scene.told_closed = admission.outside
        if scene.script and await scripting.take(state):
            return
        if admission.opt_in:
            await ledger.write(self.engine, partial(self.engine.hands.opted_in, scene))
        await Rounds(state).converse(await self._committed() if self._crashed else None)

    async def _had_left(self) -> None:
        """The crash came after the conversation had left: nothing is asked or done again."""
        state = self.state
        state.decisions = eligibility.all_out(
            self.scene, state.moment, Reason.CONVERSATION_OVER, "it had left before the crash"
        )
        for run in await self._committed():
            state.runs.append(run)
            state.decide(run.action, Reason.FIRED, "before the crash")

    async def _committed(self) -> list[Run]:
        """The runs that the crash left: done ones count, running ones are executed again.

        What ran wrote nothing before its end was committed, so doing it again does it once.
        """
        found = []
        for row in await self._rows():
            action = self.scene.version.by_uid.get(str(row.action_uid))
            if action is None or action.arguments is None:
                continue
            args = action.arguments.model_validate(row.arguments)
            call_id = row.call_id or f"c{row.position}"
            raw = orjson.dumps(row.arguments).decode()
            run = Run(action, Proposal(action.uid, call_id, action.tool_name, raw, args), row)
            if row.status == row.Status.PROPOSED:
                await ledger.drop(self.engine, self.scene, run, row.Status.INTERRUPTED)
                continue
            if row.status == row.Status.RUNNING and not (action.kind and action.kind.ends):
                await ledger.finish_again(self.engine, self.scene, run)
            found.append(run)
        return found

    async def _rows(self) -> list[ActionRun]:
        rows = ActionRun.objects.filter(turn_id=self.state.row.id).order_by("position")
        found: list[ActionRun] = await ledger.write(self.engine, lambda: list(rows))
        return found

    async def _not_admitted(self, admission: Admission) -> None:
        state = self.state
        if admission.code:
            state.decisions = eligibility.all_out(
                self.scene, state.moment, admission.code, admission.note
            )
        if admission.note:
            state.notes.append(admission.note)
        self.scene.told_closed = self.scene.told_closed or admission.outside
        if admission.cap:
            await self._capped(admission.words)
        else:
            await state.say_sentence(admission.words)

    async def _capped(self, words: str) -> None:
        """A limit is reached: a colleague takes over; else a call ends, a thread gets no answer."""
        state, scene = self.state, self.scene
        call = scene.facts.channel is Channel.VOICE
        if call or scene.exchanges == scene.version.settings.max_turns:
            await state.say_sentence(words)
            if not await endings.give_up(state, LIMIT, back=False) and call:
                endings.end(state, LIMIT)

    async def _opted_out(self, admission: Admission) -> None:
        """The block is set even if the panel has no such action, in every mode; no model."""
        state, scene = self.state, self.scene
        state.decisions = eligibility.all_out(scene, state.moment, Reason.BLOCKED_BY_GATE)
        await state.ensure_written()
        action = next((a for a in scene.version.actions if a.frozen.type == "set_dnc"), None)
        word = scene.facts.channel is Channel.SMS and opt_out_word(state.inbound.text)
        source = "keyword" if word else "words"
        blocked = partial(self.engine.hands.blocked, scene, admission.opt_out, source)
        await ledger.write(self.engine, blocked)
        if action:
            entry = state.decide(action, Reason.FIRED_BY_RULE, "opt-out")
            # By rule and in every mode: a watched action blocks as well.
            entry["code"], entry["evidence"] = Reason.FIRED_BY_RULE.value, admission.opt_out
        state.notes.append(f"Opt-out: “{admission.opt_out}”.")
        scene.script = {}
        state.changes["script"] = {}
        if scene.facts.channel is not Channel.SMS:
            await state.say_sentence(admission.words)

    # --- ends ----------------------------------------------------------------------------

    async def _late_verdicts(self) -> None:
        """A verdict that comes late is stored, and may still fire DNC and disengage."""
        state = self.state
        if state.judge is None:
            return
        if not state.judge.done():
            hurry = asyncio.ensure_future(state.hurry.wait())
            left = wait("judge") - (time.perf_counter() - state.judge_asked)
            await asyncio.wait(
                {state.judge, hurry},
                timeout=max(left, 0),
                return_when=asyncio.FIRST_COMPLETED,
            )
            hurry.cancel()
        if not state.judge.done():
            state.judge.cancel()
            return
        for action in state.eligible:
            entry = state.decisions.get(action.uid)
            if entry is None or entry.get("p") is not None:
                continue
            judged = state.verdicts.get(action.uid)
            if judged is None:
                continue
            entry["p"], entry["engine"] = round(judged.p, 3), judged.engine
            late = entry["code"] == Reason.CONDITION_NOT_MET and reached(state, action)
            if late and weight(action) is Weight.ONE_KEY and not state.interrupted:
                await performing.one_key(state, action)

    async def _interrupted(self) -> None:
        """The turn was cut: what runs comes to its end, what had not begun is marked so."""
        state = self.state
        if state.acting:
            await asyncio.wait({state.acting})
        for action in state.eligible:
            entry = state.decisions.get(action.uid)
            if entry is None or (entry["code"] in WOULD_RUN and not state.has_run(action)):
                state.decide(action, Reason.INTERRUPTED)

    async def _finish(self) -> None:
        state, scene = self.state, self.scene
        state.keep_words()
        scene.spoke(state.spoken if state.heard is None else state.heard)
        scene.tokens_used += state.usage.get("prompt", 0) + state.usage.get("completion", 0)
        end = state.ending()
        unit = partial(end_turn, fence=scene.fence, end=end)
        await asyncio.wrap_future(self.engine.writer.submit(unit, urgent=False))
