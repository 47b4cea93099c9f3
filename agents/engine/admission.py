"""Before any model is asked: opt-out, blocked contacts, paused agents, staff in control."""

from __future__ import annotations

from dataclasses import dataclass

from actions import understood
from actions.base import Channel
from agents.conversations.reasons import Reason
from agents.engine.scene import Scene

CAP_NOTE = "The agent's model tokens for today are used up."


@dataclass(frozen=True, slots=True)
class Admission:
    """How a turn goes on: `code` says why no action may run, `words` what is said instead."""

    code: Reason | None = None
    words: str = ""
    note: str = ""
    opt_out: str = ""
    opt_in: bool = False


def admit(scene: Scene, message: str) -> Admission:
    """Decide by rule; opt-out is looked at first and in every state."""
    if said := _opt_out(scene, message):
        words = scene.version.settings.opt_out_words
        return Admission(Reason.BLOCKED_BY_GATE, words, "opt-out", opt_out=said)
    if scene.facts.channel is Channel.SMS and understood.opt_in_word(message):
        return Admission(opt_in=True)
    if scene.facts.contact.dnc and scene.facts.channel is not Channel.VOICE:
        note = "A blocked contact wrote: stored and shown to staff, not answered."
        return Admission(Reason.BLOCKED_BY_GATE, "", note)
    if scene.state == "staff":
        return Admission(Reason.STAFF_IN_CONTROL, "", "Staff have taken over.")
    if scene.paused:
        return Admission(Reason.AGENT_PAUSED, scene.version.settings.fallback_words)
    if not scene.practice and scene.tokens_used >= scene.version.settings.tokens_a_day:
        return Admission(Reason.MODEL_FAILED, scene.version.settings.cap_words, CAP_NOTE)
    return Admission()


def _opt_out(scene: Scene, message: str) -> str:
    """The words that opt out; a bare reserved word counts on SMS only."""
    if scene.facts.channel is Channel.SMS and (word := understood.opt_out_word(message)):
        return word
    found = understood.opt_out_wording(message)
    return found.quote if found else ""
