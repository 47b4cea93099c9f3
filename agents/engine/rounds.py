"""The rounds of a message turn: ask, listen, turn both keys, run, speak; until it is complete."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson

from actions.base import Ask, Channel, Collect, Script
from agents.conversations.reasons import Reason
from agents.core.waits import wait
from agents.engine import eligibility, endings, limits, performing, prompt, scripting, scripts
from agents.engine.compiled import CompiledAction
from agents.engine.judging import Reading
from agents.engine.keys import Weight
from agents.engine.ledger import Run
from agents.engine.listening import Message, Question, listen
from agents.engine.reconcile import (
    Firing,
    Plan,
    ask_as_opened,
    judge_again,
    reached,
    read_proposals,
    reconcile,
    start_judge,
    weight,
)
from agents.engine.state import TurnState
from agents.engine.tools import NONE_OF_THESE, Proposal
from integrations.llm.types import ModelError

CAREFUL = 0.25  # seconds the first word waits for the verdict where careful speech is on


class Rounds:
    """One turn with the model."""

    def __init__(self, state: TurnState) -> None:
        self.state, self.scene = state, state.scene
        self._messages: list[dict[str, Any]] = []

    async def converse(self, results: list[Run] | None = None) -> None:
        """The model's rounds. `results`: runs that a crash left done; they are never repeated."""
        state, scene = self.state, self.scene
        message = state.inbound.text
        state.eligible, state.decisions = eligibility.sort_out(scene, state.moment)
        text = prompt.judged(scene, message)
        state.reading = Reading(text, message, tuple(scene.facts.said))
        self._messages = prompt.turn_messages(scene, message)
        scene.notes_to_model = []  # said once, in the prompt that follows
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
            if results := question.results:
                judge_again(self.state, message, results)
            plan = await reconcile(self.state, message)
            if plan.recheck:
                plan = await self._recheck(plan, message)
            if await self._act(plan, message):
                return
        self.state.notes.append("The model asked for more rounds than a turn may have.")
        if not self.state.spoken.strip():
            await self.state.say_sentence(self.scene.version.settings.fallback_words)

    def _question(self, number: int) -> Question:
        open_actions = [
            action
            for action in self.state.eligible
            if action.uid not in self.state.decisions or self._may_still_run(action)
        ]
        told = [run for run in self.state.runs if run.to_model] if number else []
        results, sayings = [run.to_model for run in told], [run.to_contact for run in told]
        return Question(self._messages, open_actions, results, sayings)

    def _may_still_run(self, action: CompiledAction) -> bool:
        """Its values were wrong, or a result may have made its condition true since."""
        code = self.state.decisions[action.uid]["code"]
        wrong = code == Reason.INVALID_ARGUMENTS
        few = self.state.refusals <= limits.BAD_ARGUMENTS_A_TURN
        return (wrong and few) or code == Reason.CONDITION_NOT_MET

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
            return await listen(state, question, partial(ask_as_opened, state))
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
        runs = await performing.perform_all(self.state, plan.others)
        runs += await performing.chained(self.state)
        if plan.endings:
            performing.only_first(state, plan.endings)
            await endings.leave(state, plan.endings[0], message)
            return True
        if question := self._to_ask(plan, runs):
            await self._speak(message, promise_kept=True)
            await state.say_sentence(question)
            return True
        if collecting := self._to_collect(runs):
            message.mouth.drop()
            await state.say_sentence(collecting)
            return True
        if started := self._script_started(runs):
            message.mouth.drop()
            await scripting.start(self.state, *started)
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
            question = f"Just to be sure: {_offer(plan.ask)}"
            script = scripts.confirming(
                uid=plan.ask.action.uid,
                arguments=plan.ask.proposal.args.model_dump(mode="json")
                if plan.ask.proposal.args
                else {},
                question=question,
            )
        else:
            return ""
        self.state.keep_script(script)
        return str(script["question"])

    def _to_collect(self, runs: list[Run]) -> str:
        """A question whose answer becomes an argument; empty where the model puts it itself."""
        for run in runs:
            flow = run.outcome.flow if run.outcome else None
            if isinstance(flow, Collect):
                asked = scripts.collecting(run.action.uid, run.row.arguments, flow, 1)
                self.state.keep_script(asked)
                put_here = flow.strict or self.scene.practice or not run.to_model
                return flow.question if put_here else ""
        return ""

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
        text = message.mouth.held
        promised = [s for s, phrases in self.scene.version.promises.items() if phrases.found(text)]
        ran = {run.row.type for run in [*self.state.runs, *runs] if run.done and not run.watched}
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
            self._remember([a for a in missed if not _quiet(a)])
            missed = [a for a in missed if _quiet(a)]
        if state.rechecked or not missed:
            self._remember(missed)
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
        try:
            again = await listen(state, question)
        except ModelError as error:
            # The contact has an answer already; only the second look at it is missing.
            state.notes.append(error.sentence)
            return plan
        eligible, state.eligible = state.eligible, missed
        second = read_proposals(state, again)
        state.eligible = eligible
        for firing in second.fire:
            state.decide(firing.action, Reason.FIRED_AFTER_RECHECK, "keys disagreed at first")
        plan.fire = sorted([*plan.fire, *second.fire], key=lambda f: f.action.index)
        return plan

    def _remember(self, missed: Sequence[CompiledAction]) -> None:
        """What was missed is named in the next prompt."""
        self.scene.notes_to_model += [
            f"Consider: {action.label} seemed due in the last turn." for action in missed
        ]

    async def _model_failed(self, error: ModelError) -> None:
        """Fallback words, then the fallback destination; the judge alone may still block."""
        state, settings = self.state, self.scene.version.settings
        state.notes.append(error.sentence)
        for action in state.eligible:
            if action.uid in state.decisions:
                continue
            if weight(action) is Weight.ONE_KEY and reached(state, action):
                await performing.one_key(state, action)
            else:
                state.decide(action, Reason.MODEL_FAILED)
        await state.say_sentence(settings.fallback_words)
        await endings.give_up(state, "the agent could not answer")


_NONE_TOOL = orjson.dumps(NONE_OF_THESE)


def _quiet(action: CompiledAction) -> bool:
    """Neither speaks, nor ends, nor is consequential: may be added after the words."""
    kind = action.kind
    if kind is None or kind.speaks or kind.ends:
        return False
    return not kind.weighs(action.config, action.names)


def _offer(firing: Firing) -> str:
    """A consequential action as a question."""
    action = firing.action
    doing = action.label
    if action.kind:
        doing = action.kind.offer(action.config, action.names, firing.proposal.args)
    return f"shall I do this now: {doing[:1].lower()}{doing[1:]}?"
