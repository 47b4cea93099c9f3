"""What goes to a language model and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["timeout", "rate_limited", "auth", "bad_request", "unavailable", "nonsense", "cut"]
PERMANENT: frozenset[Kind] = frozenset({"auth", "bad_request"})


class ModelError(Exception):
    """A request to a model failed; `sentence` tells the admin what happened and what to do."""

    def __init__(
        self,
        kind: Kind,
        sentence: str,
        *,
        permanent: bool | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.permanent = kind in PERMANENT if permanent is None else permanent
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers, as whom we ask, and what that server understands."""

    base_url: str
    api_key: str = field(repr=False)
    model: str
    extra_body: dict[str, Any] = field(default_factory=dict, kw_only=True)
    max_tokens_param: str = field(default="max_tokens", kw_only=True)
    supports_strict: bool = field(default=False, kw_only=True)
    supports_stream_usage: bool = field(default=True, kw_only=True)
    timeout: float = field(default=20.0, kw_only=True)  # seconds for a whole answer


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to a chat model. `tools` is a ready JSON array, sent byte for byte.

    An answer with more words than `max_characters` ends there, with the finish reason `length`.
    """

    system: str
    messages: Sequence[dict[str, Any]]
    tools: bytes | None = None
    tool_choice: str | None = None
    max_tokens: int | None = None
    json_schema: dict[str, Any] | None = None
    max_characters: int = 100_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request; `cached` is the part of the prompt that was cheap."""

    prompt: int
    completion: int
    cached: int = 0


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model wants; the arguments are JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolOpened:
    """A tool's name is known; its arguments are still on their way."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer."""

    text: str
    calls: tuple[ToolCall, ...]
    finish_reason: str
    usage: Usage | None = None


Event = Text | ToolOpened | Done


@dataclass(frozen=True, slots=True)
class Predicate:
    """One yes or no question for the judge."""

    name: str
    instructions: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How probable a yes is, who said so, and the tokens of the whole request."""

    probability: float
    engine: str
    tokens: int = 0
