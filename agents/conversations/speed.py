"""How long turns took and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from agents.conversations.models import Turn


@dataclass(frozen=True, slots=True)
class Speed:
    """What a turn took and cost."""

    first_ms: float | None
    model_ms: float | None
    judge_ms: float | None
    total_ms: float | None
    held: bool
    requests: int
    judge_requests: int
    prompt: int
    completion: int
    judge: int

    @property
    def tokens(self) -> int:
        """Of every role together."""
        return self.prompt + self.completion + self.judge


def duration(milliseconds: float | None) -> str:
    """A duration as people read it: 4 ms, 0.52 s."""
    if milliseconds is None:
        return ""
    if milliseconds < 100:
        return f"{round(milliseconds)} ms"
    return f"{milliseconds / 1000:.2f} s"


def speed_of(turn: Turn) -> Speed:
    """From what the engine stored with the turn."""
    timings, usage = turn.timings or {}, turn.usage or {}
    return Speed(
        first_ms=timings.get("first_ms"),
        model_ms=timings.get("model_ms"),
        judge_ms=timings.get("judge_ms"),
        total_ms=timings.get("total_ms"),
        held=bool(timings.get("held")),
        requests=usage.get("requests", 0),
        judge_requests=usage.get("judge_requests", 0),
        prompt=usage.get("prompt") or 0,
        completion=usage.get("completion") or 0,
        judge=usage.get("judge_tokens") or 0,
    )


@dataclass(slots=True)
class Totals:
    """Timing and tokens of a whole conversation."""

    first_ms: list[float] = field(default_factory=list)
    model_ms: float = 0
    judge_ms: float = 0
    total_ms: float = 0
    requests: int = 0
    judge_requests: int = 0
    prompt: int = 0
    completion: int = 0
    judge: int = 0

    @property
    def tokens(self) -> int:
        """Of every role together."""
        return self.prompt + self.completion + self.judge

    @property
    def median_first(self) -> float | None:
        """The median time to the first word."""
        ordered = sorted(self.first_ms)
        return ordered[len(ordered) // 2] if ordered else None


def totals(speeds: Iterable[Speed]) -> Totals:
    """Summed over turns."""
    made = Totals()
    for speed in speeds:
        if speed.first_ms is not None:
            made.first_ms.append(speed.first_ms)
        made.model_ms += speed.model_ms or 0
        made.judge_ms += speed.judge_ms or 0
        made.total_ms += speed.total_ms or 0
        made.requests += speed.requests
        made.judge_requests += speed.judge_requests
        made.prompt += speed.prompt
        made.completion += speed.completion
        made.judge += speed.judge
    return made
