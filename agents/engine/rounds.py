"""A turn with the chat model: ask, listen, turn both keys, run, speak; until it is complete."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson

from actions.base import Channel, Collect, Script
from actions.flow import Ask
from agents.conversations.reasons import Reason
from agents.core.waits import wait
from agents.engine import eligibility, endings, limits, performing, prompt, questions
from agents.engine.compiled import CompiledAction
from agents.engine.deciding import Weight
from agents.engine.handler import Handler
from agents.engine.judging import Reading
from agents.engine.ledger import Run
from agents.engine.listening import Question, listen
from agents.engine.plan import Firing, Leaving, Message, Plan, in_list_order
from agents.engine.reconcile import (
    DONE_ALREADY,
    ask_as_opened,
    by_judge_alone,
    judge_again,
    quiet,
    read_proposals,
    reconcile,
    start_judge,
    weight,
)
from agents.engine.telling import heard, told
from agents.engine.tools import NONE_OF_THESE
from agents.engine.turn import TurnState
from integrations.llm.types import ModelError

CAREFUL = 0.25  # seconds the first word waits for the verdict where careful speech is on
HINT = (
    "[It seems that one of these tools applies to what the contact just said. "
    "Call it now, or call none_of_these.]"
)
ANSWER = "[Please answer the contact.]"
_NONE_TOOL = orjson.dumps(NONE_OF_THESE)


class Rounds(Handler):
    """The model takes the turn, in at most as many rounds as a turn may have.

    `only`: the actions that may run, where a script has the turn; `then`: who goes on afterwards.
    `spoken`: whether the words count, or only what is done.
    """

    def __init__(
        self,
        only: Sequence[CompiledAction] | None = None,
        then: Handler | None = None,
        *,
        spoken: bool = True,
    ) -> None:
        self._only, self._then, self._spoken = only, then, spoken
        self._messages: list[dict[str, Any]] = []
        self._number = 0
        self._order = 0
        self._failed = ""
        self._judged = False

    # --- decide ------------------------------------------------------------------------------

    async def decide(self, turn: TurnState) -> Plan:
        """One message of the model, and what it comes to."""
        if not self._messages:
            self._begin(turn)
        self._number += 1
        if plan := turn.planned(self._order):
            return plan
        try:
            plan = await self._decide(turn)
        except ModelError as error:
            return self._model_failed(turn, error)
        turn.keep_plan(plan, self._order)
        return plan

    def _begin(self, turn: TurnState) -> None:
        conversation, message = turn.conversation, turn.inbound.text
        self._order = turn.handlers = turn.handlers + 1
        if self._only is None:
            kept = turn.decisions
            turn.eligible, turn.decisions = eligibility.sort_out(conversation, turn.moment)
            turn.decisions.update(kept)
        else:
            turn.eligible = list(self._only)
        compose = partial(prompt.judged, conversation, message)
        said = tuple(conversation.facts.said)
        turn.reading = Reading(compose, message, said, language=turn.language)
        self._messages = prompt.turn_messages(conversation, message)
        conversation.memory.notes_to_model = []  # said once, in the prompt that follows

    async def _decide(self, turn: TurnState) -> Plan:
        offered = self._offered(turn)
        told = [run for run in turn.runs if run.to_model] if self._number > 1 else []
        results, sayings = [run.to_model for run in told], [heard(turn, run) for run in told]
        question = Question(self._messages, offered, results, sayings, silent=not self._spoken)
        message = await self._listen(turn, question)
        if results:
            judge_again(turn, message, results)
        plan = await reconcile(turn, message, offered)
        return await self._recheck(turn, plan, message) if plan.recheck else plan

    def _offered(self, turn: TurnState) -> list[CompiledAction]:
        """In the last round the model can only answer."""
        if self._number >= limits.ROUNDS:
            return []
        return [action for action in turn.eligible if self._may_run(turn, action)]

    def _may_run(self, turn: TurnState, action: CompiledAction) -> bool:
        """Undecided, wrong values, or a result may have made its condition true; or many times."""
        entry = turn.decisions.get(action.uid)
        if entry is None or (action.kind and action.kind.many and turn.has_run(action)):
            return True
        wrong = entry["code"] == Reason.INVALID_ARGUMENTS
        few = turn.refusals <= limits.BAD_ARGUMENTS_A_TURN
        return (wrong and few) or entry["code"] == Reason.CONDITION_NOT_MET

    async def _listen(self, turn: TurnState, question: Question) -> Message:
        """Ask and listen; the judge is asked once the request to the model has left."""
        settings = turn.conversation.version.settings
        speaks = turn.conversation.facts.channel is Channel.VOICE and not turn.conversation.practice
        filler = asyncio.ensure_future(_filler(turn)) if speaks and self._spoken else None
        asking = asyncio.get_running_loop().call_soon(self._ask_judge, turn)
        try:
            if self._number == 1 and settings.careful_speech:
                self._ask_judge(turn)
                if turn.judgement.task:
                    await asyncio.wait({turn.judgement.task}, timeout=CAREFUL)
            message = await listen(turn, question, partial(ask_as_opened, turn))
            self._ask_judge(turn)
            return message
        finally:
            asking.cancel()
            if filler:
                filler.cancel()

    def _ask_judge(self, turn: TurnState) -> None:
        """Once a turn, about everything that has a condition."""
        if self._judged or self._number > 1 or turn.reading is None:
            return
        self._judged = True
        start_judge(turn, [a for a in turn.eligible if a.predicates], turn.reading)

    async def _recheck(self, turn: TurnState, plan: Plan, message: Message) -> Plan:
        """Ask the model again, once a turn, with the missed tools and a way to refuse."""
        missed, plan.recheck = plan.recheck, []
        if message.speech.has_spoken and not message.speech.held:
            _remember(turn, [a for a in missed if not quiet(a)])
            missed = [a for a in missed if quiet(a)]
        if turn.rechecked or not missed:
            _remember(turn, missed)
            return plan
        turn.rechecked = True
        said = [{"role": "assistant", "content": message.text}] if message.text.strip() else []
        question = Question(
            [*self._messages, *said, {"role": "user", "content": HINT}],
            missed,
            extra_tools=_NONE_TOOL,
            silent=True,
            names={"none_of_these"},
        )
        try:
            again = await listen(turn, question)
        except ModelError as error:
            # The contact has an answer already; only the second look at it is missing.
            turn.notes.append(error.sentence)
            return plan
        second = read_proposals(turn, again, missed)
        for firing in second.fire:
            turn.decide(firing.action, Reason.FIRED_AFTER_RECHECK, "keys disagreed at first")
        plan.fire = in_list_order([*plan.fire, *second.fire])
        return plan

    def _model_failed(self, turn: TurnState, error: ModelError) -> Plan:
        """The judge alone may still block."""
        self._failed = error.sentence
        turn.notes.append(error.sentence)
        plan = Plan()
        for action in turn.eligible:
            if action.uid in turn.decisions:
                continue
            one_key = weight(action) is Weight.ONE_KEY and turn.reached(action)
            firing = by_judge_alone(turn, action) if one_key else None
            code = Reason.FIRED_UNCONFIRMED if firing else Reason.MODEL_FAILED
            turn.decide(action, code, "the judge alone" if firing else error.sentence)
            plan.fire += [firing] if firing else []
        return plan

    # --- act ---------------------------------------------------------------------------------

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """Run what fired and what waits for it; what needs a yes is entered as asked."""
        runs = await super().act(turn, plan)
        runs += await performing.chained(turn)
        if plan.ask is None:
            return runs
        if any(isinstance(run.flow, Ask) for run in runs):
            turn.decide(plan.ask.action, Reason.NOT_CONFIRMED, "another question came first")
            return runs
        run = await performing.ask_first(turn, plan.ask, _offer(turn, plan.ask))
        return [*runs, run] if run else runs

    # --- speak -------------------------------------------------------------------------------

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> Handler | None:
        """Say what follows from it; another round where the model has something to add."""
        message = plan.message
        if self._failed or message is None:
            if self._spoken:
                await _give_up(turn)
            return None if turn.hand_over else self._then
        if plan.endings:
            performing.only_first(turn, plan.endings)
            turn.leaving = Leaving(plan.endings[0], message)
            return None
        if await self._asked(turn, message, runs):
            return None
        if started := next((run for run in runs if isinstance(run.flow, Script)), None):
            message.speech.drop()
            await questions.start(turn, started)
            return None
        if self._due(plan, message, runs):
            message.speech.drop()
            self._follow_up(turn, plan, message, runs)
            return self
        await self._say(turn, message, runs)
        return self._then

    async def _asked(self, turn: TurnState, message: Message, runs: list[Run]) -> bool:
        """A run asked the contact: what comes next is the answer. Whether its question was put."""
        asked = [run for run in runs if isinstance(run.flow, Ask | Collect)]
        for run in asked[1:] if self._may_ask(turn, asked) else asked:
            await performing.forget(turn, run)
            turn.notes.append(f"{run.action.label} could not ask: another question is open.")
        if not self._may_ask(turn, asked):
            return False
        await questions.replace(turn, questions.asking(asked[0], 1))
        flow = asked[0].flow
        if isinstance(flow, Ask):
            await _release(turn, message)
        elif isinstance(flow, Collect) and (
            flow.strict or turn.conversation.practice or not asked[0].to_model
        ):
            message.speech.drop()
        else:
            return False  # the model puts the question itself
        await turn.say_sentence(flow.question)
        return True

    def _may_ask(self, turn: TurnState, asked: list[Run]) -> bool:
        """While a script has the turn only its own action may ask."""
        if not asked:
            return False
        return self._only is None or questions.may_replace(turn, asked[0].action)

    def _due(self, plan: Plan, message: Message, runs: list[Run]) -> bool:
        """Whether the model has to be asked once more."""
        if self._number >= limits.ROUNDS or not self._spoken:
            return False
        silent = not message.text.strip()
        told = any(run.to_model for run in runs) or bool(plan.refused)
        return told or (silent and not (runs and message.speech.has_spoken))

    def _follow_up(self, turn: TurnState, plan: Plan, message: Message, runs: list[Run]) -> None:
        """Every call of the message gets its result."""
        results = {run.proposal.call_id: run.to_model or "Done." for run in runs}
        results |= {p.call_id: why for p, why in plan.refused}
        calls = [
            {
                "id": call.id or f"c{number}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments or "{}"},
            }
            for number, call in enumerate(message.calls)
        ]
        said = message.speech.spoken
        if not calls:
            if said:
                self._messages.append({"role": "assistant", "content": said})
            told = " ".join(run.to_model for run in runs if run.to_model)
            told = f"[{told}] {ANSWER}" if told else ANSWER
            self._messages.append({"role": "user", "content": told})
            return
        self._messages.append({"role": "assistant", "content": said or None, "tool_calls": calls})
        for call, made in zip(message.calls, calls, strict=True):
            text = results.get(call.id, DONE_ALREADY)
            self._messages.append({"role": "tool", "tool_call_id": made["id"], "content": text})

    async def _say(self, turn: TurnState, message: Message, runs: list[Run]) -> None:
        """Speak what was held, or the *cannot do* words in place of an empty promise."""
        if not self._spoken:
            message.speech.drop()
            return
        if message.speech.held:
            turn.held = True
        if _kept(turn, message):
            await message.speech.release()
        else:
            message.speech.drop()
            turn.notes.append("The agent promised what no action did, so it was not said.")
            await turn.say_sentence(turn.conversation.version.settings.cannot_words)
        if not turn.spoken.strip():
            await turn.say_sentence(_what_was_done(turn))


def _what_was_done(turn: TurnState) -> str:
    """The model found no words: the contact hears what was done."""
    done = [run for run in turn.runs if run.done and run.outcome]
    turn.notes.append("The model gave no answer within the rounds of a turn.")
    return told(turn, done) if done else endings.sorry(turn)


async def _filler(turn: TurnState) -> None:
    """Never silence: nothing said for three seconds → filler words."""
    await asyncio.sleep(wait("first_token"))
    if not turn.reply:
        await turn.say(turn.conversation.version.settings.filler_words + " ")


async def _release(turn: TurnState, message: Message) -> None:
    if message.speech.held:
        turn.held = True
    await message.speech.release()


def _kept(turn: TurnState, message: Message) -> bool:
    """Whether the promise in what is held has its action."""
    text = message.speech.held
    promises = turn.conversation.version.promises
    promised = [slug for slug, phrases in promises.items() if phrases.found(text)]
    ran = {run.row.type for run in turn.runs if run.done and not run.watched}
    return not promised or any(slug in ran for slug in promised)


def _remember(turn: TurnState, missed: Sequence[CompiledAction]) -> None:
    """What was missed is named in the next prompt."""
    turn.conversation.memory.notes_to_model += [
        f"Consider: {action.label} seemed due in the last turn." for action in missed
    ]


async def _give_up(turn: TurnState) -> None:
    """What was done or else the fallback words, then the fallback destination."""
    turn.hand_over = endings.fallback(turn, "the agent could not answer")
    done = any(run.done for run in turn.runs)
    await turn.say_sentence(_what_was_done(turn) if done else endings.sorry(turn))
    if turn.hand_over is None:
        endings.tell_staff(turn, "The agent could not answer.")


def _offer(turn: TurnState, firing: Firing) -> str:
    """A consequential action as a question."""
    action, args, language = firing.action, firing.proposal.args, turn.language
    doing = action.kind.offer(action.config, action.names, args, language) if action.kind else ""
    what = f"{doing[:1].lower()}{doing[1:]}"
    return language.say("confirm", what=what) if what else language.say("confirm_it")
