"""What an admin sets about a model server."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["chat", "judge", "analysis", "fallback"]
JudgeKind = Literal["auto", "decisions", "chat", "none"]


class ModelSettings(BaseModel):
    """A model server: its address, a model for each role, and what it understands."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    base_url: str = Field(min_length=1, max_length=500)
    chat: str = Field(min_length=1, max_length=200)
    judge: str = Field("", max_length=200)
    analysis: str = Field("", max_length=200)
    fallback: str = Field("", max_length=200)
    judge_kind: JudgeKind = "auto"
    timeout: float = Field(20.0, ge=1, le=120)
    max_tokens_param: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    supports_strict: bool = False
    supports_stream_usage: bool = True
    extra_body: dict[str, Any] = Field(default_factory=dict)

    def model_for(self, role: Role) -> str:
        """The model of a role; the judge and the analysis fall back to the chat model."""
        own: str = getattr(self, role)
        return own if own or role == "fallback" else self.chat
