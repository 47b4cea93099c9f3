"""A replayed test beside the one that it repeats: what was decided otherwise, turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.conversations import pages, reading
from agents.conversations.models import ActionRun, Conversation, Turn

NOT_FIRED = "did not fire"


@dataclass(frozen=True, slots=True)
class Change:
    """One action that was decided otherwise; `why` is the reason where it does not fire now."""

    turn: int
    label: str
    before: str
    now: str
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a replay shows: where it comes from, the words it changed, what differs."""

    source: Conversation | None
    turn: int
    edited: bool
    same_version: bool
    after: int | None
    changes: tuple[Change, ...]
    earlier: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Exchange:
    """A message of the contact with the event turns that followed it."""

    turns: tuple[reading.TurnView, ...]

    @property
    def number(self) -> int:
        return self.turns[0].number

    def like(self, other: _Exchange) -> _Exchange:
        """Without the events that the other one has not had: those come after what is repeated."""
        kinds = {turn.kind for turn in other.turns}
        return _Exchange(tuple(turn for turn in self.turns if turn.kind in kinds))

    def results(self) -> dict[str, reading.DecisionView]:
        """By action, the decision that says most: one that fired before one that did not."""
        found: dict[str, reading.DecisionView] = {}
        for turn in self.turns:
            for decision in turn.decisions:
                known = found.get(decision.action.uid)
                if known is None or (decision.shown and not known.fired):
                    found[decision.action.uid] = decision
        return found


def compared(test: Conversation) -> Comparison | None:
    """The comparison of a replayed test; None for any other one."""
    asked = test.world.get("replay")
    if not asked:
        return None
    source = pages.get_conversation(asked["of"])
    if source is None:
        return Comparison(None, asked["turn"], bool(asked["text"]), True, None, (), ())
    old, new = _exchanges(source), _exchanges(test)
    last = next((n for n, one in enumerate(old) if one.number == asked["turn"]), None)
    done = last is not None and len(new) > last
    pairs = list(zip(old, new, strict=False))[: last + 1] if last is not None else []
    earlier = [change for was, now in (pairs[:-1] if done else pairs) for change in _diff(was, now)]
    return Comparison(
        source=source,
        turn=asked["turn"],
        edited=bool(asked["text"]),
        same_version=source.version_id == test.version_id,
        after=new[last].turns[-1].number if done and last is not None else None,
        changes=tuple(_diff(*pairs[-1])) if done else (),
        earlier=tuple(earlier),
    )


def _exchanges(test: Conversation) -> list[_Exchange]:
    """The conversation cut before each message of the contact; the greeting is left out."""
    rows = reading.with_runs(Turn.objects.filter(conversation=test))
    views = reading.turn_views(test, rows.exclude(state=Turn.State.RUNNING))
    groups: list[list[reading.TurnView]] = []
    for view in views:
        if view.kind == Turn.Kind.MESSAGE:
            groups.append([view])
        elif groups:
            groups[-1].append(view)
    return [_Exchange(tuple(group)) for group in groups]


def _diff(was: _Exchange, now: _Exchange) -> Sequence[Change]:
    """The actions whose result is another one."""
    before, after = was.like(now).results(), now.results()
    changes = []
    for uid in {**before, **after}:
        old, new = before.get(uid), after.get(uid)
        one = new or old
        rings = any(run.status == ActionRun.Status.RUNNING for run in (new.runs if new else ()))
        then, here = _words(old, short=rings), _words(new, short=rings)
        if one is None or then == here:
            continue
        why = new.sentence if new and not new.shown else ""
        changes.append(Change(was.number, one.action.label, then, here, why))
    return changes


def _words(decision: reading.DecisionView | None, *, short: bool) -> str:
    """What became of an action, with what it did unless that is still to come."""
    if decision is None or not decision.shown:
        return NOT_FIRED
    lines = [] if short else [run.line for run in decision.runs if run.line]
    said = "fired" if decision.fired else decision.words
    return f"{said}: {', '.join(lines)}" if lines else said
