"""Before any model is asked: opt-out, blocked contacts, staff, pauses, hours, caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from actions import understood
from actions.base import Channel
from agents.conversations.reasons import OUTSIDE, Reason
from agents.engine.conversation import ConversationState

CAP_NOTE = "The agent's model tokens for today are used up."


@dataclass(frozen=True, slots=True)
class Admission:
    """How a turn goes on: `code` says why no action may run, `words` what is said instead.

    Without a code the words are said first and the turn goes on. `outside`: it is outside business
    hours. `cap`: a limit of the conversation is reached, a colleague takes over or it ends.
    """

    code: Reason | None = None
    words: str = ""
    note: str = ""
    opt_out: str = ""
    opt_in: bool = False
    outside: bool = False
    cap: bool = False


def admit(conversation: ConversationState, message: str) -> Admission:
    """Decide by rule; opt-out is looked at first and in every state."""
    if said := _opt_out(conversation, message):
        words = conversation.version.settings.opt_out_words
        return Admission(Reason.BLOCKED_BY_GATE, words, "opt-out", opt_out=said)
    if conversation.facts.channel is Channel.SMS and understood.opt_in_word(message):
        return Admission(opt_in=True)
    if conversation.facts.contact.dnc and conversation.facts.channel is not Channel.VOICE:
        note = "A blocked contact wrote: stored and shown to staff, not answered."
        return Admission(Reason.BLOCKED_BY_GATE, "", note)
    if conversation.state == "staff":
        return Admission(Reason.STAFF_IN_CONTROL, "", "Staff have taken over.")
    if conversation.paused:
        return Admission(Reason.AGENT_PAUSED, conversation.version.settings.fallback_words)
    if note := _limit(conversation):
        return Admission(Reason.TIME_LIMIT, conversation.version.settings.cap_words, note, cap=True)
    if (
        not conversation.practice
        and conversation.tokens_used >= conversation.version.settings.tokens_a_day
    ):
        return Admission(Reason.MODEL_FAILED, conversation.version.settings.cap_words, CAP_NOTE)
    return _outside(conversation)


def _limit(conversation: ConversationState) -> str:
    """Which limit of one conversation is reached."""
    settings = conversation.version.settings
    if conversation.exchanges >= settings.max_turns:
        return f"The contact has sent {conversation.exchanges} messages, the agent answers no more."
    began = conversation.began_at or conversation.facts.now
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
    words = "" if conversation.told_closed else conversation.version.settings.outside_words
    code = Reason.OUTSIDE_HOURS if wish == "quiet" else None
    return Admission(code, words, OUTSIDE, outside=True)


def _opt_out(conversation: ConversationState, message: str) -> str:
    """The words that opt out; a bare reserved word counts on SMS only."""
    if conversation.facts.channel is Channel.SMS and (word := understood.opt_out_word(message)):
        return word
    found = understood.opt_out_wording(message)
    return found.quote if found else ""
