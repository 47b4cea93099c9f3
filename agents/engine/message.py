"""The turn that a message of the contact makes, and the turn with which a conversation begins."""

from __future__ import annotations

import asyncio
from functools import partial

from actions import understood
from actions.base import Channel, HandOff, Mode, Outcome, Target
from actions.effects import SetDnc
from actions.variables import UnknownVariable
from agents.conversations.models import ActionRun, Turn
from agents.conversations.reasons import OUTSIDE, Reason
from agents.engine import eligibility, endings, ledger, performing, questions
from agents.engine.admission import Admission, admit, opt_out, outside_thread
from agents.engine.compiled import CompiledAction
from agents.engine.deciding import Weight
from agents.engine.handler import FixedWords, Handler, TurnKind
from agents.engine.ledger import Run
from agents.engine.plan import Plan
from agents.engine.reconcile import weight
from agents.engine.rounds import Rounds
from agents.engine.scripting import script_handler
from agents.engine.tools import Proposal
from agents.engine.turn import TurnState

LIMIT = "a limit of the agent"
CLOSED = "outside business hours"


class MessageTurn(TurnKind):
    """What the contact said."""

    name = Turn.Kind.MESSAGE

    async def admit(self, turn: TurnState) -> Handler:
        """Opt-out first, in every state; then whoever keeps the agent from answering."""
        conversation, message = turn.conversation, turn.inbound.text
        if said := opt_out(conversation, message):
            return OptOut(said)
        if conversation.facts.channel is Channel.SMS and understood.opt_in_word(
            message, turn.language
        ):
            lifted = partial(turn.engine.adapters.opted_in, conversation)
            await ledger.write(turn.engine, lifted)
        admission = admit(conversation)
        turn.notes += [admission.note] if admission.note else []
        if admission.code:
            return self._refused(turn, admission, admission.code)
        if admission.words:
            await turn.say(admission.words + " ")
        conversation.memory.told_closed = admission.outside
        return script_handler(turn) or Rounds()

    def _refused(self, turn: TurnState, admission: Admission, code: Reason) -> Handler:
        conversation = turn.conversation
        refused = eligibility.all_out(conversation, turn.moment, code, admission.note)
        turn.decisions = refused | turn.decisions
        conversation.memory.told_closed = conversation.memory.told_closed or admission.outside
        if code is Reason.AGENT_PAUSED:
            endings.tell_staff(
                turn, "The agent is paused and the contact is waiting for an answer."
            )
            return FixedWords(endings.sorry(turn))
        return Capped(admission.words) if admission.cap else FixedWords(admission.words)

    async def settle(self, turn: TurnState) -> None:
        """A verdict that comes late is stored, and may still fire DNC and disengage."""
        judgement = turn.judgement
        if judgement.task is None or turn.ended:
            return
        if not judgement.task.done():
            hurry = asyncio.ensure_future(turn.hurry.wait())
            await asyncio.wait(
                {judgement.task, hurry},
                timeout=judgement.left,
                return_when=asyncio.FIRST_COMPLETED,
            )
            hurry.cancel()
        if not judgement.task.done():
            return
        for action in turn.eligible:
            entry, judged = turn.decisions.get(action.uid), judgement.verdicts.get(action.uid)
            if entry is None or judged is None or entry.get("p") is not None:
                continue
            entry["p"], entry["engine"] = round(judged.p, 6), judged.engine
            late = entry["code"] == Reason.CONDITION_NOT_MET and turn.reached(action)
            if late and weight(action) is Weight.ONE_KEY and not turn.interrupted:
                await performing.one_key(turn, action)


class OptOut(Handler):
    """The block is set even if the panel has no such action, in every mode; no model."""

    def __init__(self, said: str) -> None:
        self._said = said

    async def decide(self, turn: TurnState) -> Plan:
        """By rule and in every mode: a watched action blocks as well."""
        conversation = turn.conversation
        out = f"The contact opted out with “{self._said}”."
        code = Reason.BLOCKED_BY_GATE
        turn.decisions = eligibility.all_out(conversation, turn.moment, code, out)
        if action := _dnc(turn):
            entry = turn.decide(action, Reason.FIRED_BY_RULE, "opt-out")
            entry["code"], entry["evidence"] = Reason.FIRED_BY_RULE.value, self._said
        turn.notes.append(f"Opt-out: “{self._said}”.")
        return Plan()

    async def act(self, turn: TurnState, plan: Plan) -> list[Run]:
        """Block at once: nothing leaves any more."""
        sms = turn.conversation.facts.channel is Channel.SMS
        word = understood.opt_out_word(turn.inbound.text, turn.language)
        source = "keyword" if sms and word else "words"
        blocked = partial(turn.engine.adapters.blocked, turn.conversation, self._said, source)
        await turn.ensure_written()
        await ledger.write(turn.engine, blocked)
        turn.keep_script({})
        action = _dnc(turn)
        run = await self._recorded(turn, action) if action else None
        return [run] if run else []

    async def _recorded(self, turn: TurnState, action: CompiledAction) -> Run | None:
        """The run of the panel's action, which has blocked in every mode; once where it is once."""
        if action.arguments is None or not action.frozen.enabled:
            return None
        args = action.arguments.model_validate({"words": self._said})
        proposal = Proposal(action.uid, "", action.tool_name, "", args)
        run = ledger.new_run(turn.conversation, turn.row, action, proposal)
        # What it did is written already: the block holds where the run finds its occasion used up.
        run.row.mode = Mode.LIVE.value
        run.row.effects = [{"kind": SetDnc.__name__, "line": SetDnc(self._said).line}]
        run.outcome = Outcome("Set as DNC", facts={"words": self._said})
        if not await turn.enter(run, ActionRun.Status.RUNNING):
            return None
        await ledger.end(turn.engine, turn.conversation, run)
        return run

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> None:
        """Say so, where the vendor does not."""
        if turn.conversation.facts.channel is not Channel.SMS:
            await turn.say_sentence(turn.conversation.version.settings.opt_out_words)


def _dnc(turn: TurnState) -> CompiledAction | None:
    """The panel's own action for it."""
    actions = turn.conversation.version.actions
    return next((one for one in actions if one.frozen.type == "set_dnc"), None)


class Capped(Handler):
    """A limit is reached: a colleague takes over; else a call ends, a thread gets no answer."""

    def __init__(self, words: str) -> None:
        self._words = words

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> None:
        """The words, once."""
        conversation = turn.conversation
        call = conversation.facts.channel is Channel.VOICE
        if call or conversation.memory.exchanges == conversation.version.settings.max_turns:
            await turn.say_sentence(self._words)
            turn.hand_over = endings.fallback(turn, LIMIT, back=False)
            if turn.hand_over is None and call:
                endings.end(turn, LIMIT)


class Greeting(TurnKind):
    """Disclosure and greeting; outside business hours what was chosen."""

    name = Turn.Kind.GREETING

    async def admit(self, turn: TurnState) -> Handler:
        """No action belongs to it."""
        performing.nobody(turn)
        return FirstWords()


class FirstWords(Handler):
    """The first words; a call that is not answered now leaves with them."""

    async def speak(self, turn: TurnState, plan: Plan, runs: list[Run]) -> None:
        """Say them."""
        conversation, settings = turn.conversation, turn.conversation.version.settings
        calls, threads = self._outside_call(turn), outside_thread(conversation)
        if calls != "answer" or threads != "answer":
            turn.notes.append(OUTSIDE)
            conversation.memory.told_closed = True
        closed = calls != "answer" or threads == "quiet"
        disclosure = settings.opening("")
        words = (
            f"{disclosure} {settings.outside_words}"
            if closed
            else settings.opening(await self._greeting(turn))
        )
        await turn.say_sentence(words.strip())
        if threads == "go_on":
            await turn.say_sentence(settings.outside_words)
        if calls != "answer":
            self._leave(turn, calls)

    @staticmethod
    async def _greeting(turn: TurnState) -> str:
        """What is said to who calls or writes; who is called hears other words."""
        facts, settings = turn.conversation.facts, turn.conversation.version.settings
        calls_out = facts.channel is Channel.VOICE and facts.direction == "outbound"
        if not (calls_out and settings.greeting_out):
            return str(settings.greeting)
        try:
            return await questions.filled(turn, settings.greeting_out)
        except UnknownVariable:
            return str(settings.greeting)  # what it names was deleted

    @staticmethod
    def _outside_call(turn: TurnState) -> str:
        """What becomes of a call that comes in now; the agent's own calls have the gate's hours."""
        facts = turn.conversation.facts
        comes_in = facts.channel is Channel.VOICE and facts.direction == "inbound"
        wish: str = turn.conversation.version.settings.outside_call
        return wish if comes_in and not facts.open_now else "answer"

    @staticmethod
    def _leave(turn: TurnState, how: str) -> None:
        settings = turn.conversation.version.settings
        ref = settings.leaves_to or ""
        if not ref:
            endings.end(turn, CLOSED)
            return
        target = Target(ref, turn.conversation.content.labels().label(ref))
        turn.hand_over = HandOff(
            (target,),
            fallback="end",
            fallback_words=settings.cannot_words,
            reason=CLOSED,
            message=how == "message",
        )
