"""Both keys together: from a message's calls and the judge's verdicts to what fires."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from actions.base import Mode
from agents.conversations.reasons import FIRED, Reason
from agents.engine import limits, prompt
from agents.engine.compiled import CompiledAction
from agents.engine.deciding import Judging, KeyResult, Then, Weight, decide
from agents.engine.judging import (
    CHAT_QUESTIONS,
    Judge,
    JudgeAnswer,
    Judged,
    Reading,
    ask_safely,
    rule_verdicts,
)
from agents.engine.plan import Firing, Message, Plan, in_list_order
from agents.engine.practice import arguments_by_rule
from agents.engine.tools import Proposal, read_call
from agents.engine.turn import TurnState

NOT_NOW = "This tool is not available now."
TWICE = "Already done: the same call twice."
ONLY_ONE = "Refused: only one call of this tool in a message. Use one call for all of it."
NOT_MET = "Not confirmed: its condition does not seem met."
DONE_ALREADY = "Already done in this turn."


def weight(action: CompiledAction) -> Weight:
    """How much it takes to fire this action."""
    if action.kind is None:
        return Weight.ORDINARY
    if action.kind.one_key:
        return Weight.ONE_KEY
    consequential = action.kind.is_consequential(action.config, action.names)
    return Weight.CONSEQUENTIAL if consequential else Weight.ORDINARY


def quiet(action: CompiledAction) -> bool:
    """Neither speaks, nor ends, nor is consequential: it may run beside other words."""
    kind = action.kind
    if kind is None or kind.speaks or kind.ends:
        return False
    return weight(action) is not Weight.CONSEQUENTIAL


# --- asking the judge ---------------------------------------------------------------------------


def start_judge(turn: TurnState, actions: Sequence[CompiledAction], reading: Reading) -> None:
    """Put the question to the judge, right after the chat request has left."""
    judge = turn.engine.models.judge
    if judge is None or not judge.upfront or not actions:
        return
    if judge.name == "rules":
        turn.judgement.verdicts.update(rule_verdicts(actions, reading))
        return
    _begin(turn, judge, actions, reading)


def judge_again(turn: TurnState, message: Message, results: Sequence[str]) -> None:
    """What is proposed after a result is judged with that result in view; once a turn."""
    judge, by_tool = turn.engine.models.judge, turn.conversation.version.by_tool
    asked_before = turn.judgement
    if judge is None or not judge.upfront or judge.name == "rules" or asked_before.again:
        return
    if asked_before.task and not asked_before.task.done():
        return  # its verdicts about everything are still to come
    called = {action.uid for c in message.calls if (action := by_tool.get(c.name))}
    asked = [
        action
        for action in turn.eligible
        if action.uid in called and action.predicates and not turn.has_run(action)
    ]
    if not asked or turn.reading is None:
        return
    asked_before.again = True
    for action in asked:
        asked_before.verdicts.pop(action.uid, None)
    conversation, words = turn.conversation, turn.inbound.text
    reading = replace(turn.reading, compose=lambda: prompt.judged(conversation, words, results))
    _begin(turn, judge, asked, reading)


def _begin(
    turn: TurnState, judge: Judge, actions: Sequence[CompiledAction], reading: Reading
) -> None:
    turn.judgement.asked_at = time.perf_counter()
    turn.judgement.task = asyncio.ensure_future(_ask(turn, judge, actions, reading))


async def _ask(
    turn: TurnState, judge: Judge, actions: Sequence[CompiledAction], reading: Reading
) -> JudgeAnswer:
    begun = time.perf_counter()
    asked = await ask_safely(judge, actions, reading)
    turn.count(judge_requests=asked.requests, judge_tokens=asked.tokens)
    turn.timings.setdefault("judge_ms", round((time.perf_counter() - begun) * 1000, 2))
    turn.judgement.verdicts.update(asked.verdicts)
    turn.heed_verdicts()
    return asked


def ask_as_opened(turn: TurnState, tool: str) -> None:
    """A judge that is not asked upfront is asked once a consequential tool's name is there."""
    judge, action = turn.engine.models.judge, turn.conversation.version.by_tool.get(tool)
    lazily = turn.judgement.lazily
    if judge is None or judge.upfront or action is None or turn.reading is None:
        return
    if weight(action) is not Weight.CONSEQUENTIAL or action.uid in lazily:
        return
    if len(lazily) >= CHAT_QUESTIONS:
        return
    lazily.add(action.uid)
    earlier = turn.judgement.task
    _begin(turn, judge, [action], turn.reading)
    if earlier and turn.judgement.task:
        turn.judgement.task = asyncio.ensure_future(_both(earlier, turn.judgement.task))


async def _both(
    earlier: asyncio.Task[JudgeAnswer], later: asyncio.Task[JudgeAnswer]
) -> JudgeAnswer:
    await earlier
    return await later


# --- what the model proposes --------------------------------------------------------------------


def read_proposals(turn: TurnState, message: Message, offered: Sequence[CompiledAction]) -> Plan:
    """The calls of a message as proposals; what cannot be one is refused with a sentence."""
    plan = Plan(message)
    uids = {action.uid for action in offered}
    seen: set[tuple[str, str]] = set()
    for call in message.calls[: limits.ACTIONS_A_TURN * 3]:
        action = turn.conversation.version.by_tool.get(call.name)
        if action is None or action.uid not in uids or action.arguments is None:
            unknown = Proposal("", call.id, call.name[:80], call.arguments[:500], None)
            plan.refused.append((unknown, NOT_NOW))
            continue
        firing = Firing(action, read_call(action.uid, call, action.arguments))
        if why := _refusal(turn, plan, firing, seen):
            plan.refused.append((firing.proposal, why))
        else:
            seen.add(firing.key)
            plan.fire.append(firing)
    return plan


def _refusal(turn: TurnState, plan: Plan, firing: Firing, seen: set[tuple[str, str]]) -> str:
    """Why a call cannot run at all, in words for the model; empty: it may."""
    action, proposal = firing.action, firing.proposal
    if proposal.error:
        turn.refusals += 1
        turn.decide(action, Reason.INVALID_ARGUMENTS, proposal.error)
        return f"Refused: {proposal.error}"
    if firing.key in seen or _ran(turn, firing):
        return TWICE
    if action.kind is not None and action.kind.repeats(proposal.args):
        return ""
    if turn.has_run(action):
        return DONE_ALREADY
    return ONLY_ONE if any(other.action is action for other in plan.fire) else ""


def _ran(turn: TurnState, firing: Firing) -> bool:
    return any((run.action.uid, run.proposal.digest) == firing.key for run in turn.runs)


# --- both keys ----------------------------------------------------------------------------------


async def reconcile(turn: TurnState, message: Message, offered: Sequence[CompiledAction]) -> Plan:
    """Turn both keys for every offered action that has not been decided yet."""
    plan = read_proposals(turn, message, offered)
    proposed = {firing.action.uid: firing for firing in reversed(plan.fire)}
    if any(weight(f.action) is Weight.CONSEQUENTIAL for f in plan.fire):
        await _hang_on_verdict(turn, [f.action for f in plan.fire])
    every, plan.fire = plan.fire, []
    for action in offered:
        firing = proposed.get(action.uid)
        if firing is None and not _open(turn, action):
            continue
        _take(turn, plan, action, [f for f in every if f.action is action])
    _tell_refusals(turn, plan)
    plan.fire = in_list_order(plan.fire)
    return plan


def _open(turn: TurnState, action: CompiledAction) -> bool:
    """Nobody has decided about it in this turn, or only that its condition was not met yet."""
    entry = turn.decisions.get(action.uid)
    return entry is None


def _take(turn: TurnState, plan: Plan, action: CompiledAction, firings: list[Firing]) -> None:
    """Sort one action into the plan."""
    first = firings[0] if firings else None
    decided = _decide(turn, action, first)
    turn.decide(action, decided.code, decided.note)
    if decided.then is Then.RECHECK:
        plan.recheck.append(action)
    elif decided.then is Then.FIRE:
        alone = None if first else by_judge_alone(turn, action)
        plan.fire += firings or ([alone] if alone else [])
    elif decided.then is Then.ASK and first and plan.ask is None:
        plan.ask = first
        plan.refused += [(f.proposal, ONLY_ONE) for f in firings[1:]]
    else:
        plan.refused += [(f.proposal, NOT_MET) for f in firings]


def _tell_refusals(turn: TurnState, plan: Plan) -> None:
    """Why a call was refused stands in its action's decision."""
    for proposal, why in plan.refused:
        entry = turn.decisions.get(proposal.uid)
        told = proposal.error or why
        if entry and told not in entry.get("note", "") and why != NOT_MET:
            entry["note"] = f"{entry.get('note', '')} {why}".strip()


def _decide(turn: TurnState, action: CompiledAction, firing: Firing | None) -> KeyResult:
    judged = turn.judgement.verdicts.get(action.uid)
    threshold = turn.threshold(action)
    met = judged is not None and _probability(action, judged, firing) >= threshold
    return decide(
        proposed=firing is not None,
        judging=_judging(turn, judged, asked=_asked_about(turn, action, firing)),
        met=met,
        weight=weight(action),
        # A watched action changes nothing, so it does not ask the contact either.
        confirm="drop" if action.frozen.mode == Mode.SHADOW else action.frozen.confirm,
    )


def _probability(action: CompiledAction, judged: Judged, firing: Firing | None) -> float:
    """A named choice counts with its own probability."""
    if firing is None or action.kind is None:
        return judged.p
    return judged.of(action.kind.named(action.config, action.names, firing.proposal.args))


def _judging(turn: TurnState, judged: Judged | None, *, asked: bool) -> Judging:
    if judged is not None:
        return Judging.ANSWERED
    judge = turn.engine.models.judge
    if judge is None or judge.name == "rules":
        return Judging.NO_JUDGE
    task = turn.judgement.task
    if not asked or task is None:
        return Judging.NOT_ASKED
    return Judging.NO_JUDGE if task.done() else Judging.LATE


def _asked_about(turn: TurnState, action: CompiledAction, firing: Firing | None) -> bool:
    """A judge that is not asked upfront is asked only about proposed consequential actions."""
    judge = turn.engine.models.judge
    if judge is None or judge.upfront:
        return True
    return firing is not None and action.uid in turn.judgement.lazily


async def _hang_on_verdict(turn: TurnState, proposed: Sequence[CompiledAction]) -> None:
    """A consequential proposal waits for its verdict."""
    for action in proposed:
        ask_as_opened(turn, action.tool_name)
    await turn.judgement.wait()


def by_judge_alone(turn: TurnState, action: CompiledAction) -> Firing | None:
    """DNC and disengage need one key: the values come from the words by rule."""
    if action.kind is None or action.arguments is None or turn.reading is None:
        return None
    values = arguments_by_rule(action, turn.reading, {})
    if values is None:
        return None
    args = action.arguments.model_validate(values)
    return Firing(action, Proposal(action.uid, "", action.tool_name, "", args))


def has_fired(turn: TurnState, action: CompiledAction) -> bool:
    """Whether this turn has decided to run it."""
    return turn.decisions.get(action.uid, {}).get("code") in FIRED
