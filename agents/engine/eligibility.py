"""Which actions may run in a turn, and for each that may not the first reason that holds."""

from __future__ import annotations

from collections.abc import Callable

from actions.base import Channel, Event, Moment, Repeat
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
    """What exactly it was: the condition, the turn, the channel."""
    said = _NOTES.get(reason)
    return said(action, conversation) if said else ""


def _failed_condition(action: CompiledAction, conversation: ConversationState) -> str:
    guard = failed_guard(action.frozen.only_if, conversation.facts)
    return f"Only if {guard_sentence(guard, action.names)}" if guard else ""


def _channels(action: CompiledAction, conversation: ConversationState) -> str:
    there = sorted(action.kind.channels, key=list(Channel).index) if action.kind else []
    works = " and ".join(CHANNELS[channel] for channel in there)
    return f"It works in {works} only" if works else ""


def _earlier_run(action: CompiledAction, conversation: ConversationState) -> str:
    used = conversation.memory.used_up(action.uid)
    here = f"ran in turn {used.last_turn}" if used.done and used.last_turn > 0 else "has run"
    if action.frozen.repeat == Repeat.ONCE_PER_CONTACT:
        earlier = "" if used.done else " in an earlier conversation"
        return f"It runs once per contact and {here}{earlier}"
    return f"It runs once per conversation and {here}"


def _pause(action: CompiledAction, conversation: ConversationState) -> str:
    last = conversation.memory.used_up(action.uid).last_turn
    wait = action.frozen.cool_down
    turns = f"{wait} turn{'s' if wait > 1 else ''}"
    return f"It ran in turn {last} and then pauses for {turns}"


CHANNELS = {Channel.VOICE: "calls", Channel.SMS: "SMS", Channel.CHAT: "web chat"}
_NOTES: dict[Reason, Callable[[CompiledAction, ConversationState], str]] = {
    Reason.ONLY_IF_FAILED: _failed_condition,
    Reason.WRONG_MOMENT: lambda a, s: a.moment,
    Reason.WRONG_CHANNEL: _channels,
    Reason.ALREADY_DONE: _earlier_run,
    Reason.COOLING_DOWN: _pause,
    Reason.MISSING_DATA: lambda a, s: a.note,
}


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
