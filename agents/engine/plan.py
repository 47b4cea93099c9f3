"""What a turn has decided to do; stored before anything is done, for after a crash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from actions.base import Mode
from agents.engine.compiled import CompiledAction, CompiledVersion
from agents.engine.ledger import Run
from agents.engine.speech import SpeechBuffer
from agents.engine.tools import Proposal
from integrations.llm.types import ToolCall


@dataclass(frozen=True, slots=True)
class Firing:
    """An action that will run, with the values it was given."""

    action: CompiledAction
    proposal: Proposal

    @property
    def key(self) -> tuple[str, str]:
        """Which run of a turn this is."""
        return self.action.uid, self.proposal.digest

    @property
    def leaves(self) -> bool:
        """Whether it takes the conversation away; a watched ending only records that it would."""
        kind = self.action.kind
        return kind is not None and kind.ends and self.action.frozen.mode != Mode.SHADOW

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        args = self.proposal.args.model_dump(mode="json") if self.proposal.args else {}
        return {"uid": self.action.uid, "call": self.proposal.call_id, "arguments": args}


@dataclass
class Message:
    """One complete message of the model, and the buffer through which it is spoken."""

    speech: SpeechBuffer
    text: str = ""
    calls: tuple[ToolCall, ...] = ()

    @property
    def empty(self) -> bool:
        """Neither words nor calls."""
        return not self.text.strip() and not self.calls


@dataclass
class Leaving:
    """An ending that was decided: what fired, its message, the run that had asked first."""

    firing: Firing
    message: Message
    run: Run | None = None


@dataclass
class Plan:
    """What one message came to: what fires, what is asked first, what was refused and why."""

    message: Message | None = None
    fire: list[Firing] = field(default_factory=list)
    ask: Firing | None = None
    recheck: list[CompiledAction] = field(default_factory=list)
    refused: list[tuple[Proposal, str]] = field(default_factory=list)

    @property
    def endings(self) -> list[Firing]:
        """Those that end the conversation, in list order."""
        return [firing for firing in self.fire if firing.leaves]

    @property
    def others(self) -> list[Firing]:
        """Everything that runs before an ending."""
        return [firing for firing in self.fire if not firing.leaves]

    @property
    def acts(self) -> bool:
        """Whether anything is done because of it."""
        return bool(self.fire or self.ask)

    def stored(self) -> dict[str, Any]:
        """As JSON, for after a crash."""
        message = self.message
        refused = [(p.call_id, p.tool, p.raw, why) for p, why in self.refused]
        return {
            "text": message.text if message else "",
            "calls": [(c.id, c.name, c.arguments) for c in message.calls] if message else [],
            "fire": [firing.stored() for firing in self.fire],
            "ask": self.ask.stored() if self.ask else None,
            "refused": refused,
        }


def read_firing(version: CompiledVersion, stored: dict[str, Any]) -> Firing:
    """From JSON; the version is the same as then."""
    action = version.by_uid[stored["uid"]]
    args = action.arguments.model_validate(stored["arguments"]) if action.arguments else None
    raw = orjson.dumps(stored["arguments"]).decode()
    return Firing(action, Proposal(action.uid, stored["call"], action.tool_name, raw, args))


def read_plan(version: CompiledVersion, stored: dict[str, Any], speech: SpeechBuffer) -> Plan:
    """A plan that a crash left: nothing of its message has been spoken to whoever comes back."""
    speech.hold(stored["text"])
    calls = tuple(ToolCall(*call) for call in stored["calls"])
    refused = [(Proposal("", call, tool, raw, None), why)
               for call, tool, raw, why in stored["refused"]]  # fmt: skip
    return Plan(
        Message(speech, stored["text"], calls),
        [read_firing(version, one) for one in stored["fire"]],
        read_firing(version, stored["ask"]) if stored["ask"] else None,
        refused=refused,
    )


def in_list_order(firings: Sequence[Firing]) -> list[Firing]:
    """As the panel lists them."""
    return sorted(firings, key=lambda firing: firing.action.index)
