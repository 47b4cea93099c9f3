"""Validating the setup: what of the draft a test has shown, and what to say to show the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from actions import registry
from actions.base import ActionType, Mode, Moment, Names
from actions.practice import understand
from actions.practice.samples import sample
from agents.conversations.models import ActionRun
from agents.conversations.runs import without_label
from agents.outbox.models import Delivery
from agents.panels.cards import Tried
from agents.panels.freeze import content_of
from agents.panels.models import Agent
from agents.panels.schema import FrozenAction, VersionContent
from agents.tryit.hints import hint_for
from agents.tryit.test_evidence import TestRuns, runs_on
from agents.tryit.test_goals import FALLBACK, REACHED, TestGoal, test_goals

LEAVES = ("Send", "Called")  # the effects that stand in the outbox; every other one is saved


@dataclass(frozen=True, slots=True)
class TestEvidence:
    """Which turn of which test showed it, and what was seen there."""

    conversation: UUID
    turn: int
    at: datetime
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValidationLine:
    """One thing to be shown: an action, one of its choices, or a way its transfer ends."""

    uid: UUID
    label: str
    icon: str
    group: str
    what: str
    hint: str
    say: str
    needs_model: bool
    evidence: TestEvidence | None
    earlier: TestEvidence | None
    trouble: str

    @property
    def ticked(self) -> bool:
        """Whether a test has shown it as it is now."""
        return self.evidence is not None

    @property
    def tried(self) -> Tried:
        """What it adds to its card."""
        return Tried(int(self.ticked), 1, int(self.earlier is not None))


@dataclass(frozen=True, slots=True)
class Validation:
    """Everything that a draft has to show, in the order of its actions."""

    lines: tuple[ValidationLine, ...] = ()

    @property
    def ticked(self) -> int:
        """How many lines were shown."""
        return sum(line.ticked for line in self.lines)

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    @property
    def complete(self) -> bool:
        """Whether nothing is open."""
        return bool(self.lines) and self.ticked == self.total

    @property
    def groups(self) -> list[tuple[str, list[ValidationLine]]]:
        """The lines by the group of their action."""
        found: dict[str, list[ValidationLine]] = {}
        for line in self.lines:
            found.setdefault(line.group, []).append(line)
        return list(found.items())

    def by_action(self) -> dict[str, Tried]:
        """Per action's uid, for the badges of the cards."""
        found: dict[str, Tried] = {}
        for line in self.lines:
            found[str(line.uid)] = found.get(str(line.uid), Tried()) + line.tried
        return found


def validation(agent: Agent) -> Validation:
    """What tests on the present content of each enabled action have shown."""
    try:
        content = content_of(agent.panel)
    except ValueError:
        return Validation()
    enabled = [action for action in content.actions if action.enabled]
    runs = runs_on(agent, enabled)
    shown = _Outbox(run.pk for found in runs.values() for run in (*found.now, *found.before))
    lines: list[ValidationLine] = []
    names = content.labels()
    for action in sorted(enabled, key=lambda item: item.position):
        kind = registry.get(action.type)
        if kind is not None:
            tests = _Tests(kind, action, names, shown)
            lines += _lines(tests, content, runs.get(action.uid, TestRuns()))
    return Validation(tuple(lines))


class _Outbox:
    """What the runs would have sent, with the gate's answer."""

    def __init__(self, run_ids: Iterable[UUID]) -> None:
        self._rows: dict[UUID, list[Delivery]] = {}
        for row in Delivery.objects.filter(run_id__in=list(run_ids)).defer("payload"):
            if row.run_id:
                self._rows.setdefault(row.run_id, []).append(row)

    def denied(self, run: ActionRun) -> str:
        """Why the gate stopped something of this run."""
        rows = self._rows.get(run.pk, ())
        denied = (row for row in rows if row.gate.get("decision") == "deny")
        return next((str(row.gate.get("sentence") or row.reason) for row in denied), "")

    def seen(self, run: ActionRun) -> list[str]:
        """What stands in the outbox."""
        rows = self._rows.get(run.pk, ())
        return [f"Would have left: {row.title.partition(': ')[0]}" for row in rows]


@dataclass(frozen=True, slots=True)
class _Tests:
    """What tests say about one action."""

    kind: ActionType
    action: FrozenAction
    names: Names
    outbox: _Outbox

    def about(self, goal: TestGoal, runs: Iterable[ActionRun]) -> Iterator[ActionRun]:
        """The runs that are about a line."""
        return (run for run in runs if _fits(self.kind, self.action, self.names, goal, run))

    def proof(self, goal: TestGoal, runs: Iterable[ActionRun]) -> TestEvidence | None:
        """The newest run that shows it."""
        shows = (
            run
            for run in self.about(goal, runs)
            if _good(self.kind, goal, run) and not self.outbox.denied(run)
        )
        best = next(shows, None)
        return _evidence(self.kind, best, self.outbox) if best else None

    def trouble(self, goal: TestGoal, runs: Iterable[ActionRun]) -> str:
        """Why the newest try does not count."""
        newest = next(self.about(goal, runs), None)
        return _trouble(newest, self.outbox) if newest else ""


def _lines(tests: _Tests, content: VersionContent, runs: TestRuns) -> list[ValidationLine]:
    """All lines of one action."""
    kind, action = tests.kind, tests.action
    lines = []
    for goal in test_goals(kind, action, content):
        evidence = tests.proof(goal, runs.now)
        lines.append(
            ValidationLine(
                uid=action.uid,
                label=kind.label,
                icon=kind.icon,
                group=kind.group,
                what=goal.what,
                hint=hint_for(action, goal, content),
                say=_words(tests, goal),
                needs_model=bool(goal.condition) and understand(goal.condition).needs_model,
                evidence=evidence,
                earlier=None if evidence else tests.proof(goal, runs.before),
                trouble="" if evidence else tests.trouble(goal, runs.now),
            )
        )
    return lines


def _words(tests: _Tests, goal: TestGoal) -> str:
    """What a tester may say, where words decide, with the values that are asked for."""
    kind, action = tests.kind, tests.action
    said = "" if action.moment in (Moment.NO_ANSWER, Moment.IDLE) else sample(goal.condition)
    if goal.event or not said:
        return ""
    try:
        more = kind.sample_values(kind.Config.model_validate(action.config), tests.names)
    except ValidationError:
        more = ""
    return f"{said}. {more.capitalize()}" if more else said


def _fits(
    kind: ActionType, action: FrozenAction, names: Names, goal: TestGoal, run: ActionRun
) -> bool:
    """Whether this run is about this line; one only watched shows nothing of what acts."""
    if run.mode == Mode.SHADOW and action.mode != Mode.SHADOW:
        return False
    if goal.route and _way(run) != goal.route and not (run.error and goal.route == REACHED):
        return False
    if goal.route == REACHED and _way(run) == REACHED:
        return set(goal.choices) <= _reached(run)
    return not goal.choices or set(goal.choices) <= set(_named(kind, action, names, run))


def _way(run: ActionRun) -> str:
    """How a transfer ended: its destination was reached, or the fallback ran."""
    transfer = getattr(run, "transfer", None)
    if transfer is None or run.outcome in ("", "caller_gone"):
        return ""
    targets = transfer.plan.get("targets", ())
    meant = any(str(target["ref"]).startswith("inbox:") for target in targets)
    reached = run.outcome == "answered" or (run.outcome == "message_taken" and meant)
    return REACHED if reached else FALLBACK


def _reached(run: ActionRun) -> set[str]:
    """The destination that answered, or the inbox that took the message."""
    targets = run.transfer.plan.get("targets", ())
    label = run.transfer.answered_by
    inbox = run.outcome == "message_taken"
    return {
        str(target["ref"])
        for target in targets
        if (str(target["ref"]).startswith("inbox:") if inbox else target.get("label") == label)
    }


def _named(kind: ActionType, action: FrozenAction, names: Names, run: ActionRun) -> Sequence[str]:
    """The choices that a run made."""
    try:
        config = kind.Config.model_validate(action.config)
        # What was stored as JSON is read as JSON: the types are strict.
        args = kind.arguments(config, names).model_validate(run.arguments, strict=False)
    except ValidationError:
        return ()
    return kind.named(config, names, args) or list(kind.predicates(config, action.when, names))


def _good(kind: ActionType, goal: TestGoal, run: ActionRun) -> bool:
    """Whether the run showed it: its transfer ended that way, or it ended well and saved."""
    if goal.route:
        return _way(run) == goal.route
    saved = bool(run.effects) or not kind.saves or run.mode == Mode.SHADOW
    return run.status == ActionRun.Status.DONE and saved


def _trouble(run: ActionRun, shown: _Outbox) -> str:
    """Why the newest try does not count."""
    said = str(run.error.get("sentence", "")) if run.error else ""
    return said or shown.denied(run) or f"It fired but saved nothing: {run.line}"


def _evidence(kind: ActionType, run: ActionRun, shown: _Outbox) -> TestEvidence:
    return TestEvidence(
        conversation=run.conversation_id,
        turn=run.turn.number,
        at=run.at,
        seen=tuple(_seen(kind, run, shown)),
    )


def _seen(kind: ActionType, run: ActionRun, shown: _Outbox) -> Iterable[str]:
    """What was seen: the route, the data, the messages; else the run's own line."""
    transfer = getattr(run, "transfer", None)
    if transfer is not None:
        yield _route(transfer.answered_by, run)
        return
    effects: list[Mapping[str, str]] = run.effects
    saved = [effect["line"] for effect in effects if effect.get("kind") not in LEAVES]
    left = shown.seen(run)
    if saved:
        yield f"Saved: {', '.join(saved)}"
    yield from left
    if not saved and not left:
        yield without_label(run.line, kind.label) or "Fired"


def _route(answered_by: str, run: ActionRun) -> str:
    if answered_by:
        return f"Reached {answered_by}"
    if _way(run) == REACHED:
        return "The inbox took a message"
    return f"Nobody answered ({run.outcome.replace('_', ' ')}): the fallback ran"
