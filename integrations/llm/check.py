"""*Check now* for a model server: what answers, what it understands, and how fast."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from integrations.llm import client
from integrations.llm.judge import chat_predicate, decisions
from integrations.llm.stream import collect, complete, stream_chat
from integrations.llm.types import ChatRequest, Endpoint, ModelError, Predicate

LIMIT = 10.0
TOOL = (
    b'[{"type":"function","function":{"name":"note","description":"Write a note.","parameters":'
    b'{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}}}]'
)


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that was tried."""

    name: str
    ok: bool
    sentence: str
    ms: int
    needed: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All that was tried; it works where everything needed does."""

    findings: tuple[CheckFinding, ...]
    models: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Can agents talk with this server?"""
        return all(each.ok for each in self.findings if each.needed)

    @property
    def sentence(self) -> str:
        """What keeps it from working, or that it works."""
        missing = (each.sentence for each in self.findings if each.needed and not each.ok)
        return next(missing, "The model server works.")

    def has(self, name: str) -> bool:
        """Did this work?"""
        return any(each.ok for each in self.findings if each.name == name)


async def check(chat: Endpoint, judge: Endpoint | None = None) -> CheckResult:
    """Try everything once. Never raises; close the clients of a loop made for it."""
    chat = replace(chat, timeout=min(chat.timeout, LIMIT))
    judge = replace(judge or chat, timeout=chat.timeout)
    listed: list[str] = []

    async def models() -> str:
        listed.extend(await client.list_models(chat))
        known = "" if chat.model in listed else f" {chat.model} is not among them."
        return f"The server lists {len(listed)} models.{known}"

    first = await _try("chat", lambda: _chat(chat), needed=True)
    findings = [await _try("models", models), first]
    if first.ok:
        findings.append(await _try("tools", lambda: _tools(chat)))
        findings.append(await _try("decisions", lambda: _decisions(judge)))
        findings.append(await _try("logprobs", lambda: _logprobs(judge)))
    return CheckResult(tuple(findings), tuple(listed[:500]))


async def _try(
    name: str, attempt: Callable[[], Awaitable[str]], needed: bool = False
) -> CheckFinding:
    begun = time.perf_counter()
    try:
        sentence, ok = await attempt(), True
    except ModelError as error:
        sentence, ok = error.sentence, False
    return CheckFinding(name, ok, sentence, round((time.perf_counter() - begun) * 1000), needed)


async def _chat(endpoint: Endpoint) -> str:
    """A short answer, streamed: it is how agents session."""
    request = ChatRequest("", [{"role": "user", "content": "Say hello."}], max_tokens=16)
    done = await collect(stream_chat(endpoint, request))
    if not done.text.strip() and done.finish_reason != "length":
        raise ModelError("nonsense", f"{endpoint.model} gave an empty answer.")
    return f"{endpoint.model} answers."


async def _tools(endpoint: Endpoint) -> str:
    """A tool that is asked for by name."""
    request = ChatRequest(
        "Use the tool.", [{"role": "user", "content": "Note: milk."}], TOOL, max_tokens=64
    )
    done = await complete(endpoint, request)
    if not done.calls:
        raise ModelError("nonsense", "The model did not call the tool that it was asked to call.")
    return "The model calls tools."


async def _decisions(endpoint: Endpoint) -> str:
    """One predicate with an obvious answer."""
    asked = [Predicate("sky", "The text says that the sky is blue.")]
    if not await decisions(endpoint, "The sky is blue.", asked):
        raise ModelError("nonsense", "The decisions endpoint refused a simple question.")
    return "The server has a decisions endpoint: the judge asks about all actions at once."


async def _logprobs(endpoint: Endpoint) -> str:
    """One yes or no question."""
    verdict = await chat_predicate(endpoint, "The sky is blue.", "Is the sky blue?")
    if verdict.engine != "chat":
        raise ModelError("nonsense", "The server gives no probabilities: the judge says yes or no.")
    return "The server gives probabilities: the judge is exact."
