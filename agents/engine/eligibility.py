"""Which actions may run in a turn, and for each that may not the first reason that holds."""

from __future__ import annotations

from collections.abc import Callable

from actions.base import Event, Moment, Repeat
from actions.guards import failed_guard, guard_sentence
from agents.conversations.reasons import Decision, Reason
from agents.engine.compiled import CompiledAction
from agents.engine.conversation import ConversationState

Check = Callable[[CompiledAction, ConversationState, str], bool]


def decision(action: CompiledAction, code: Reason, note: str = "") -> Decision:
    """An entry without evidence."""
    return {"action": action.uid, "type": action.frozen.type, "code": code.value, "note": note}


def _already_done(action: CompiledAction, conversation: ConversationState, moment: str) -> bool:
    done = conversation.memory.used_up(action.uid).done
    if action.frozen.repeat == Repeat.ONCE:
        return done
    if action.frozen.repeat == Repeat.ONCE_PER_CONTACT:
        return done or action.uid in conversation.used_by_contact
    return False


def _cooling_down(action: CompiledAction, conversation: ConversationState, moment: str) -> bool:
    memory, wait = conversation.memory, action.frozen.cool_down
    return bool(wait) and memory.turn - memory.used_up(action.uid).last_turn <= wait


def _only_if_failed(action: CompiledAction, conversation: ConversationState, moment: str) -> bool:
    return failed_guard(action.frozen.only_if, conversation.facts) is not None


def _over(action: CompiledAction, conversation: ConversationState, moment: str) -> bool:
    return conversation.over and moment == Moment.DURING


def _needs_model(action: CompiledAction, conversation: ConversationState, moment: str) -> bool:
    return (
        conversation.practice
        and action.needs_model
        and moment not in (Moment.NO_ANSWER, Moment.IDLE)
    )


CHECKS: tuple[tuple[Reason, Check], ...] = (
    (Reason.UNAVAILABLE_TYPE, lambda a, s, m: a.problem == Reason.UNAVAILABLE_TYPE),
    (Reason.DISABLED, lambda a, s, m: not a.frozen.enabled),
    (Reason.WRONG_CHANNEL, lambda a, s, m: not a.kind or s.facts.channel not in a.kind.channels),
    (Reason.WRONG_MOMENT, lambda a, s, m: m not in a.moments),
    (Reason.CONVERSATION_OVER, _over),
    (Reason.AGENT_PAUSED, lambda a, s, m: s.paused),
    (Reason.STAFF_IN_CONTROL, lambda a, s, m: s.state == "staff" and m == Moment.DURING),
    (Reason.ALREADY_DONE, _already_done),
    (Reason.COOLING_DOWN, _cooling_down),
    (Reason.ONLY_IF_FAILED, _only_if_failed),
    (Reason.MISSING_DATA, lambda a, s, m: a.problem == Reason.MISSING_DATA),
    (Reason.NEEDS_MODEL, _needs_model),
)


def why_out(
    action: CompiledAction, conversation: ConversationState, moment: str
) -> Decision | None:
    """The first reason that keeps an action out of this turn; None: it may run."""
    for reason, holds in CHECKS:
        if holds(action, conversation, moment):
            return decision(action, reason, _note(action, conversation, reason))
    return None


def _note(action: CompiledAction, conversation: ConversationState, reason: Reason) -> str:
    if reason == Reason.ONLY_IF_FAILED:
        guard = failed_guard(action.frozen.only_if, conversation.facts)
        return f"Only if {guard_sentence(guard, action.names)}" if guard else ""
    if reason == Reason.WRONG_MOMENT:
        return action.moment
    return action.note if reason == Reason.MISSING_DATA else ""


def sort_out(
    conversation: ConversationState, moment: str
) -> tuple[list[CompiledAction], dict[str, Decision]]:
    """The actions that may run, in list order, and the decisions about all others."""
    eligible: list[CompiledAction] = []
    out: dict[str, Decision] = {}
    for action in conversation.version.actions:
        reason = why_out(action, conversation, moment)
        if reason is None:
            eligible.append(action)
        else:
            out[action.uid] = reason
    return eligible, out


def all_out(
    conversation: ConversationState, moment: str, code: Reason, note: str = ""
) -> dict[str, Decision]:
    """Decisions for a turn that takes no actions: who could have run gets `code`.

    What stands before `code` in the order of reasons keeps its own reason.
    """
    out: dict[str, Decision] = {}
    ahead = BEFORE.get(code, CHECKS)
    for action in conversation.version.actions:
        first = next((r for r, holds in ahead if holds(action, conversation, moment)), None)
        out[action.uid] = (
            decision(action, first, _note(action, conversation, first))
            if first
            else decision(action, code, note)
        )
    return out


def _until(reason: Reason) -> tuple[tuple[Reason, Check], ...]:
    reasons = [check[0] for check in CHECKS]
    return CHECKS[: reasons.index(reason) + 1]


BEFORE = {
    Reason.AGENT_PAUSED: _until(Reason.CONVERSATION_OVER),
    Reason.STAFF_IN_CONTROL: _until(Reason.AGENT_PAUSED),
    Reason.OUTSIDE_HOURS: _until(Reason.STAFF_IN_CONTROL),
    Reason.BLOCKED_BY_GATE: _until(Reason.STAFF_IN_CONTROL),
    Reason.SCRIPT_TURN: _until(Reason.STAFF_IN_CONTROL),
}


def fires_on(action: CompiledAction, event: Event) -> bool:
    """Whether the event condition chosen in the form holds."""
    return action.frozen.event.holds(event)
