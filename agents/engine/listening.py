"""Asking the chat model and listening to its stream: time limit, one retry, fallback model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from actions.base import Channel
from actions.text import clean
from agents.engine import practice
from agents.engine.adapters import Chat
from agents.engine.compiled import CompiledAction
from agents.engine.plan import Message
from agents.engine.speech import SpeechBuffer
from agents.engine.turn import TurnState
from integrations.llm.textcalls import TextCalls
from integrations.llm.types import ChatRequest, Done, Event, ModelError, Text, ToolCall, ToolOpened
from integrations.llm.written import new_id

# Characters of an answer: what can be listened to, three long messages, a page. The answer to a
# silent question is not shown, but may hold calls written as text.
CHARACTERS = {Channel.VOICE: 2_000, Channel.SMS: 3 * 1_600, Channel.CHAT: 8_000}
SILENT_CHARACTERS = 8_000
WORTH_TRYING = 0.01  # seconds that must be left for another try


@dataclass
class Question:
    """What is asked of the model: messages, tools, and what practice mode reads instead."""

    messages: list[dict[str, Any]]
    actions: Sequence[CompiledAction]
    results: Sequence[str] = ()
    sayings: Sequence[str] = ()
    extra_tools: bytes = b""
    tool_choice: str | None = None
    silent: bool = False
    names: set[str] = field(default_factory=set)

    def tools(self, turn: TurnState) -> bytes | None:
        """The tools' JSON."""
        ours = turn.conversation.version.tools(self.actions)
        if not self.extra_tools:
            return ours
        return b"[" + (ours[1:-1] + b"," if ours else b"") + self.extra_tools + b"]"


async def listen(
    turn: TurnState, question: Question, on_open: Callable[[str], None] | None = None
) -> Message:
    """Stream one message. Raises ModelError when model, retry and fallback have failed."""
    models = turn.engine.models
    if models.chat is None:
        return await _hear_practice(turn, question)
    clock = asyncio.get_running_loop().time
    ends = clock() + models.chat.limit  # of both tries together
    tries: list[Chat] = [models.chat, models.chat]
    if models.fallback:
        tries.append(models.fallback)
    last: ModelError | None = None
    for chat in tries:
        left = ends - clock() if chat is models.chat else chat.limit
        if left < WORTH_TRYING:
            continue
        speech = turn.speech()
        try:
            message = await _within(left, _attempt(turn, chat, question, speech, on_open))
        except ModelError as error:
            last = error
            if speech.has_spoken:
                break
            if error.permanent and chat is models.chat and models.fallback is None:
                break
            continue
        models.on_success()
        return message
    models.on_failure(last.sentence if last else "The model gave an empty answer.")
    raise last or ModelError("nonsense", "The model gave an empty answer.")


async def _within(seconds: float, attempt: Coroutine[Any, Any, Message]) -> Message:
    try:
        async with asyncio.timeout(seconds):
            return await attempt
    except TimeoutError:
        raise ModelError("timeout", "The model did not answer in time.") from None


async def _attempt(
    turn: TurnState,
    chat: Chat,
    question: Question,
    speech: SpeechBuffer,
    on_open: Callable[[str], None] | None,
) -> Message:
    request = ChatRequest(
        system=turn.conversation.version.system,
        messages=question.messages,
        tools=question.tools(turn),
        tool_choice=question.tool_choice,
        max_characters=(
            SILENT_CHARACTERS if question.silent else CHARACTERS[turn.conversation.facts.channel]
        ),
    )
    turn.count(requests=1)
    begun = time.perf_counter()
    try:
        message = await _hear(turn, chat.stream(request), speech, question, on_open)
    finally:
        spent = (time.perf_counter() - begun) * 1000
        turn.timings["model_ms"] = round(turn.timings.get("model_ms", 0) + spent, 2)
    if message.empty and not question.silent:
        raise ModelError("nonsense", "The model gave an empty answer.")
    return message


async def _hear(
    turn: TurnState,
    stream: AsyncGenerator[Event],
    speech: SpeechBuffer,
    question: Question,
    on_open: Callable[[str], None] | None,
) -> Message:
    """Feed the speech, watch for tools, gather the whole message; then the stream is closed."""
    async with aclosing(stream):
        return await _follow(turn, stream, speech, question, on_open)


async def _follow(
    turn: TurnState,
    stream: AsyncGenerator[Event],
    speech: SpeechBuffer,
    question: Question,
    on_open: Callable[[str], None] | None,
) -> Message:
    answer = TextCalls({*turn.conversation.version.by_tool, *question.names})
    async for event in stream:
        if isinstance(event, Text):
            piece = answer.feed(clean(event.text))
            if piece and not question.silent:
                await speech.feed(piece)
            if answer.stopped:
                speech.close()
        elif isinstance(event, ToolOpened):
            speech.close()
            if on_open:
                on_open(event.name)
        elif isinstance(event, Done):
            return await _complete(turn, event, speech, question, answer)
    raise ModelError("cut", "The model's answer was cut off.")


async def _complete(
    turn: TurnState, done: Done, speech: SpeechBuffer, question: Question, answer: TextCalls
) -> Message:
    """The whole message: calls written as text are taken as calls."""
    if done.usage:
        turn.count(prompt=done.usage.prompt, completion=done.usage.completion)
    rest = answer.end()
    text = answer.spoken.strip() if answer.stopped else clean(done.text)
    if answer.stopped:
        speech.close()
    if rest and not question.silent:
        await speech.feed(rest)
    return Message(speech, text, tuple(_cleaned(turn, call) for call in done.calls or answer.calls))


def _cleaned(turn: TurnState, call: ToolCall) -> ToolCall:
    """Without what can neither be stored nor sent back; some servers number every message anew."""
    name = clean(call.id, 200)
    if not name or name in turn.call_ids:
        name = new_id()
    turn.call_ids.add(name)
    return ToolCall(name, clean(call.name, 200), clean(call.arguments))


async def _hear_practice(turn: TurnState, question: Question) -> Message:
    """The stand-in: same path, no request."""
    speech = turn.speech()
    if turn.reading is None:
        return Message(speech)
    content = turn.conversation.content
    model = practice.PracticeModel(content.agent_name, content.settings.business)
    stream = model.stream(question.actions, turn.reading, question.sayings)
    return await _hear(turn, stream, speech, question, None)
