"""What people read of a conversation: turns, decisions and runs as plain views for templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from actions import registry
from agents.conversations.legs import OpenLeg, open_leg
from agents.conversations.models import ActionRun, Conversation, Turn
from agents.conversations.reasons import FIRED, Decision, Reason
from agents.conversations.runs import RunView, run_view
from agents.conversations.speed import Speed, duration, speed_of
from agents.conversations.why import checks, figures, note_of, reason_of, score, sentence
from agents.panels.schema import FrozenAction
from agents.panels.stored import read_content

ENGINES = {
    "decisions": "the decisions endpoint",
    "chat": "the chat model, asked yes or no",
    "rules": "practice mode",
}
WAITING = frozenset({Reason.CONFIRMING, Reason.AWAITING_APPROVAL, Reason.SHADOW})
ICONS = {
    Reason.CONFIRMING: "clock",
    Reason.AWAITING_APPROVAL: "clock",
    Reason.SHADOW: "eye",
}
WORDS = {
    Reason.CONFIRMING: "asked first",
    Reason.AWAITING_APPROVAL: "is waiting for approval",
    Reason.SHADOW: "would have fired",
}


@dataclass(frozen=True, slots=True)
class ActionName:
    """An action as the version of this conversation names it."""

    uid: str
    label: str
    when: str
    known: bool = True
    """Whether the version holds it and its type is there: its card can be opened."""
    installed: bool = True


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided about one action in one turn, and why. `shown`: not among the rest."""

    action: ActionName
    code: str
    fired: bool
    shown: bool
    words: str
    tone: str
    icon: str
    sentence: str
    evidence: str
    score: str
    needs: str
    judged_by: str
    note: str
    held: tuple[str, ...]
    stopped: str
    runs: tuple[RunView, ...] = ()

    @property
    def small(self) -> list[str]:
        """What is written below it in small, beside the evidence; nothing twice."""
        plain = self.code == Reason.FIRED
        parts = [self.note] if plain else [self.sentence.rstrip("."), self.note]
        for run in self.runs:
            parts.append(run.label)
            parts.append(duration(run.milliseconds) if run.slow else "")
        errors = {run.error.rstrip(".") for run in self.runs}
        return [part for part in dict.fromkeys(parts) if part and part not in errors]


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange, or one event line."""

    number: int
    kind: str
    title: str
    inbound: str
    reply: str
    unheard: str
    cut: bool
    at: datetime
    clock: str
    shown: tuple[DecisionView, ...]
    out: tuple[DecisionView, ...]
    notes: tuple[str, ...]
    speed: Speed
    incomplete: bool
    leg: OpenLeg | None
    outcome: str
    new_day: date | None = None

    @property
    def decisions(self) -> tuple[DecisionView, ...]:
        """All of them, what fired first."""
        return self.shown + self.out

    @property
    def actions_ms(self) -> float | None:
        """How long its runs took together; None where nothing ran."""
        runs = [run.milliseconds for d in self.shown for run in d.runs]
        return sum(filter(None, runs)) if runs else None

    @property
    def icon(self) -> str:
        """Of an event line."""
        return EVENT_ICONS.get(self.kind, "info")

    @property
    def said(self) -> str:
        """What a screen reader is told when the turn is placed."""
        parts = [f"{d.action.label} {'fired' if d.fired else d.words}." for d in self.shown]
        return " ".join([*parts, f"{len(self.out)} did not fire." if self.out else ""]).strip()

    @property
    def pace(self) -> list[str]:
        """How fast it was and what it took, in small."""
        speed, parts = self.speed, []
        if self.event or not speed.requests:
            return []
        if speed.first_ms is not None:
            parts.append(f"first word {duration(speed.first_ms)}{', held' if speed.held else ''}")
        parts.append(f"{speed.requests} request{'s' if speed.requests > 1 else ''}")
        return parts + ([f"{speed.tokens:,} tokens"] if speed.tokens else [])

    @property
    def event(self) -> bool:
        """A turn that is a line, not an exchange."""
        if self.kind == Turn.Kind.SYSTEM:
            return not self.reply
        return self.kind not in (Turn.Kind.GREETING, Turn.Kind.MESSAGE)

    @property
    def telling(self) -> bool:
        """Whether its decisions say anything: in our own words everything is out by its moment."""
        own = self.kind in (Turn.Kind.GREETING, Turn.Kind.SYSTEM)
        return bool(self.shown) or (bool(self.out) and not own)


EVENTS = {
    Turn.Kind.HANDOFF: "Hand-off decided",
    Turn.Kind.CLOSING: "The conversation is over",
    Turn.Kind.NO_ANSWER: "The call was not answered",
    Turn.Kind.IDLE: "The contact is silent",
    Turn.Kind.SYSTEM: "Note",
}


EVENT_ICONS: dict[str, str] = {
    Turn.Kind.HANDOFF: "phone-forward",
    Turn.Kind.CLOSING: "flag",
    Turn.Kind.NO_ANSWER: "phone-missed",
    Turn.Kind.IDLE: "hourglass",
}


# --- queries ---------------------------------------------------------------------------------


def with_runs(turns: QuerySet[Turn]) -> QuerySet[Turn]:
    """Turns with everything a view needs: three more queries, however many turns."""
    runs = ActionRun.objects.order_by("at", "position").prefetch_related("transfer__legs")
    return turns.prefetch_related(Prefetch("runs", queryset=runs))


def turn_views(conversation: Conversation, turns: Iterable[Turn]) -> list[TurnView]:
    """The views of these turns, in their order."""
    names = action_names(conversation)
    views: list[TurnView] = []
    day = timezone.localtime(conversation.started_at).date()
    for turn in turns:
        local = timezone.localtime(turn.at).date()
        views.append(_turn(conversation, turn, names, local if local != day else None))
        day = local
    return views


def action_names(conversation: Conversation) -> dict[str, ActionName]:
    """The actions of the conversation's version by uid, in list order."""
    content = read_content(conversation.version.content)
    ordered = sorted(content.actions, key=lambda action: action.position)
    return {str(action.uid): _name(action) for action in ordered}


def _name(action: FrozenAction) -> ActionName:
    known = registry.get(action.type) is not None
    return ActionName(str(action.uid), _label(action.type), action.when, known, known)


def _label(slug: str) -> str:
    """What people call a type, one that is no more too."""
    kind = registry.get(slug)
    return kind.label if kind else slug.replace("_", " ").capitalize() or "An action"


# --- one turn --------------------------------------------------------------------------------


def _turn(
    conversation: Conversation, turn: Turn, names: dict[str, ActionName], new_day: date | None
) -> TurnView:
    runs: dict[str, list[RunView]] = {}
    for run in turn.runs.all():
        view = run_view(run, over=conversation.ended_at is not None)
        runs.setdefault(str(run.action_uid), []).append(view)
    decisions = [_decision(entry, names, runs, turn.inbound) for entry in turn.decisions]
    heard, unheard = _heard(turn)
    kind = Turn.Kind(turn.kind)
    return TurnView(
        number=turn.number,
        kind=turn.kind,
        title=EVENTS.get(kind, kind.label),
        inbound=turn.inbound,
        reply=heard,
        unheard=unheard,
        cut=turn.heard is not None,
        at=turn.at,
        clock=_clock(conversation, turn.at),
        shown=tuple(view for view in decisions if view.shown),
        out=tuple(view for view in decisions if not view.shown),
        notes=tuple(str(note) for note in turn.notes),
        speed=speed_of(turn),
        incomplete=turn.incomplete,
        leg=open_leg(conversation, turn),
        outcome=conversation.outcome,
        new_day=new_day,
    )


def _heard(turn: Turn) -> tuple[str, str]:
    """What was heard of the reply, and the rest that a barge-in cut off."""
    if turn.heard is None:
        return turn.reply, ""
    rest = turn.reply[len(turn.heard) :] if turn.reply.startswith(turn.heard) else ""
    return turn.heard, rest


def _clock(conversation: Conversation, at: datetime) -> str:
    """Minutes into a call; the time of day in a thread."""
    if conversation.channel != "voice":
        return timezone.localtime(at).strftime("%H:%M")
    seconds = max(0, int((at - conversation.started_at).total_seconds()))
    if seconds >= 86400:
        return timezone.localtime(at).strftime("%H:%M")
    return f"{seconds // 60}:{seconds % 60:02}"


# --- decisions -------------------------------------------------------------------------------


def _decision(
    entry: Decision, names: dict[str, ActionName], runs: dict[str, list[RunView]], heard: str
) -> DecisionView:
    uid = entry.get("action", "")
    code = reason_of(entry)
    own = tuple(runs.get(uid, ()))
    fired, tone = code in FIRED, _tone(code, own)
    held, stopped = checks(code)
    return DecisionView(
        action=names.get(uid) or _unknown(entry),
        code=code.value,
        fired=fired,
        shown=fired or code in WAITING or bool(own),
        words="" if fired else WORDS.get(code, "did not fire"),
        tone=tone,
        icon="circle-alert" if tone == "failed" else ICONS.get(code, "check" if fired else "x"),
        sentence=sentence(entry, code, heard),
        evidence=(entry.get("evidence") or "").strip(),
        score=score(entry, code),
        needs=figures(entry)[1],
        judged_by=ENGINES.get(entry.get("engine", ""), ""),
        note=note_of(entry, code),
        held=held,
        stopped=stopped,
        runs=own,
    )


def _unknown(entry: Decision) -> ActionName:
    """An action that the version does not hold."""
    slug = entry.get("type", "")
    there = registry.get(slug) is not None
    return ActionName(entry.get("action", ""), _label(slug), "", known=False, installed=there)


def _tone(code: Reason, runs: Sequence[RunView]) -> str:
    """The class of its row: what colour means here is in the style sheet."""
    if any(run.status == ActionRun.Status.FAILED for run in runs):
        return "failed"
    asked = any(run.status == ActionRun.Status.ASKED for run in runs)
    if asked or code in (Reason.FIRED_UNCONFIRMED, *WAITING):
        return "waiting"
    return "fired" if code in FIRED else ""
