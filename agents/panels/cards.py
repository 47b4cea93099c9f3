"""What an action card says: its sentence, its state, how practice mode understands it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.base import Moment, Need
from actions.guards import guard_sentence
from actions.practice import understand
from agents.panels.linter import PanelFinding, Read, deciding, lint, read_actions
from agents.panels.models import Action, InstructionPanel, Unsaved
from agents.panels.publish import lacking
from agents.panels.stored import event_of

DECIDES = {
    "own": "One of the conditions below is met.",
    "both": (
        "A choice with a condition of its own: when that one is met. All others: when the "
        "condition above is met."
    ),
    "idle": "One of the conditions below is met; the one above decides nothing.",
}
EVENTS = {
    "always": "nobody answers",
    "not_answered": "the call is not answered",
    "busy": "the line is busy",
    "failed": "the call fails",
    "machine": "a machine answers",
}


@dataclass(frozen=True)
class Understood:
    """One condition and what practice mode makes of it."""

    condition: str
    sentence: str
    whole: bool


@dataclass(frozen=True)
class Conditions:
    """Which of a card's conditions decides, and what practice mode makes of each."""

    decides: str = ""
    items: list[Understood] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tried:
    """How much of what an action has to show was shown in tests; `earlier`: before it changed."""

    ticked: int = 0
    total: int = 0
    earlier: int = 0

    def __add__(self, other: Tried) -> Tried:
        """Both together."""
        return Tried(
            self.ticked + other.ticked, self.total + other.total, self.earlier + other.earlier
        )

    @property
    def whole(self) -> bool:
        """Whether all of it was."""
        return bool(self.total) and self.ticked == self.total

    @property
    def words(self) -> str:
        """What the card says; empty where nothing was tried."""
        if self.whole:
            return "tried"
        if self.ticked:
            return f"{self.ticked} of {self.total} tried"
        return "tried before the last change" if self.earlier else ""


@dataclass
class Card:
    """An action as the page shows it."""

    action: Action
    label: str
    icon: str
    lead: str
    condition: str
    also: str
    does: str
    known: bool
    ends: bool = False
    fired: int = 0
    tried: Tried = Tried()
    needs: list[Need] = field(default_factory=list)
    findings: list[PanelFinding] = field(default_factory=list)
    understood: Conditions = field(default_factory=Conditions)
    unsaved: Unsaved | None = None
    opened: bool = False
    form: Any = None

    @property
    def uid(self) -> str:
        """As text."""
        return str(self.action.uid)

    @property
    def errors(self) -> list[PanelFinding]:
        """What blocks publishing."""
        return [finding for finding in self.findings if finding.level == "error"]

    @property
    def warnings(self) -> list[PanelFinding]:
        """What is doubtful."""
        return [finding for finding in self.findings if finding.level != "error"]

    @property
    def drawn(self) -> str:
        """A digest of what the page shows of it: it is drawn again where this differs."""
        shown = (
            self.label, self.icon, self.lead, self.condition, self.also, self.does, self.known,
            self.ends, self.fired, self.tried, self.action.enabled, self.action.mode,
            bool(self.unsaved),
            [(finding.level, finding.text) for finding in self.findings],
        )  # fmt: skip
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Board:
    """All cards of a panel, and what the linter says."""

    cards: list[Card]
    findings: list[PanelFinding]

    @property
    def notices(self) -> list[PanelFinding]:
        """What stands above the list: about the panel, and the first warning with a remedy."""
        with_fix = [finding for finding in self.findings if finding.fix]
        return [finding for finding in self.findings if not finding.uid] + with_fix[:1]

    @property
    def errors(self) -> int:
        """How many findings block publishing."""
        return sum(finding.level == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many do not."""
        return len(self.findings) - self.errors

    @property
    def tried(self) -> Tried:
        """How much of all that the draft can do was shown in tests."""
        return sum((card.tried for card in self.cards), Tried())

    def card(self, uid: object) -> Card | None:
        """One card."""
        return next((card for card in self.cards if card.uid == str(uid)), None)


def board(panel: InstructionPanel) -> Board:
    """Everything that the list of actions shows."""
    reads = read_actions(panel)
    findings = lint(panel, reads)
    cards = [card(read, findings) for read in reads]
    return Board(cards, findings)


def card(read: Read, findings: Sequence[PanelFinding] = ()) -> Card:
    """One action."""
    lead, condition = sentence(read)
    kind = read.kind
    return Card(
        action=read.row,
        label=read.label,
        icon=kind.icon if kind else "circle-help",
        lead=lead,
        condition=condition,
        also=", ".join(guard_sentence(guard, read.names) for guard in read.guards),
        does=_does(read),
        known=kind is not None,
        ends=bool(kind and kind.ends),
        needs=lacking(read.row),
        findings=[finding for finding in findings if finding.uid == read.uid],
        understood=understood(read),
    )


def _does(read: Read) -> str:
    if read.kind is None:
        return "this action type is not installed"
    return read.kind.summary(read.config, read.names) if read.config is not None else "not complete"


def sentence(read: Read) -> tuple[str, str]:
    """The start of the card's sentence, and its condition in the admin's own words."""
    moment = read.row.moment
    condition = " · ".join(dict.fromkeys(read.predicates.values())) or read.row.when
    if moment in (Moment.NO_ANSWER, Moment.IDLE):
        return "When", _event(read)
    if moment == Moment.BEFORE_HANDOFF:
        return ("Before a hand-off, when", condition) if condition else ("Before", "any hand-off")
    if moment == Moment.AFTER_END:
        return ("After the end, when", condition) if condition else ("After", "the conversation")
    waits = any(guard.kind == "ended_with" for guard in read.guards)
    if not condition and waits:
        return "When", ", ".join(guard_sentence(guard, read.names) for guard in read.guards)
    return "When", condition or "…"


def _event(read: Read) -> str:
    event = event_of(read.row)
    if event.kind == "attempt":
        return f"attempt {event.n} is not answered"
    if event.kind in ("silent_hours", "silent_days"):
        unit = event.kind.removeprefix("silent_")
        return f"the contact is silent for {event.n} {unit if event.n > 1 else unit[:-1]}"
    return "the contact is silent" if read.row.moment == Moment.IDLE else EVENTS[event.kind]


def understood(read: Read) -> Conditions:
    """How practice mode understands each condition of an action."""
    if read.row.moment in (Moment.NO_ANSWER, Moment.IDLE):
        return Conditions()
    found = []
    for text in dict.fromkeys(read.predicates.values()):
        known = understand(text)
        found.append(Understood(text, known.sentence, known.whole))
    return Conditions(DECIDES.get(deciding(read), ""), found)
