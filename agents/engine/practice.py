"""Practice mode: a stand-in for the chat model that works by fixed rules. Never presented as AI.

It proposes an action where the rules understand its condition, and answers with fixed sentences.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import orjson

from actions.base import Heard
from actions.practice.smalltalk import small_talk
from agents.engine.compiled import CompiledAction
from agents.engine.judging import Reading, first_match
from integrations.llm.types import Done, Event, Text, ToolCall, ToolOpened


class PracticeModel:
    """The same interface as the chat model; `name` and `business` are what it is called."""

    def __init__(self, name: str = "", business: str = "") -> None:
        self._named = {"name": name, "business": business}

    async def stream(
        self,
        actions: Sequence[CompiledAction],
        reading: Reading,
        results: Sequence[str] = (),
    ) -> AsyncGenerator[Event]:
        """Propose what the rules understand; after results say them back."""
        if results:
            text = " ".join(results)
            yield Text(text)
            yield Done(text, (), "stop", None)
            return
        calls = tuple(proposals(actions, reading))
        for n, call in enumerate(calls):
            yield ToolOpened(n, call.name)
        text = reading.language.say("practice_done") if calls else self._answer(actions, reading)
        if not reading.whole:
            yield Text(text)
        yield Done(text, calls, "tool_calls" if calls else "stop", None)

    def _answer(self, actions: Sequence[CompiledAction], reading: Reading) -> str:
        """What is asked where something was begun, an answer to small talk, else the usual."""
        if begun := unclear(actions, reading):
            return begun
        key = small_talk(reading.message, reading.language.code) or "practice_answer"
        if key == "talk_who" and self._named["business"]:
            key = "talk_who_of"
        return reading.language.say(key, **self._named)


def proposals(actions: Sequence[CompiledAction], reading: Reading) -> list[ToolCall]:
    """Tool calls for the actions whose condition the rules find met."""
    made = []
    for action in actions:
        evidence = matched(action, reading)
        if not evidence and not action.always:
            continue
        values = arguments_by_rule(action, reading, evidence)
        if values is not None:
            made.append(ToolCall(f"p{uuid.uuid4().hex[:8]}", action.tool_name, _json(values)))
    return made


def unclear(actions: Sequence[CompiledAction], reading: Reading) -> str:
    """The question of the first action for which something was given in part."""
    heard = Heard(reading.message, {}, language=reading.language)
    asked = (one.kind.unclear(one.config, one.names, heard) for one in actions if one.kind)
    return next(filter(None, asked), "")


def matched(action: CompiledAction, reading: Reading) -> dict[str, Any]:
    """Which of an action's conditions were met, with the words that met them."""
    found = {}
    for key, known in action.understood.items():
        if known.needs_model:
            continue
        if evidence := first_match(known, reading):
            found[key] = evidence
    return found


def arguments_by_rule(
    action: CompiledAction, reading: Reading, evidence: dict[str, Any]
) -> dict[str, Any] | None:
    """What the type makes of the words by rule."""
    if action.kind is None:
        return None
    heard = Heard(reading.message, evidence, reading.before, language=reading.language)
    return action.kind.practise(action.config, action.names, heard)


def _json(values: dict[str, Any]) -> str:
    return orjson.dumps(values).decode()
