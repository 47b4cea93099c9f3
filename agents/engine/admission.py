"""Before any model is asked: opt-out, blocked contacts, staff, pauses, hours, caps. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from actions import understood
from actions.base import Channel
from agents.conversations.models import Conversation
from agents.conversations.reasons import OUTSIDE, Reason
from agents.engine.conversation import ConversationState

State = Conversation.State
CAP_NOTE = "The agent has used up its model tokens for today."
NOT_NOW = {
    State.STAFF: (Reason.STAFF_IN_CONTROL, "Staff have taken over."),
    State.RINGING: (Reason.CONVERSATION_OVER, "A transfer is ringing."),
    State.ENDED: (Reason.CONVERSATION_OVER, "The conversation had ended."),
    State.HANDED_OFF: (Reason.CONVERSATION_OVER, "The conversation had been handed over."),
}


@dataclass(frozen=True, slots=True)
class Admission:
    """How a turn goes on: `code` says why no action may run, `words` what is said instead.

    Without a code the words are said first and the turn goes on. `outside`: it is outside business
    hours. `cap`: a limit of the conversation is reached, a colleague takes over or it ends.
    """

    code: Reason | None = None
    words: str = ""
    note: str = ""
    outside: bool = False
    cap: bool = False


def opt_out(conversation: ConversationState, message: str) -> str:
    """The words that opt out; a bare reserved word counts on SMS only."""
    spoken, sms = conversation.version.language, conversation.facts.channel is Channel.SMS
    if sms and (word := understood.opt_out_word(message, spoken)):
        return word
    found = understood.opt_out_wording(message, spoken)
    return found.quote if found else ""


def admit(conversation: ConversationState) -> Admission:
    """Whether the agent may answer this message, decided by rule."""
    settings = conversation.version.settings
    if conversation.facts.contact.dnc and conversation.facts.channel is not Channel.VOICE:
        note = "The contact is on the do-not-contact list: the message is kept, not answered."
        return Admission(Reason.BLOCKED_BY_GATE, "", note)
    if conversation.state in NOT_NOW:
        code, note = NOT_NOW[State(conversation.state)]
        return Admission(code, "", note)
    if conversation.paused:
        return Admission(Reason.AGENT_PAUSED)
    if note := _limit(conversation):
        return Admission(Reason.TIME_LIMIT, settings.cap_words, note, cap=True)
    if not conversation.practice and conversation.tokens_used >= settings.tokens_a_day:
        return Admission(Reason.MODEL_FAILED, settings.cap_words, CAP_NOTE)
    return _outside(conversation)


def _limit(conversation: ConversationState) -> str:
    """Which limit of one conversation is reached."""
    settings, memory = conversation.version.settings, conversation.memory
    if memory.exchanges >= settings.max_turns:
        return f"The contact has sent {memory.exchanges} messages, the most that the agent answers."
    began = memory.began_at or conversation.facts.now
    longest = timedelta(minutes=settings.max_minutes)
    if conversation.facts.channel is Channel.VOICE and conversation.facts.now - began >= longest:
        return f"The call has lasted {settings.max_minutes} minutes."
    return ""


def outside_thread(conversation: ConversationState) -> str:
    """What becomes of a message that comes now."""
    if conversation.facts.channel is Channel.VOICE or conversation.facts.open_now:
        return "answer"
    wish: str = conversation.version.settings.outside_thread
    return wish


def _outside(conversation: ConversationState) -> Admission:
    """A thread outside business hours: the words once while it is closed."""
    wish = outside_thread(conversation)
    if wish == "answer":
        return Admission()
    told = conversation.memory.told_closed
    words = "" if told else conversation.version.settings.outside_words
    code = Reason.OUTSIDE_HOURS if wish == "quiet" else None
    return Admission(code, words, OUTSIDE, outside=True)
