"""The changing part of the prompt: what is known now, what was said, what is asked.

What contacts say and what actions return are data: fenced, named as such, never instructions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions.zones import zone_of
from agents.engine.conversation import ConversationState

_BLANK = r"[\s\u200b-\u200f\u2060\ufeff]*"  # also what is not seen
_DATA = _BLANK.join(["[dDｄＤ]", "[aAａＡ]", "[tTｔＴ]", "[aAａＡ]"])
_FENCE = re.compile(rf"[<＜﹤]{_BLANK}[/／⁄∕]?{_BLANK}{_DATA}")
HISTORY_MESSAGES = 40
HISTORY_CHARACTERS = 24_000


def fenced(name: str, text: str) -> str:
    """Data with its name; the fence cannot be closed from inside."""
    safe = _FENCE.sub(lambda found: f"‹{found.group()[1:]}", text)
    return f'<data name="{name}">\n{safe}\n</data>'


def known(conversation: ConversationState) -> str:
    """What is known now: the changing part, sent with the last message."""
    facts = conversation.facts
    zone = zone_of(facts.contact.time_zone, facts.zone)
    lines = [f"Time: {facts.local:%A %Y-%m-%d %H:%M} ({zone})", f"Channel: {facts.channel}"]
    lines += [f"{key}: {value}" for key, value in sorted(facts.contact.values.items()) if value]
    done = [run for run in conversation.memory.done_lines if run]
    if done:
        lines.append("Done so far: " + " | ".join(done))
    lines += conversation.memory.notes_to_model
    return fenced("known", "\n".join(lines))


def history(conversation: ConversationState) -> list[dict[str, Any]]:
    """What was said before, newest last, bounded."""
    kept: list[dict[str, Any]] = []
    room = HISTORY_CHARACTERS
    for message in reversed(conversation.history[-HISTORY_MESSAGES:]):
        room -= len(message["content"])
        if room < 0 and kept:
            break
        kept.append(message)
    kept.reverse()
    return kept


def turn_messages(conversation: ConversationState, message: str) -> list[dict[str, Any]]:
    """The messages of one chat request."""
    return [
        *history(conversation),
        {"role": "user", "content": f"{known(conversation)}\n{message}"},
    ]


def event_message(conversation: ConversationState, what: str) -> list[dict[str, Any]]:
    """The messages of an event turn: the whole conversation, then what is asked of the model."""
    ask = (
        f"{known(conversation)}\n[{what} Do not reply. Call every tool whose condition the "
        "conversation has made true, with what the conversation says; call nothing else.]"
    )
    return [*history(conversation), {"role": "user", "content": ask}]


def question(condition: str, *, whole: bool) -> str:
    """What the judge is asked about one condition."""
    scope = (
        "In the light of the whole conversation, is this true"
        if whole
        else "In the light of the conversation, did what happened in this turn "
        "(the contact's words or an action's result) make this true"
    )
    return f"{scope}: {condition}"


def judged(conversation: ConversationState, message: str, results: Sequence[str] = ()) -> str:
    """What the judge reads: the last lines, this turn, and what actions answered in it."""
    lines = [conversation.transcript(12), "This turn:", f"Contact: {message}"]
    lines += [f"Action result: {result}" for result in results]
    return fenced("conversation", "\n".join(line for line in lines if line))
