"""Both keys together: from a message's calls and the judge's verdicts to what fires."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from actions.base import Mode
from agents.conversations.reasons import Reason
from agents.core.waits import wait
from agents.engine import limits, prompt
from agents.engine.compiled import CompiledAction
from agents.engine.judging import (
    CHAT_QUESTIONS,
    Asked,
    Judge,
    Judged,
    Reading,
    ask_safely,
    rule_verdicts,
)
from agents.engine.keys import Judging, Then, Turned, Weight, turn_keys
from agents.engine.listening import Message
from agents.engine.practice import arguments_by_rule
from agents.engine.state import TurnState
from agents.engine.tools import Proposal, read_call


@dataclass(frozen=True, slots=True)
class Firing:
    """An action that will run, with the values it was given."""

    action: CompiledAction
    proposal: Proposal
    asked: int = 0


@dataclass
class Plan:
    """What a message came to."""

    fire: list[Firing] = field(default_factory=list)
    ask: Firing | None = None
    recheck: list[CompiledAction] = field(default_factory=list)
    refused: list[tuple[Proposal, str]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def endings(self) -> list[Firing]:
        """Those that end the conversation, in list order."""
        return [f for f in self.fire if _leaves(f.action)]

    @property
    def others(self) -> list[Firing]:
        """Everything that runs before an ending."""
        return [f for f in self.fire if not _leaves(f.action)]


def _leaves(action: CompiledAction) -> bool:
    """Whether it takes the conversation away; a watched ending only records that it would."""
    return action.kind is not None and action.kind.ends and action.frozen.mode != Mode.SHADOW


def weight(action: CompiledAction) -> Weight:
    """How much it takes to fire this action."""
    if action.kind is None:
        return Weight.ORDINARY
    if action.kind.one_key:
        return Weight.ONE_KEY
    weighs = action.kind.weighs(action.config, action.names)
    return Weight.CONSEQUENTIAL if weighs else Weight.ORDINARY


def start_judge(state: TurnState, actions: Sequence[CompiledAction], reading: Reading) -> None:
    """Put the question to the judge, at the same moment as the chat request leaves."""
    judge = state.engine.models.judge
    if judge is None or not judge.upfront or not actions:
        return
    if judge.name == "rules":
        state.verdicts.update(rule_verdicts(actions, reading))
        return
    _begin(state, judge, actions, reading)


def judge_again(state: TurnState, message: Message, results: Sequence[str]) -> None:
    """What is proposed after a result is judged with that result in view; once a turn."""
    judge, by_tool = state.engine.models.judge, state.scene.version.by_tool
    if judge is None or not judge.upfront or judge.name == "rules" or state.judged_again:
        return
    if state.judge and not state.judge.done():
        return  # its verdicts about everything are still to come
    called = {action.uid for c in message.calls if (action := by_tool.get(c.name))}
    asked = [
        action
        for action in state.eligible
        if action.uid in called and action.predicates and not state.has_run(action)
    ]
    if not asked or state.reading is None:
        return
    state.judged_again = True
    for action in asked:
        state.verdicts.pop(action.uid, None)
    text = prompt.judged(state.scene, state.inbound.text, results)
    _begin(state, judge, asked, replace(state.reading, text=text))


def _begin(
    state: TurnState, judge: Judge, actions: Sequence[CompiledAction], reading: Reading
) -> None:
    state.judge_asked = time.perf_counter()
    state.judge = asyncio.ensure_future(_ask(state, judge, actions, reading))


async def _ask(
    state: TurnState, judge: Judge, actions: Sequence[CompiledAction], reading: Reading
) -> Asked:
    begun = time.perf_counter()
    asked: Asked = await ask_safely(judge, actions, reading)
    state.count(judge_requests=asked.requests, judge_tokens=asked.tokens)
    state.timings.setdefault("judge_ms", round((time.perf_counter() - begun) * 1000, 2))
    state.verdicts.update(asked.verdicts)
    state.heed_verdicts()
    return asked


def reached(state: TurnState, action: CompiledAction) -> bool:
    """Whether the verdict about an action stands at or above its threshold."""
    judged = state.verdicts.get(action.uid)
    return judged is not None and judged.p >= state.threshold(action)


async def wait_for_judge(state: TurnState) -> bool:
    """Wait for a running judge, at most the limit since it was asked; whether it is there."""
    if state.judge is None:
        return True
    if not state.judge.done():
        left = wait("judge") - (time.perf_counter() - state.judge_asked)
        await asyncio.wait({state.judge}, timeout=max(left, 0))
    return state.judge.done()


def read_proposals(state: TurnState, message: Message) -> Plan:
    """The calls of a message as proposals; what cannot be one is refused with a sentence."""
    plan = Plan()
    offered = {action.uid for action in state.eligible}
    seen: set[tuple[str, str]] = set()
    for call in message.calls[: limits.ACTIONS_A_TURN * 3]:
        action = state.scene.version.by_tool.get(call.name)
        if action is None or action.uid not in offered or action.arguments is None:
            unknown = Proposal("", call.id, call.name[:80], call.arguments[:500], None)
            plan.refused.append((unknown, "This tool is not available now."))
            continue
        proposal = read_call(action.uid, call, action.arguments)
        plan.proposals.append(proposal)
        if proposal.error:
            _bad_arguments(state, plan, action, proposal)
        elif (key := (proposal.uid, proposal.digest)) in seen:
            plan.refused.append((proposal, "Already done: the same call twice."))
        elif _second(plan, action):
            plan.refused.append((proposal, "Only one call of this tool in a message."))
        else:
            seen.add(key)
            plan.fire.append(Firing(action, proposal))
    return plan


def _second(plan: Plan, action: CompiledAction) -> bool:
    many = action.kind is not None and action.kind.many
    return not many and any(firing.action is action for firing in plan.fire)


def _bad_arguments(
    state: TurnState, plan: Plan, action: CompiledAction, proposal: Proposal
) -> None:
    state.refusals += 1
    state.decide(action, Reason.INVALID_ARGUMENTS, proposal.error)
    plan.refused.append((proposal, f"Refused: {proposal.error}"))


async def reconcile(state: TurnState, message: Message) -> Plan:
    """Turn both keys for every eligible action that has not been decided yet."""
    plan = read_proposals(state, message)
    proposed = {firing.action.uid: firing for firing in plan.fire}
    if any(weight(f.action) is Weight.CONSEQUENTIAL for f in plan.fire):
        await _hang_on_verdict(state, [f.action for f in plan.fire])
    fired: list[Firing] = []
    for action in state.eligible:
        firing = proposed.get(action.uid)
        if action.uid in state.decisions and firing is None:
            continue
        turned = _turn(state, action, firing)
        state.decide(action, turned.code, turned.note)
        if turned.then is Then.FIRE and firing is None:
            firing = by_judge_alone(state, action)
        _take(plan, fired, turned, action, firing)
    plan.fire = [f for f in plan.fire if f in fired] + [f for f in fired if f not in plan.fire]
    plan.fire.sort(key=lambda f: f.action.index)
    return plan


def _take(
    plan: Plan, fired: list[Firing], turned: Turned, action: CompiledAction, firing: Firing | None
) -> None:
    """Sort one decided action into the plan."""
    if turned.then is Then.RECHECK:
        plan.recheck.append(action)
    if firing is None:
        return
    if turned.then is Then.FIRE:
        fired.extend([f for f in plan.fire if f.action is action] or [firing])
    elif turned.then is Then.ASK and plan.ask is None:
        plan.ask = firing
    elif turned.then is Then.NOTHING:
        plan.refused.append((firing.proposal, "Not confirmed: its condition does not seem met."))


def _turn(state: TurnState, action: CompiledAction, firing: Firing | None) -> Turned:
    judged = state.verdicts.get(action.uid)
    threshold = state.threshold(action)
    met = judged is not None and _probability(action, judged, firing) >= threshold
    return turn_keys(
        proposed=firing is not None,
        judging=_judging(state, judged, asked=_asked_about(state, action, firing)),
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


def _judging(state: TurnState, judged: Judged | None, *, asked: bool) -> Judging:
    if judged is not None:
        return Judging.ANSWERED
    judge = state.engine.models.judge
    if judge is None or judge.name == "rules":
        return Judging.NO_JUDGE
    if not asked or state.judge is None:
        return Judging.NOT_ASKED
    return Judging.NO_JUDGE if state.judge.done() else Judging.LATE


def _asked_about(state: TurnState, action: CompiledAction, firing: Firing | None) -> bool:
    """A judge that is not asked upfront is asked only about proposed consequential actions."""
    judge = state.engine.models.judge
    if judge is None or judge.upfront:
        return True
    return firing is not None and action.uid in state.asked_lazily


def ask_as_opened(state: TurnState, tool: str) -> None:
    """A judge that is not asked upfront is asked once a consequential tool's name is there."""
    judge, action = state.engine.models.judge, state.scene.version.by_tool.get(tool)
    if judge is None or judge.upfront or action is None or state.reading is None:
        return
    if weight(action) is not Weight.CONSEQUENTIAL or action.uid in state.asked_lazily:
        return
    if len(state.asked_lazily) >= CHAT_QUESTIONS:
        return
    state.asked_lazily.add(action.uid)
    earlier = state.judge
    _begin(state, judge, [action], state.reading)
    if earlier and state.judge:
        state.judge = asyncio.ensure_future(_both(earlier, state.judge))


async def _both(earlier: asyncio.Task[Asked], later: asyncio.Task[Asked]) -> Asked:
    await earlier
    return await later


async def _hang_on_verdict(state: TurnState, proposed: Sequence[CompiledAction]) -> None:
    """A consequential proposal waits for its verdict."""
    for action in proposed:
        ask_as_opened(state, action.tool_name)
    await wait_for_judge(state)


def by_judge_alone(state: TurnState, action: CompiledAction) -> Firing | None:
    """DNC and disengage need one key: the values come from the words by rule."""
    if action.kind is None or action.arguments is None or state.reading is None:
        return None
    values = arguments_by_rule(action, state.reading, {})
    if values is None:
        return None
    args = action.arguments.model_validate(values)
    return Firing(action, Proposal(action.uid, "", action.tool_name, "", args))
