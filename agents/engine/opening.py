"""How a conversation begins: disclosure and greeting; outside business hours what was chosen."""

from __future__ import annotations

from functools import partial

from actions.base import Channel, HandOff, Target
from agents.conversations.models import Turn
from agents.conversations.reasons import OUTSIDE
from agents.conversations.services import end_turn
from agents.engine import eligibility, endings, ledger
from agents.engine.adapters import Engine
from agents.engine.admission import outside_thread
from agents.engine.conversation import ConversationState
from agents.engine.state import Inbound, TurnState, new_turn

REASON = "outside business hours"


async def begin(engine: Engine, conversation: ConversationState) -> TurnState:
    """The first words; a call that is not answered now leaves with them."""
    state = new_turn(engine, conversation, Inbound(""), Turn.Kind.GREETING)
    _, state.decisions = eligibility.sort_out(conversation, Turn.Kind.GREETING)
    calls, threads = _outside_call(conversation), outside_thread(conversation)
    if calls != "answer" or threads != "answer":
        state.notes.append(OUTSIDE)
        conversation.told_closed = True
    await state.say_sentence(_words(conversation, closed=calls != "answer" or threads == "quiet"))
    if threads == "go_on":
        await state.say_sentence(conversation.version.settings.outside_words)
    await _leave(state, calls)
    conversation.spoke(state.spoken)
    await ledger.write(engine, partial(end_turn, fence=conversation.fence, end=state.ending()))
    return state


def _words(conversation: ConversationState, *, closed: bool) -> str:
    settings = conversation.version.settings
    if closed:
        return f"{settings.disclosure} {settings.outside_words}".strip()
    return f"{settings.greeting} {settings.disclosure}".strip()


def _outside_call(conversation: ConversationState) -> str:
    """What becomes of a call that comes in now; the agent's own calls have the gate's hours."""
    facts = conversation.facts
    comes_in = facts.channel is Channel.VOICE and facts.direction == "inbound"
    return (
        conversation.version.settings.outside_call if comes_in and not facts.open_now else "answer"
    )


async def _leave(state: TurnState, how: str) -> None:
    settings = state.conversation.version.settings
    ref = settings.leaves_to or ""
    if ref and how != "answer":
        label = state.conversation.content.labels().label(ref)
        flow = HandOff(
            (Target(ref, label),),
            fallback="end",
            fallback_words=settings.cannot_words,
            reason=REASON,
            message=how == "message",
        )
        await endings.fall_back(state, flow)
    elif how != "answer":
        endings.end(state, REASON)
