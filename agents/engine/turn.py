"""A turn: admission, script, the model and the judge at once, keys, runs, reply, ending."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import orjson

from actions.base import Ask, Channel, Event, HandOff, Script, Target
from agents.conversations.models import ActionRun, Turn
from agents.conversations.reasons import Reason
from agents.conversations.services import end_turn
from agents.core.waits import wait
from agents.engine import eligibility, endings, events, ledger, limits, prompt, scripting, scripts
from agents.engine.admission import Admission, admit
from agents.engine.compiled import CompiledAction
from agents.engine.hands import Engine
from agents.engine.judging import Reading
from agents.engine.keys import Weight
from agents.engine.ledger import Run
from agents.engine.listening import Message, Question, listen
from agents.engine.reconcile import (
    Firing,
    Plan,
    by_judge_alone,
    reached,
    read_proposals,
    reconcile,
    start_judge,
    weight,
)
from agents.engine.scene import Scene
from agents.engine.state import Inbound, Interrupted, TurnState, new_turn
from agents.engine.tools import NONE_OF_THESE, Proposal
from integrations.llm.types import ModelError

CAREFUL = 0.25  # seconds the first word waits for the verdict where careful speech is on


class Conversing:
    """One message turn. `run` returns when everything is written."""

    def __init__(self, engine: Engine, scene: Scene, inbound: Inbound) -> None:
        self.state = new_turn(engine, scene, inbound, Turn.Kind.MESSAGE)
        self.engine, self.scene = engine, scene
        self._messages: list[dict[str, Any]] = []
        self._work: asyncio.Future[None] | None = None
        self._crashed = False

    @classmethod
    def again(cls, engine: Engine, scene: Scene, row: Turn) -> Conversing:
        """A turn that a crash cut off, from its row."""
        scene.turn_number = row.number - 1
        turn = cls(engine, scene, Inbound(row.inbound, row.inbound_key))
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
            self._interrupted()
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
        admission = admit(scene, state.inbound.text)
        if admission.opt_out:
            await self._opted_out(admission)
        elif admission.code:
            await self._not_admitted(admission)
        elif scene.script and await scripting.take(self):
            pass
        else:
            if admission.opt_in:
                await ledger.write(self.engine, partial(self.engine.hands.opted_in, scene))
            await self.converse(await self._committed() if self._crashed else None)

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
            if row.status == row.Status.RUNNING:
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
        await state.say_sentence(admission.words)

    async def _opted_out(self, admission: Admission) -> None:
        """The block is set even if the panel has no such action, in every mode; no model."""
        state, scene = self.state, self.scene
        state.decisions = eligibility.all_out(scene, state.moment, Reason.BLOCKED_BY_GATE)
        await state.ensure_written()
        action = next((a for a in scene.version.actions if a.frozen.type == "set_dnc"), None)
        source = "keyword" if scene.facts.channel is Channel.SMS else "words"
        blocked = partial(self.engine.hands.blocked, scene, admission.opt_out, source)
        await ledger.write(self.engine, blocked)
        if action:
            entry = state.decide(action, Reason.FIRED_BY_RULE, "opt-out")
            entry["evidence"] = admission.opt_out
        state.notes.append(f"Opt-out: “{admission.opt_out}”.")
        scene.script = {}
        state.changes["script"] = {}
        if scene.facts.channel is not Channel.SMS:
            await state.say_sentence(admission.words)

    async def converse(self, results: list[Run] | None = None) -> None:
        """The model's rounds. `results`: runs that a crash left done; they are never repeated."""
        state, scene = self.state, self.scene
        message = state.inbound.text
        state.eligible, state.decisions = eligibility.sort_out(scene, state.moment)
        text = prompt.judged(scene, message)
        state.reading = Reading(text, message, tuple(scene.facts.said))
        self._messages = prompt.turn_messages(scene, message)
        offered = [action for action in state.eligible if action.predicates]
        if results:
            self._resume(results)
        else:
            start_judge(state, offered, state.reading)
        try:
            await self._rounds()
        except ModelError as error:
            await self._model_failed(error)

    def _resume(self, runs: list[Run]) -> None:
        done = {run.action.uid for run in runs}
        state = self.state
        state.eligible = [a for a in state.eligible if a.uid not in done]
        for run in runs:
            state.decide(run.action, Reason.FIRED, "before the crash")
        state.runs += runs
        self._append_results("", [(run.proposal, run.row.to_model or "Done.") for run in runs])

    async def _rounds(self) -> None:
        for number in range(limits.ROUNDS):
            question = self._question(number)
            message = await self._listen(question, first=number == 0)
            plan = await reconcile(self.state, message)
            if plan.recheck:
                plan = await self._recheck(plan, message)
            if await self._act(plan, message):
                return
        self.state.notes.append("The model asked for more rounds than a turn may have.")

    def _question(self, number: int) -> Question:
        open_actions = [
            action
            for action in self.state.eligible
            if action.uid not in self.state.decisions or self._may_try_again(action)
        ]
        results = [run.to_model for run in self.state.runs if run.to_model] if number else []
        return Question(self._messages, open_actions, results)

    def _may_try_again(self, action: CompiledAction) -> bool:
        code = self.state.decisions[action.uid]["code"]
        wrong = code == Reason.INVALID_ARGUMENTS
        return wrong and self.state.refusals <= limits.BAD_ARGUMENTS_A_TURN

    async def _listen(self, question: Question, *, first: bool) -> Message:
        """Ask and listen; a verdict that names an action closes the mouth."""
        state = self.state
        for action in question.actions:
            if self._tries_again(action):
                state.decisions.pop(action.uid, None)
        filler = asyncio.ensure_future(self._filler()) if self._speaks else None
        try:
            if first and state.scene.version.settings.careful_speech and state.judge:
                await asyncio.wait({state.judge}, timeout=CAREFUL)
            return await listen(state, question)
        finally:
            if filler:
                filler.cancel()

    def _tries_again(self, action: CompiledAction) -> bool:
        entry = self.state.decisions.get(action.uid)
        return entry is not None and entry["code"] == Reason.INVALID_ARGUMENTS

    @property
    def _speaks(self) -> bool:
        return self.scene.facts.channel is Channel.VOICE and not self.scene.practice

    async def _filler(self) -> None:
        """Never silence: nothing said for three seconds → filler words."""
        await asyncio.sleep(wait("first_token"))
        if not self.state.reply:
            await self.state.say(self.scene.version.settings.filler_words + " ")

    # --- what a message leads to ---------------------------------------------------------

    async def _act(self, plan: Plan, message: Message) -> bool:
        """Run what fired; whether the turn is complete."""
        state = self.state
        runs = await self._perform_all(plan.others)
        runs += await self._chained()
        if plan.endings:
            self._only_first(plan.endings)
            await endings.leave(state, plan.endings[0], message)
            return True
        if question := self._to_ask(plan, runs):
            await self._speak(message, promise_kept=True)
            await state.say_sentence(question)
            return True
        if started := self._script_started(runs):
            message.mouth.drop()
            await scripting.start(self, *started)
            return True
        told = [(run.proposal, run.to_model) for run in runs if run.to_model]
        due = bool(told) or bool(plan.refused) or (not message.text.strip() and not runs)
        due = due or (not message.text.strip() and not message.mouth.has_spoken)
        if due:
            message.mouth.drop()
            self._follow_up(plan, message, runs)
            return False
        await self._speak(message, promise_kept=self._kept(message, runs))
        return True

    async def _perform_all(self, firings: list[Firing]) -> list[Run]:
        """Run the fired actions in list order; each may open or close the next one's *only if*."""
        made: list[Run] = []
        for firing in firings:
            run = await self._perform(firing)
            made += [run] if run else []
        return made

    async def _perform(self, firing: Firing) -> Run | None:
        state, scene, action = self.state, self.scene, firing.action
        if state.interrupted:
            state.decide(action, Reason.INTERRUPTED)
            return None
        if self._over_limit():
            state.decide(action, Reason.TIME_LIMIT, "the limit of actions was reached")
            return None
        if (why := eligibility.why_out(action, scene, state.moment)) and not self._repeats(firing):
            state.decisions[action.uid] = why
            return None
        await state.ensure_written()
        run = ledger.new_run(scene, state.row.id, action, firing.proposal)
        if not await ledger.perform(self.engine, scene, run):
            state.decide(action, Reason.ALREADY_DONE)
            return None
        state.runs.append(run)
        self._fired(run)
        return run

    def _repeats(self, firing: Firing) -> bool:
        """A further run of the same action in this turn, where the type allows many."""
        return any(run.action is firing.action for run in self.state.runs)

    def _over_limit(self) -> bool:
        here = len(self.state.runs) >= limits.ACTIONS_A_TURN
        return here or self.scene.runs_total >= limits.ACTIONS_A_CONVERSATION

    def _fired(self, run: Run) -> None:
        """Complete the decision of what ran: mode, evidence."""
        entry = self.state.decisions.get(run.action.uid)
        if entry is None:
            return
        if run.row.mode == "shadow":
            entry["code"] = Reason.SHADOW.value
        if not entry.get("evidence"):
            entry["evidence"] = self.state.inbound.text[:160]

    async def _chained(self) -> list[Run]:
        """Actions that wait for an outcome and have no condition of their own fire by rule."""
        made: list[Run] = []
        ran = {run.action.uid for run in self.state.runs}
        for action in self.scene.version.actions:
            if not action.chained or action.uid in ran:
                continue
            if eligibility.why_out(action, self.scene, self.state.moment):
                continue
            firing = events.event_firing(self.state, action, Event("chained"))
            firing = firing or by_judge_alone(self.state, action)
            if firing:
                self.state.decide(action, Reason.FIRED_BY_RULE, "after another action's outcome")
                run = await self._perform(firing)
                made += [run] if run else []
        return made

    def _only_first(self, ending: list[Firing]) -> None:
        """Of several endings the first in the list wins."""
        for firing in ending[1:]:
            self.state.decide(firing.action, Reason.CONVERSATION_OVER, "another ending came first")

    def _to_ask(self, plan: Plan, runs: list[Run]) -> str:
        """A question that waits for yes or no: a consequential action, or values to read back."""
        asking = next((r for r in runs if r.outcome and isinstance(r.outcome.flow, Ask)), None)
        if asking and asking.outcome and isinstance(asking.outcome.flow, Ask):
            script = scripts.confirming(
                uid=asking.action.uid,
                arguments=asking.row.arguments,
                question=asking.outcome.flow.question,
                values=True,
            )
        elif plan.ask:
            question = f"Just to be sure: {_offer(plan.ask.action)}"
            script = scripts.confirming(
                uid=plan.ask.action.uid,
                arguments=plan.ask.proposal.args.model_dump(mode="json")
                if plan.ask.proposal.args
                else {},
                question=question,
            )
        else:
            return ""
        scripting.keep(self, script)
        return str(script["question"])

    def _script_started(self, runs: list[Run]) -> tuple[Run, Script] | None:
        for run in runs:
            if run.outcome and isinstance(run.outcome.flow, Script):
                return run, run.outcome.flow
        return None

    def _follow_up(self, plan: Plan, message: Message, runs: list[Run]) -> None:
        """Results and refusals go back to the model."""
        answers = [(run.proposal, run.to_model or "Done.") for run in runs if run.proposal.call_id]
        answers += [(p, why) for p, why in plan.refused if p.call_id]
        said = message.mouth.spoken
        self._append_results(said, answers)

    def _append_results(self, said: str, answers: list[tuple[Proposal, str]]) -> None:
        calls = [
            {
                "id": proposal.call_id or f"c{number}",
                "type": "function",
                "function": {"name": proposal.tool, "arguments": proposal.raw or "{}"},
            }
            for number, (proposal, _) in enumerate(answers)
        ]
        if not calls:
            if said:
                self._messages.append({"role": "assistant", "content": said})
            self._messages.append({"role": "user", "content": "[Please answer the contact.]"})
            return
        self._messages.append({"role": "assistant", "content": said or None, "tool_calls": calls})
        for call, (_, text) in zip(calls, answers, strict=True):
            result = {"role": "tool", "tool_call_id": call["id"], "content": text}
            self._messages.append(result)

    # --- speaking ------------------------------------------------------------------------

    def _kept(self, message: Message, runs: list[Run]) -> bool:
        """Whether the promise in what is held has its action."""
        if not message.mouth.promised:
            return True
        text = message.mouth.held
        promised = [s for s, phrases in self.scene.version.promises.items() if phrases.found(text)]
        ran = {run.row.type for run in self.state.runs if run.done} | {
            run.row.type for run in runs if run.done
        }
        return not promised or any(slug in ran for slug in promised)

    async def _speak(self, message: Message, *, promise_kept: bool) -> None:
        """Speak what was held, or the *cannot do* words in place of an empty promise."""
        if message.mouth.held:
            self.state.held = True
        if promise_kept:
            await message.mouth.release()
            return
        message.mouth.drop()
        self.state.notes.append("The agent promised what no action did; it was not spoken.")
        await self.state.say_sentence(self.scene.version.settings.cannot_words)

    async def _recheck(self, plan: Plan, message: Message) -> Plan:
        """Ask the model again, once a turn, with the missed tools and a way to refuse."""
        state = self.state
        missed, plan.recheck = plan.recheck, []
        whole = message.mouth.has_spoken and not message.mouth.held
        if whole:
            missed = [a for a in missed if _quiet(a)]
        if state.rechecked or not missed:
            self._remember(message, plan)
            return plan
        state.rechecked = True
        hint = (
            "[It seems that one of these tools applies to what the contact just said. "
            "Call it now, or call none_of_these.]"
        )
        said = [{"role": "assistant", "content": message.text}] if message.text.strip() else []
        question = Question(
            [*self._messages, *said, {"role": "user", "content": hint}],
            missed,
            extra_tools=_NONE_TOOL,
            silent=True,
            names={"none_of_these"},
        )
        again = await listen(state, question)
        eligible, state.eligible = state.eligible, missed
        second = read_proposals(state, again)
        state.eligible = eligible
        for firing in second.fire:
            state.decide(firing.action, Reason.FIRED_AFTER_RECHECK, "keys disagreed at first")
        plan.fire = sorted([*plan.fire, *second.fire], key=lambda f: f.action.index)
        return plan

    def _remember(self, message: Message, plan: Plan) -> None:
        """What was missed is named in the next prompt."""
        for action in self.state.eligible:
            entry = self.state.decisions.get(action.uid)
            if entry and entry["code"] == Reason.NOT_CONFIRMED and reached(self.state, action):
                self.scene.notes_to_model = [
                    *self.scene.notes_to_model[-2:],
                    f"Consider: {action.label} seemed due in the last turn.",
                ]

    # --- ends ----------------------------------------------------------------------------

    async def _model_failed(self, error: ModelError) -> None:
        """Fallback words; on a call the fallback destination; the judge alone may still block."""
        state, settings = self.state, self.scene.version.settings
        state.notes.append(error.sentence)
        for action in state.eligible:
            if action.uid in state.decisions:
                continue
            if weight(action) is Weight.ONE_KEY and reached(state, action):
                await self._one_key(action)
            else:
                state.decide(action, Reason.MODEL_FAILED)
        await state.say_sentence(settings.fallback_words)
        if settings.fallback_ref and self.scene.facts.channel is Channel.VOICE:
            label = self.scene.version.content.labels().label(settings.fallback_ref)
            target = Target(settings.fallback_ref, label)
            reason = "the agent could not answer"
            await endings.fall_back(state, HandOff((target,), reason=reason))

    async def _one_key(self, action: CompiledAction) -> None:
        firing = by_judge_alone(self.state, action)
        if firing:
            self.state.decide(action, Reason.FIRED_UNCONFIRMED, "the judge alone")
            await self._perform(firing)

    async def _late_verdicts(self) -> None:
        """A verdict that comes late is stored, and may still fire DNC and disengage."""
        state = self.state
        if state.judge is None:
            return
        if not state.judge.done():
            hurry = asyncio.ensure_future(state.hurry.wait())
            left = wait("judge") - (time.perf_counter() - state.started)
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
                await self._one_key(action)

    def _interrupted(self) -> None:
        """The turn was cut: what had not been decided is marked so."""
        for action in self.state.eligible:
            if action.uid not in self.state.decisions:
                self.state.decide(action, Reason.INTERRUPTED)

    async def _finish(self) -> None:
        state, scene = self.state, self.scene
        scene.heard(state.inbound.text)
        scene.spoke(state.spoken if state.heard is None else state.heard)
        scene.tokens_used += state.usage.get("prompt", 0) + state.usage.get("completion", 0)
        end = state.ending()
        unit = partial(end_turn, fence=scene.fence, end=end)
        await asyncio.wrap_future(self.engine.writer.submit(unit, urgent=False))


_NONE_TOOL = orjson.dumps(NONE_OF_THESE)


def _quiet(action: CompiledAction) -> bool:
    """Neither speaks, nor ends, nor is consequential: may be added after the words."""
    kind = action.kind
    return kind is not None and not (kind.speaks or kind.ends or kind.consequential)


def _offer(action: CompiledAction) -> str:
    """A consequential action as a question."""
    doing = action.kind.summary(action.config, action.names) if action.kind else action.label
    return f"shall I do this now: {doing[:1].lower()}{doing[1:]}?"
