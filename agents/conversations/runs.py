"""One run of an action, in the words that people read."""

from __future__ import annotations

from dataclasses import dataclass

from actions import registry
from agents.conversations.legs import legs_of
from agents.conversations.models import ActionRun

STATES = {
    ActionRun.Status.PROPOSED: "not started",
    ActionRun.Status.RUNNING: "running",
    ActionRun.Status.ASKED: "waiting for the answer",
    ActionRun.Status.FAILED: "failed",
    ActionRun.Status.UNKNOWN: "result unknown",
    ActionRun.Status.INTERRUPTED: "interrupted before it could run",
}
CANCELLED_BY = {
    "replaced": "replaced by a newer question",
    "refused": "the contact said no",
    "unanswered": "the contact did not answer the question",
    "question_open": "another question was already open",
    "paused": "the agent is paused",
    "overtime": "the time before the hand-off was over",
}


@dataclass(frozen=True, slots=True)
class RunView:
    """One run: its line, what it changed, and how it ended."""

    line: str
    status: str
    label: str
    effects: tuple[str, ...]
    error: str
    legs: tuple[str, ...]
    milliseconds: int | None

    @property
    def slow(self) -> bool:
        """Whether it took long enough to be worth a figure."""
        return (self.milliseconds or 0) >= 100


def run_view(run: ActionRun, *, over: bool = False) -> RunView:
    """A run in words; effects that its line already names are left out. `over`: no answer comes."""
    effects = [str(effect.get("line", "")) for effect in run.effects]
    kind = registry.get(run.type)
    status = ActionRun.Status(run.status)
    error = str(run.error.get("sentence", "")) if run.error else ""
    watched = run.mode == "shadow"  # its decision says that nothing was changed
    return RunView(
        line="" if error or watched else without_label(run.line, kind.label if kind else ""),
        status=run.status,
        label="" if watched else _outcome(run, status, over),
        effects=tuple(line for line in effects if line and not _says(run.line, line)),
        error=error,
        legs=legs_of(run),
        milliseconds=round(run.milliseconds) if run.milliseconds is not None else None,
    )


def without_label(line: str, label: str) -> str:
    """A run's line as it follows the action's name: *Disposition Quote* becomes *Quote*."""
    known = label.lower().split()
    words = line.split(" ")
    if not known:
        return line
    if all(word.lower() in known for word in words):
        return ""
    return " ".join(words[1:]) if words[0].lower().strip(":") == known[-1] else line


def _says(said: str, line: str) -> bool:
    """Whether a run's own line names what an effect line says: *Disposition: Quote* in *Quote*."""
    return line.rpartition(": ")[2].lower() in said.lower()


def _outcome(run: ActionRun, status: ActionRun.Status, over: bool) -> str:
    """How it ended; one that was cancelled says by what."""
    if status is ActionRun.Status.DONE:
        return "" if run.outcome == "done" else run.outcome.replace("_", " ")
    if status is ActionRun.Status.CANCELLED:
        cause = "" if run.error else CANCELLED_BY.get(run.outcome, "")
        return f"cancelled: {cause}" if cause else "cancelled" if not run.error else ""
    if status is ActionRun.Status.ASKED and over:
        return "not answered before the conversation ended"
    return STATES[status]
