"""A chat model and a judge that follow a story."""

from __future__ import annotations

import asyncio
import itertools
import re
import zlib
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson

from agents.demo.names import action_uid
from agents.demo.story import Answer, Step, Use
from agents.engine.compiled import CompiledAction
from agents.engine.conversation import ConversationState
from agents.engine.judging import JudgeAnswer, Judged, Reading
from integrations.llm.types import (
    ChatRequest,
    Done,
    Event,
    ModelError,
    Text,
    ToolCall,
    ToolOpened,
    Usage,
)

THINKS = 0.05  # seconds until the first word: a model takes its time, the demo business less
JUDGE_FIRST = 10  # rounds of the loop: the verdict is there before the message is complete
TIMES = re.compile(r"(?:Free times: |Booked |Moved to )(.+?)\.(?: |$|\")")
DOWN = "The model did not answer in time."


class Script:
    """What the model and the judge know: the step that is being played."""

    def __init__(self, state: ConversationState) -> None:
        self._state, self._version = state, state.version
        self._waiting: list[Answer] = []
        self._step = Step()
        self.unforeseen = 0

    def begin(self, step: Step) -> int:
        """The next step; how many answers of the one before nobody has asked for."""
        left, self._step = len(self._waiting), step
        self._waiting = list(step.answers)
        return left

    def next(self) -> Answer:
        """What the model answers now."""
        if self._waiting:
            return self._waiting.pop(0)
        self.unforeseen += 1
        return Answer("All right.")

    def action_of(self, key: str) -> CompiledAction:
        """An action by its key in the agent's file."""
        return self._version.by_uid[str(action_uid(self._state.agent_uuid, key))]

    def values(self, one: Use) -> dict[str, Any]:
        """The values of a call; `{+9}` is the day nine days from then."""
        today = self._state.now()
        return {
            name: (today + timedelta(days=int(text[2:-1]))).date().isoformat()
            if isinstance(text, str) and text.startswith("{+")
            else text
            for name, text in one.values.items()
        }

    def met(self) -> frozenset[str]:
        """The conditions of all that the model calls in this step."""
        uses = (one for answer in self._step.answers for one in answer.calls)
        return frozenset(
            text for one in uses for text in _conditions(self.action_of(one.action), one)
        )

    def doubts(self) -> dict[str, float]:
        """What the judge thinks otherwise, by the action's uid."""
        return {self.action_of(key).uid: p for key, p in self._step.doubts.items()}


class StoryChat:
    """The chat model of a story."""

    limit = 20.0

    def __init__(self, script: Script) -> None:
        self._script, self._ids = script, itertools.count(1)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event]:
        """The next answer, word by word."""
        answer = self._script.next()
        await asyncio.sleep(THINKS)
        if answer.fails:
            raise ModelError("timeout", DOWN)
        text = _with_times(answer.text, request)
        for word in text.split():
            yield Text(f"{word} ")
            await asyncio.sleep(0)
        for _ in range(JUDGE_FIRST):
            await asyncio.sleep(0)
        made = tuple(self._call(one) for one in answer.calls)
        for number, one in enumerate(made):
            yield ToolOpened(number, one.name)
        yield Done(text, made, "stop", _usage(request, answer))

    def _call(self, one: Use) -> ToolCall:
        name = self._script.action_of(one.action).tool_name
        return ToolCall(
            f"call_{next(self._ids)}", name, orjson.dumps(self._script.values(one)).decode()
        )


def _with_times(text: str, request: ChatRequest) -> str:
    """The times that a result names, in the place of `{times}`."""
    if "{times}" not in text:
        return text
    told = " ".join(str(message.get("content") or "") for message in request.messages)
    found = TIMES.findall(told)
    times = [part.partition(" (")[0] for part in found[-1].split("; ")] if found else []
    return text.replace("{times}", " or ".join(filter(None, (", ".join(times[:-1]), *times[-1:]))))


def _usage(request: ChatRequest, answer: Answer) -> Usage:
    """About four characters are a token."""
    heard = sum(len(str(message.get("content") or "")) for message in request.messages)
    asked = len(request.system) + heard + len(request.tools or b"")
    said = len(answer.text) // 4 + 20 * len(answer.calls)
    return Usage(asked // 4, said, len(request.system) // 4)


class StoryJudge:
    """A judge who agrees with the model unless the story has doubts."""

    upfront = True
    name = "decisions"
    default_threshold = 0.85

    def __init__(self, script: Script) -> None:
        self._script = script

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """All actions at once."""
        await asyncio.sleep(0)
        met, doubts = self._script.met(), self._script.doubts()
        found = {
            action.uid: self._judged(action, reading, met, doubts)
            for action in actions
            if action.predicates
        }
        return JudgeAnswer(found, len(reading.text) // 4 + 40 * len(found), 1)

    def _judged(
        self,
        action: CompiledAction,
        reading: Reading,
        met: frozenset[str],
        doubts: Mapping[str, float],
    ) -> Judged:
        by_key = {
            key: doubts.get(action.uid, _sure(text in met, text, reading.message))
            for key, text in action.predicates.items()
        }
        return Judged(max(by_key.values()), self.name, by_key)


def _conditions(action: CompiledAction, one: Use) -> Iterable[str]:
    """The conditions that belong to what the model chose; all where none is named."""
    if action.kind is None or action.arguments is None:
        return ()
    values = dict.fromkeys(action.arguments.model_fields) | dict(one.values)
    args = action.arguments.model_validate(values)
    chosen = set(action.kind.named(action.config, action.names, args)) & action.predicates.keys()
    return [action.predicates[key] for key in chosen or action.predicates]


def _sure(met: bool, condition: str, message: str) -> float:
    """Sure of the same condition in the same words, and always the same number."""
    noise = zlib.crc32(f"{condition}{message}".encode()) % 90 / 1000
    return round(0.99 - noise if met else 0.01 + noise, 3)
