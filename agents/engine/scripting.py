"""Turns that a script takes before the model: a sequence's step, a value, a yes or no.

In every kind of script other words are heard too: what saves, labels or blocks still runs, a
question is answered, and then the script asks again.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

from actions import understood
from actions.base import Heard
from actions.effects import AssignInbox, Effect, SetProperty, apply_to_facts
from actions.facts import RunFact
from actions.languages import ENGLISH
from actions.practice import expected_response, understand
from agents.conversations.models import Conversation
from agents.conversations.reasons import Reason
from agents.conversations.services import name_outcome
from agents.core.waits import wait
from agents.engine import eligibility, performing, prompt, questions, scripts
from agents.engine.compiled import CompiledAction
from agents.engine.handler import Handler
from agents.engine.judging import Reading, ask_safely
from agents.engine.ledger import Run
from agents.engine.plan import Firing, Leaving, Message, Plan
from agents.engine.reconcile import quiet
from agents.engine.rounds import Rounds
from agents.engine.scripts import Move
from agents.engine.telling import heard
from agents.engine.tools import Proposal
from agents.engine.turn import TurnState

TRIES = 2  # times that a yes or no is asked for


def script_handler(turn: TurnState) -> Handler | None:
    """Who takes the turn while a script runs; None: none runs, or its action is gone."""
    script = turn.conversation.memory.script
    action = turn.conversation.version.by_uid.get(script.get("uid", ""))
    if action is None or action.config is None:
        turn.keep_script({})
        return None
    return HANDLERS[script["kind"]](action, script)


def aside(turn: TurnState, then: Handler | None, but: CompiledAction | None = None) -> Handler:
    """Hear what else was said: what is quiet may run, a question is answered."""
    open_, _ = eligibility.sort_out(turn.conversation, turn.moment)
    able = [action for action in open_ if quiet(action) and action is not but]
    for action in able:
        turn.decisions.pop(action.uid, None)
    asks = "?" in turn.inbound.text
    return Rounds(able, then, spoken=asks) if able or asks else then or Handler()


class _Script(Handler):
    """A script of one action."""

    def __init__(self, action: CompiledAction, script: dict[str, Any]) -> None:
        self.action, self.script = action, script

    def taken(self, turn: TurnState, step: str = "") -> None:
        """The turn is the script's: every other action waits."""
        note = f"{self.action.label}, {step}" if step else self.action.label
        turn.decisions |= {
            uid: entry
            for uid, entry in eligibility.all_out(
                turn.conversation, turn.moment, Reason.SCRIPT_TURN, note
            ).items()
            if uid not in turn.decisions
        }

    def by_rule(self, turn: TurnState, note: str) -> None:
        """The script's own action fires on the answer."""
        entry = turn.decide(self.action, Reason.FIRED_BY_RULE, note)
        entry["evidence"] = turn.inbound.text[:160]

    async def run_again(self, turn: TurnState, values: dict[str, Any], *, asked: int) -> Run | None:
        """Execute the run that asked, with the contact's answer."""
        run = await performing.asked_run(turn, self.action, self.script["run"])
        turn.keep_script({})
        if run is None or self.action.arguments is None:
            return None
        args = self.action.arguments.model_validate({**run.row.arguments, **values})
        run.asked, run.confirmed = asked, self.script["kind"] == "confirm"
        firing = Firing(self.action, _proposal(self.action, run, args))
        if firing.leaves:
            turn.leaving = Leaving(firing, Message(turn.speech()), run)
            return run
        executed = await performing.answered(turn, run, firing)
        if executed is None:
            turn.decide(self.action, Reason.ALREADY_DONE)
        return executed

    async def follow(self, turn: TurnState, run: Run | None) -> Handler | None:
        """What waited for the outcome runs; the model goes on from it, practice mode says it."""
        if run is None or turn.leaving:
            return None
        await performing.chained(turn)
        told = run.to_model
        turn.conversation.memory.notes_to_model = [f"Just done: {told or run.action.label}"]
        if turn.conversation.practice:
            await turn.say_sentence(heard(turn, run) or turn.language.say("thanks"))
            return None
        open_, _ = eligibility.sort_out(turn.conversation, turn.moment)
        able = [a for a in open_ if quiet(a) and a is not self.action]
        for action in able:
            if turn.decisions.get(action.uid, {}).get("code") == Reason.SCRIPT_TURN:
                del turn.decisions[action.uid]
        return Rounds(able)


def _proposal(action: CompiledAction, run: Run, args: Any) -> Proposal:
    return Proposal(action.uid, run.row.call_id, action.tool_name, "", args)


# --- yes or no ----------------------------------------------------------------------------------


class Confirmation(_Script):
    """Yes does it; no goes on without it; doubt is asked once more and is then a no."""

    async def decide(self, turn: TurnState) -> Plan:
        """What the contact said, by rule."""
        self._said = understood.yes_no(turn.inbound.text, turn.language)
        if self._said:
            self.taken(turn)
            self.by_rule(turn, "the contact said yes")
        return Plan()

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """Execute the run that asked."""
        if not self._said:
            return []
        self._run = await self.run_again(turn, {}, asked=self.script["asked"])
        return [self._run] if self._run else []

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> Handler | None:
        """Go on from it, ask again, or let the model go on without it."""
        if self._said:
            return await self.follow(turn, self._run)
        if self._said is None and self.script["asked"] < TRIES:
            self.taken(turn)
            again = {**self.script, "asked": self.script["asked"] + 1}
            return aside(turn, AskAgain(self.script, again))
        refused = self._said is False
        await questions.withdraw(turn, questions.REFUSED if refused else questions.UNANSWERED)
        note = f"The contact did not confirm: {self.script['question']}"
        turn.conversation.memory.notes_to_model = [note]
        return Rounds()


class AskAgain(Handler):
    """The open question once more, unless another one has taken its place."""

    def __init__(self, script: dict[str, Any], again: dict[str, Any]) -> None:
        self._script, self._again = script, again

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> None:
        """Say it."""
        if turn.conversation.memory.script == self._script and not turn.conversation.over:
            turn.keep_script(self._again)
            await turn.say_sentence(self._again["question"])


# --- a value that an action asked for -----------------------------------------------------------


class Collection(_Script):
    """The answer goes into the argument and the run is executed again; it says what follows.

    What is no answer goes to the model, unless the action insists on one.
    """

    _values: dict[str, Any] | None = None

    async def decide(self, turn: TurnState) -> Plan:
        """The value in the answer, by rule."""
        message, now = turn.inbound.text, turn.conversation.facts.now
        if value := scripts.collected(self.script, message, now, turn.language):
            self._values = {self.script["argument"]: value}
        elif other := self._reread(turn):
            self._values = {self.script["argument"]: None, **other}
        if self._values:
            self.taken(turn)
            self.by_rule(turn, "the contact answered")
        return Plan()

    def _reread(self, turn: TurnState) -> dict[str, Any] | None:
        """Without a model nobody else makes something of an answer that chose nothing."""
        if self.action.kind is None or not turn.conversation.practice:
            return None
        said = Heard(turn.inbound.text, {}, language=turn.language)
        return self.action.kind.reread(self.action.config, said)

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> Handler | None:
        """Answer with the value, or hear what else was said."""
        again = ExecuteAgain(self.action, self.script, self._values)
        if self._values:
            return again
        if self.script["strict"]:
            self.taken(turn)
            return aside(turn, again)
        if self.script["again"]:
            await questions.withdraw(turn, questions.UNANSWERED)
            return Rounds()
        return Rounds(then=AskAgain(self.script, {**self.script, "again": True}))


class ExecuteAgain(_Script):
    """Execute the run that asked again: it goes on, asks once more, or gives up by itself."""

    def __init__(
        self, action: CompiledAction, script: dict[str, Any], values: dict[str, Any] | None
    ) -> None:
        super().__init__(action, script)
        self._values = values or {script["argument"]: None}
        self._answered = values is not None
        self._run: Run | None = None

    async def decide(self, turn: TurnState) -> Plan:
        """It is the script's own action."""
        if not self._answered:
            self.by_rule(turn, "the answer was no answer")
        return Plan()

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """Execute it."""
        self._run = await self.run_again(turn, self._values, asked=self.script["asked"])
        return [self._run] if self._run else []

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> Handler | None:
        """Its next question, or what follows from it."""
        run = self._run
        if run and not turn.leaving and run.flow and questions.is_question(run.flow):
            turn.keep_script(questions.asking(run, self.script["asked"] + 1))
            await turn.say_sentence(turn.conversation.memory.script["question"])
            return None
        return await self.follow(turn, run)


# --- a sequence ---------------------------------------------------------------------------------


class StepAnswer(_Script):
    """The expected answer moves on; another one is answered, and the step is asked again."""

    async def decide(self, turn: TurnState) -> Plan:
        """Whether the answer is the expected one."""
        number = f"step {self.script['step'] + 1} of {len(self.script['steps'])}"
        self.taken(turn, number)
        local = turn.conversation.facts.local
        self._move: Move | None = None
        if await self._expected(turn):
            try:
                self._move = scripts.met(self.script, turn.inbound.text, local, turn.language)
            except ValueError as error:
                turn.notes.append(str(error))
        return Plan()

    async def _expected(self, turn: TurnState) -> bool:
        """By rule where it is a format, else by one predicate."""
        expectation = scripts.current(self.script)["expected"]
        if not expectation:
            return True
        message, judge = turn.inbound.text, turn.engine.models.judge
        if turn.language is not ENGLISH:
            answered = understood.given(expectation, message, turn.language)
            if answered is not None:
                return answered
        known = expected_response(expectation)
        if known.whole or judge is None or turn.conversation.practice:
            return known.match(message) is not None
        compose = partial(prompt.judged, turn.conversation, message)
        predicate = _only(self.action, f"The contact's answer is: {expectation}")
        try:
            async with asyncio.timeout(wait("judge")):
                asked = await ask_safely(judge, [predicate], Reading(compose, message))
        except TimeoutError:
            turn.notes.append("The judge did not answer in time.")
            return False
        turn.count(judge_requests=asked.requests, judge_tokens=asked.tokens)
        judged = asked.verdicts.get(self.action.uid)
        return judged is not None and judged.p >= turn.threshold(self.action)

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> Handler | None:
        """Move on, or hear what else was said and ask again."""
        if self._move:
            return Moved(self.action, self.script, self._move)
        move = scripts.not_met(self.script, turn.conversation.facts.now)
        return aside(turn, Moved(self.action, self.script, move), self.action)


class Moved(_Script):
    """A sequence goes on: keep what was captured, say what follows, or end."""

    def __init__(self, action: CompiledAction, script: dict[str, Any], move: Move) -> None:
        super().__init__(action, script)
        self._move = move

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> None:
        """Say the next step, or what was chosen for the end."""
        move = self._move
        if move.capture:
            self._capture(turn, *move.capture)
        turn.keep_script({**move.script})
        await questions.say_templates(turn, self.action, move.say)
        if move.ended:
            await self._ended(turn, move.ended)
        if move.refer:
            self._refer(turn, move.refer)

    def _effect(self, turn: TurnState, effect: Effect) -> None:
        """An effect of the sequence's run, written with the turn's end."""
        conversation = turn.conversation
        run_id = UUID(self.script["run"])
        turn.apply.append(partial(turn.engine.adapters.apply, conversation, run_id, [effect]))
        apply_to_facts(conversation.facts, [effect])
        conversation.memory.did(effect.line)

    def _capture(self, turn: TurnState, ref: str, value: str) -> None:
        key = ref.partition(":")[2]
        old = turn.conversation.facts.contact.values.get(key, "")
        effect = SetProperty(key, self.action.names.label(ref), value, old=old)
        self._effect(turn, effect)
        turn.notes.append(f"Saved {effect.line}.")

    async def _ended(self, turn: TurnState, how: str) -> None:
        """The sequence's run learns how it ended; what waits for that fires."""
        conversation, outcome = turn.conversation, how.replace(" ", "_")
        run_id = UUID(self.script["run"])
        turn.apply.append(
            partial(name_outcome, fence=conversation.fence, run_id=run_id, outcome=outcome)
        )
        fact = RunFact(self.action.uid, outcome, "done", conversation.facts.turn)
        conversation.memory.ended.append(fact)
        turn.notes.append(f"{self.action.label}: {how}.")
        await performing.chained(turn)

    def _refer(self, turn: TurnState, ref: str) -> None:
        """Nobody understood the answers: staff of an inbox take over."""
        label = self.action.names.label(ref)
        self._effect(
            turn, AssignInbox(ref, label, f"{self.action.label}: no expected answer came.")
        )
        turn.conversation.state = Conversation.State.STAFF
        turn.changes.update(state=Conversation.State.STAFF, outcome=f"assigned to {label}")


def _only(action: CompiledAction, condition: str) -> CompiledAction:
    return CompiledAction(
        uid=action.uid,
        index=action.index,
        frozen=action.frozen,
        names=action.names,
        threshold=action.threshold,
        kind=action.kind,
        predicates={"": condition},
        understood={"": understand(condition)},
    )


HANDLERS: dict[str, type[_Script]] = {
    "confirm": Confirmation,
    "collect": Collection,
    "steps": StepAnswer,
}
