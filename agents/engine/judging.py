"""The second key: was a condition met? Decisions endpoint, chat predicates or rules."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from actions.languages import ENGLISH, Language
from actions.practice import Understanding
from actions.understood import Evidence
from agents.core.waits import wait
from agents.engine import prompt
from agents.engine.compiled import CompiledAction
from integrations.llm.judge import DEFAULT_THRESHOLDS, chat_predicate, decisions
from integrations.llm.types import Endpoint, ModelError, Predicate

CHAT_QUESTIONS = 2  # chat predicates a turn


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict about one action: the largest probability, and that of each choice."""

    p: float
    engine: str
    by_key: dict[str, float] = field(default_factory=dict)
    evidence: str = ""

    def of(self, keys: Sequence[str]) -> float:
        """The probability of the named choices; of the action where none is named."""
        named = [self.by_key[key] for key in keys if key in self.by_key]
        return max(named) if named else self.p


@dataclass(slots=True)
class JudgeAnswer:
    """What was asked and what it cost."""

    verdicts: dict[str, Judged] = field(default_factory=dict)
    tokens: int = 0
    requests: int = 0


class Judge(Protocol):
    """Answers about actions. `upfront`: asks about all at the start of a turn."""

    upfront: bool
    name: str
    default_threshold: float

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer: ...


@dataclass
class Reading:
    """What the judge and the rules read: this turn's words, those before, and the whole as text.

    The text is composed when it is first needed: a request to the chat model does not wait for it.
    """

    compose: Callable[[], str]
    message: str
    before: tuple[str, ...] = ()
    whole: bool = False
    event: str = ""
    language: Language = ENGLISH

    @cached_property
    def text(self) -> str:
        """The conversation as text."""
        return self.compose()


@dataclass
class Judgement:
    """What a turn has asked the judge, and what it has answered so far."""

    task: asyncio.Task[JudgeAnswer] | None = None
    asked_at: float = 0.0
    lazily: set[str] = field(default_factory=set)
    again: bool = False
    verdicts: dict[str, Judged] = field(default_factory=dict)

    @property
    def left(self) -> float:
        """Seconds until the judge is late."""
        return max(wait("judge") - (time.perf_counter() - self.asked_at), 0)

    async def wait(self) -> bool:
        """Wait for a running judge, at most until it is late; whether it is there."""
        if self.task is None:
            return True
        if not self.task.done():
            await asyncio.wait({self.task}, timeout=self.left)
        return self.task.done()

    def cancel(self) -> None:
        """Its answer is of no use any more."""
        if self.task and not self.task.done():
            self.task.cancel()


@dataclass
class DecisionsJudge:
    """All actions as predicates in one request to a decisions endpoint."""

    endpoint: Endpoint
    upfront: bool = True
    name: str = "decisions"
    default_threshold: float = DEFAULT_THRESHOLDS["decisions"]

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """One request; a refused predicate is simply missing."""
        index: dict[str, tuple[str, str]] = {}
        asked = []
        for action in actions:
            for n, (key, condition) in enumerate(action.predicates.items()):
                name = f"a{action.index}_{n}"
                index[name] = (action.uid, key)
                text = prompt.question(condition, whole=reading.whole)
                asked.append(Predicate(name, text))
        if not asked:
            return JudgeAnswer()
        answers = await decisions(self.endpoint, reading.text, asked)
        found: dict[str, dict[str, float]] = {}
        tokens = 0
        for name, verdict in answers.items():
            uid, key = index[name]
            found.setdefault(uid, {})[key] = verdict.probability
            tokens = max(tokens, verdict.tokens)
        verdicts = {
            uid: Judged(max(by_key.values()), self.name, by_key) for uid, by_key in found.items()
        }
        return JudgeAnswer(verdicts, tokens, 1)


@dataclass
class ChatJudge:
    """One yes / no question per condition, only about proposed consequential actions."""

    endpoint: Endpoint
    upfront: bool = False
    name: str = "chat"
    default_threshold: float = DEFAULT_THRESHOLDS["chat"]

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """At most two questions a turn."""
        asked = JudgeAnswer()
        for action in actions:
            by_key: dict[str, float] = {}
            engine = self.name
            for key, condition in action.predicates.items():
                if asked.requests >= CHAT_QUESTIONS:
                    break
                question = prompt.question(condition, whole=reading.whole)
                verdict = await chat_predicate(self.endpoint, reading.text, question)
                asked.requests += 1
                asked.tokens += verdict.tokens
                by_key[key], engine = verdict.probability, verdict.engine
            if by_key:
                asked.verdicts[action.uid] = Judged(max(by_key.values()), engine, by_key)
        return asked


@dataclass
class RulesJudge:
    """The built-in rules, for the conditions they understand."""

    upfront: bool = True
    name: str = "rules"
    default_threshold: float = DEFAULT_THRESHOLDS["rules"]

    async def ask(self, actions: Sequence[CompiledAction], reading: Reading) -> JudgeAnswer:
        """No request: a matched condition is 1, an understood one that did not match is 0."""
        return JudgeAnswer(rule_verdicts(actions, reading))


def threshold_of(action: CompiledAction, judge: Judge | None) -> float:
    """The action's own threshold or its agent's, else the default of the judge that is asked."""
    if action.threshold is not None:
        return action.threshold
    return (judge or RulesJudge).default_threshold


def first_match(known: Understanding, reading: Reading) -> Evidence | None:
    """The words that meet a condition: in this turn, or anywhere where the whole counts."""
    texts = [reading.message, *reversed(reading.before)] if reading.whole else [reading.message]
    for text in texts:
        if found := known.match(text, reading.before, event=reading.event):
            return found
    return None


def rule_verdicts(actions: Sequence[CompiledAction], reading: Reading) -> dict[str, Judged]:
    """What the rules say, with the words that matched as evidence."""
    verdicts: dict[str, Judged] = {}
    for action in actions:
        by_key: dict[str, float] = {}
        quote = ""
        for key, known in action.understood.items():
            if known.needs_model:
                continue
            found = first_match(known, reading)
            if not found and not known.whole:
                continue  # the part that is not understood may have been met
            by_key[key] = 1.0 if found else 0.0
            quote = quote or (found.quote if found else "")
        if by_key:
            verdicts[action.uid] = Judged(max(by_key.values()), "rules", by_key, quote)
    return verdicts


async def ask_safely(
    judge: Judge, actions: Sequence[CompiledAction], reading: Reading
) -> JudgeAnswer:
    """The verdicts, or none where the judge does not answer: the proposal then decides."""
    try:
        return await judge.ask(actions, reading)
    except ModelError:
        return JudgeAnswer(requests=1)
