"""What a conversation knows between its turns: one object, stored with the end of each turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from actions.facts import RunFact

NEVER = -1_000_000
LINES = 12  # lines of what was done that a prompt repeats


@dataclass
class Used:
    """How often an action has run: what `once` and cool-down look at."""

    done: bool = False
    last_turn: int = NEVER


@dataclass
class Memory:
    """Everything that a later turn needs and that no other row holds.

    `turn` is the number of the last turn, `exchanges` counts the contact's messages, `runs` the
    runs. `words_due` are words of ours that are still to be said. `closed`: the closing turn is
    done. `ended` are the runs that came to an end, as conditions see them.
    """

    turn: int = 0
    exchanges: int = 0
    runs: int = 0
    began_at: datetime | None = None
    last_contact_at: datetime | None = None
    told_closed: bool = False
    closed: bool = False
    words_due: str = ""
    script: dict[str, Any] = field(default_factory=dict)
    notes_to_model: list[str] = field(default_factory=list)
    done_lines: list[str] = field(default_factory=list)
    used: dict[str, Used] = field(default_factory=dict)
    ended: list[RunFact] = field(default_factory=list)

    def used_up(self, uid: str) -> Used:
        """The record of one action."""
        return self.used.setdefault(uid, Used())

    def ran(self, run: RunFact, line: str) -> None:
        """A run has ended: conditions, repeat and the prompt see it."""
        used = self.used_up(run.action)
        used.last_turn = run.turn
        used.done = used.done or run.status == "done"
        self.ended.append(run)
        if line:
            self.did(line)

    def did(self, line: str) -> None:
        """Name something that was done in the prompts to come."""
        self.done_lines = [*self.done_lines, line][-LINES:]

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        kept: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return kept

    def copy(self) -> Memory:
        """One that may be changed without changing this one."""
        return recalled(self.stored())


_ADAPTER = TypeAdapter(Memory)


def recalled(stored: dict[str, Any]) -> Memory:
    """The memory that a row holds; a field that is no more is left out."""
    return _ADAPTER.validate_python(stored)
