"""The turn's side of scripts: a confirmation or a sequence takes the turn before the model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from actions import understood
from actions.base import ActionError, Collect, Script
from actions.effects import SetProperty
from actions.facts import RunFact
from actions.ports import Occasion
from agents.conversations.models import Conversation
from agents.conversations.reasons import Reason
from agents.conversations.services import name_outcome
from agents.engine import eligibility, endings, ledger, performing, prompt, scripts
from agents.engine.compiled import CompiledAction
from agents.engine.judging import Reading
from agents.engine.ledger import Run
from agents.engine.listening import Message, Question, listen
from agents.engine.reconcile import Firing
from agents.engine.scripts import Move
from agents.engine.state import TurnState
from agents.engine.tools import Proposal
from integrations.llm.types import ModelError


async def take(state: TurnState) -> bool:
    """Let the running script take the turn; False: it is the model's after all."""
    script = state.conversation.script
    action = state.conversation.version.by_uid.get(script.get("uid", ""))
    if action is None or action.config is None:
        state.keep_script({})
        return False
    return await TAKE[script["kind"]](state, action, script)


# --- yes or no ------------------------------------------------------------------------------


async def _confirmation(state: TurnState, action: CompiledAction, script: dict[str, Any]) -> bool:
    """One try: yes does it, no or anything else goes on without it."""
    move = scripts.answer_confirmation(script, state.inbound.text)
    state.keep_script({})
    if move is None or not move.confirmed:
        state.conversation.notes_to_model = [f"The contact did not confirm: {script['question']}"]
        return False
    state.decisions = eligibility.all_out(state.conversation, state.moment, Reason.SCRIPT_TURN)
    entry = state.decide(action, Reason.FIRED_BY_RULE, "the contact said yes")
    entry["evidence"] = state.inbound.text[:160]
    firing = _confirmed(action, script)
    if action.kind and action.kind.ends:
        await endings.leave(state, firing, Message(state.speech()))
        return True
    run = ledger.new_run(state.conversation, state.row.id, action, firing.proposal)
    run.confirmed = True
    run.row.occasion = f"{run.row.occasion}.confirmed"
    if not await state.act(run):
        state.decide(action, Reason.ALREADY_DONE)
    await _answer_after(state, run)
    return True


def _confirmed(action: CompiledAction, script: dict[str, Any], **more: Any) -> Firing:
    values = {**script["arguments"], **more}
    args = action.arguments.model_validate(values) if action.arguments else None
    proposal = Proposal(action.uid, "", action.tool_name, "", args)
    return Firing(action, proposal, asked=script.get("asked", 0))


async def _answer_after(state: TurnState, run: Run) -> None:
    """What waited for the outcome is done; the model goes on from it, practice mode says it."""
    await performing.chained(state)
    state.conversation.notes_to_model = [f"Just done: {run.to_model or run.action.label}"]
    if state.conversation.practice:
        await state.say_sentence(run.to_model or "Thank you.")
        return
    await free_answer(state)


async def free_answer(state: TurnState) -> None:
    """One chat request without tools."""
    messages = prompt.turn_messages(state.conversation, state.inbound.text)
    state.conversation.notes_to_model = []
    state.reading = Reading(
        prompt.judged(state.conversation, state.inbound.text), state.inbound.text
    )
    try:
        message = await listen(state, Question(messages, []))
    except ModelError as error:
        state.notes.append(error.sentence)
        await state.say_sentence(state.conversation.version.settings.fallback_words)
        return
    await message.speech.release()


# --- a value that an action asked for ------------------------------------------------------


async def _collection(state: TurnState, action: CompiledAction, script: dict[str, Any]) -> bool:
    """The answer goes into the argument and the action is executed again; it says what follows.

    What is no answer goes to the model, unless the action insists on one.
    """
    message = state.inbound.text
    value = scripts.collected(script, message, state.conversation.now())
    state.keep_script({})
    other = _reread(state, action) if not value else None
    if not (value or other or script["strict"]):
        return False
    state.decisions = eligibility.all_out(state.conversation, state.moment, Reason.SCRIPT_TURN)
    note = "the contact answered" if value or other else "the answer was no answer"
    state.decide(action, Reason.FIRED_BY_RULE, note)["evidence"] = message[:160]
    if not value and not state.conversation.practice and "?" in message:
        await free_answer(state)
    firing = _confirmed(action, script, **{script["argument"]: value or None, **(other or {})})
    if action.kind and action.kind.ends:
        await endings.leave(state, firing, Message(state.speech()))
        return True
    run = ledger.new_run(state.conversation, state.row.id, action, firing.proposal)
    run.asked = firing.asked
    run.row.occasion = f"{run.row.occasion}.{firing.asked}"
    if not await state.act(run):
        state.decide(action, Reason.ALREADY_DONE)
    elif run.outcome and isinstance(run.outcome.flow, Collect):
        state.keep_script(scripts.collecting(run.action.uid, run.row.arguments, run.outcome.flow,
                                             firing.asked + 1))  # fmt: skip
        await state.say_sentence(run.outcome.flow.question)
        return True
    await _answer_after(state, run)
    return True


def _reread(state: TurnState, action: CompiledAction) -> dict[str, Any] | None:
    """Without a model nobody else makes something of an answer that chose nothing."""
    if action.kind is None or not state.conversation.practice:
        return None
    return action.kind.reread(action.config, state.inbound.text)


# --- a sequence -----------------------------------------------------------------------------


async def start(state: TurnState, run: Run, script: Script) -> None:
    """Say the first step and wait for its answer."""
    now = state.conversation.now()
    begun = scripts.steps(uid=run.action.uid, script=script, now=now)
    begun["run"] = str(run.row.id)
    state.keep_script(begun)
    fill = filler(state, run.action)
    for text in script.steps[0].messages:
        await say_line(state, fill(text))


async def say_line(state: TurnState, text: str) -> None:
    """One message of several: each on its own line."""
    gap = "\n" if state.spoken else ""
    if text:
        await state.say(gap + text)


def filler(state: TurnState, action: CompiledAction) -> Any:
    """Fill templates with what is known of the contact; a missing value leaves its place empty."""
    context, _ = state.engine.adapters.context(state.conversation, action.names, Occasion())

    def fill(template: str) -> str:
        try:
            return context.fill(template)
        except ActionError as error:
            state.notes.append(error.sentence)
            return template

    return fill


async def _step(state: TurnState, action: CompiledAction, script: dict[str, Any]) -> bool:
    conversation = state.conversation
    number = f"step {script['step'] + 1} of {len(script['steps'])}"
    state.decisions = eligibility.all_out(conversation, state.moment, Reason.SCRIPT_TURN, number)
    if await _expected(state, script):
        try:
            move = scripts.met(script, state.inbound.text, conversation.facts.local)
        except ValueError as error:
            state.notes.append(str(error))
            move = scripts.not_met(script, conversation.now())
    else:
        if not conversation.practice and "?" in state.inbound.text:
            await free_answer(state)
        move = scripts.not_met(script, conversation.now())
    await apply_move(state, action, script, move)
    return True


async def _expected(state: TurnState, script: dict[str, Any]) -> bool:
    """Whether the answer is the expected one: by rule where it is a format, else one predicate."""
    expectation = scripts.current(script)["expected"]
    if not expectation:
        return True
    message = state.inbound.text
    known = understood.expected_response(expectation)
    judge = state.engine.models.judge
    if not known.needs_model or judge is None or state.conversation.practice:
        return known.match(message) is not None
    asking = state.conversation.version.by_uid[script["uid"]]
    p = await probability(state, asking, f"The contact's answer is: {expectation}")
    return p >= asking.threshold


async def probability(state: TurnState, action: CompiledAction, condition: str) -> float:
    """One predicate about this turn."""
    judge = state.engine.models.judge
    reading = Reading(prompt.judged(state.conversation, state.inbound.text), state.inbound.text)
    if judge is None:
        return 0.0
    asked = await judge.ask([_only(action, condition)], reading)
    state.count(judge_requests=asked.requests, judge_tokens=asked.tokens)
    judged = asked.verdicts.get(action.uid)
    return judged.p if judged else 0.0


def _only(action: CompiledAction, condition: str) -> CompiledAction:
    return CompiledAction(
        uid=action.uid,
        index=action.index,
        frozen=action.frozen,
        names=action.names,
        threshold=action.threshold,
        kind=action.kind,
        predicates={"": condition},
        understood={"": understood.understand(condition)},
    )


async def apply_move(
    state: TurnState, action: CompiledAction, script: dict[str, Any], move: Move
) -> None:
    """Keep what was captured, say what follows, go on or end."""
    conversation = state.conversation
    if move.capture:
        await _capture(state, script, *move.capture)
    conversation.script = {**move.script} if move.script else {}
    state.changes["script"] = conversation.script
    fill = filler(state, action)
    for text in move.say:
        await say_line(state, fill(text))
    if move.ended:
        await _ended(state, script, move.ended)
        state.notes.append(f"{action.label}: {move.ended}.")
    if move.refer:
        conversation.state = Conversation.State.STAFF
        label = action.names.label(move.refer)
        state.changes.update(state=conversation.state, outcome=f"assigned to {label}")


async def _ended(state: TurnState, script: dict[str, Any], how: str) -> None:
    """The sequence's run learns how it ended; what waits for that fires."""
    conversation, outcome = state.conversation, how.replace(" ", "_")
    await state.ensure_written()
    unit = partial(
        name_outcome, fence=conversation.fence, run_id=UUID(script["run"]), outcome=outcome
    )
    await ledger.write(state.engine, unit)
    conversation.facts.runs.append(
        RunFact(script["uid"], outcome, "done", conversation.turn_number)
    )
    await performing.chained(state)


async def _capture(state: TurnState, script: dict[str, Any], ref: str, value: str) -> None:
    """Save the captured value as an effect of the sequence's run."""
    key = ref.partition(":")[2]
    conversation = state.conversation
    action = conversation.version.by_uid[script["uid"]]
    effect = SetProperty(
        key, action.names.label(ref), value, old=conversation.facts.contact.values.get(key, "")
    )
    await state.ensure_written()
    run_id = UUID(script["run"])
    adapters = state.engine.adapters
    await ledger.write(state.engine, partial(adapters.apply, conversation, run_id, [effect]))
    adapters.apply_to_facts(conversation, [effect])
    conversation.done_lines.append(effect.line)
    state.notes.append(f"Saved {effect.line}.")


Take = Callable[[TurnState, CompiledAction, dict[str, Any]], Awaitable[bool]]
TAKE: dict[str, Take] = {"confirm": _confirmation, "collect": _collection, "steps": _step}
