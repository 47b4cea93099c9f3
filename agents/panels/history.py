"""Every step of a panel, kept so that it can be undone and redone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from agents.core.models import User
from agents.core.services import audit
from agents.panels.models import Action, Agent, Edit, InstructionPanel

FIELDS = (
    "type", "when", "moment", "event", "only_if", "repeat", "cool_down", "mode", "confirm",
    "threshold", "enabled", "note", "config", "schema_version",
)  # fmt: skip
KEPT = 200  # steps of one panel
ONE_GO = timedelta(seconds=20)  # typing within this time is one step

Row = dict[str, Any]


class CannotUndo(Exception):
    """The step cannot be taken back; the text is the sentence for the person."""


class Overtaken(Exception):
    """Somebody else saved the same card or text since it was read."""


@dataclass(frozen=True, slots=True)
class State:
    """A panel as it is at one moment."""

    name: str
    instructions: str
    settings: Row
    cards: Mapping[str, Row]

    @property
    def order(self) -> list[str]:
        """The uids in their order."""
        return list(self.cards)


def _state(panel: InstructionPanel) -> State:
    """What is stored; the panel's row is locked until the transaction ends."""
    stored = InstructionPanel.objects.select_for_update().get(pk=panel.pk)
    name, settings = Agent.objects.values_list("name", "settings").get(pk=stored.agent_id)
    rows = Action.objects.filter(panel=panel).values("uid", *FIELDS)
    cards = {str(row.pop("uid")): row for row in rows}
    return State(name, stored.instructions, settings, cards)


@contextmanager
def step(*, panel: InstructionPanel, user: object, label: str) -> Iterator[State]:
    """What happens within is one step; gives the state before. Use it inside a transaction."""
    before = _state(panel)
    yield before
    old, new = _differences(before, _state(panel))
    if old != new:
        _keep(panel, user if isinstance(user, User) else None, label[:200], old, new)
        count_change(panel)


def count_change(panel: InstructionPanel) -> None:
    """The panel is another one than before."""
    panel.saved_at = timezone.now()
    InstructionPanel.objects.filter(pk=panel.pk).update(
        revision=F("revision") + 1, saved_at=panel.saved_at
    )


def _differences(before: State, after: State) -> tuple[Row, Row]:
    old: Row = {}
    new: Row = {}
    for name in ("name", "instructions", "settings"):
        if getattr(before, name) != getattr(after, name):
            old[name], new[name] = getattr(before, name), getattr(after, name)
    if before.order != after.order:
        old["order"], new["order"] = before.order, after.order
    for uid in dict.fromkeys([*before.cards, *after.cards]):
        was, now = before.cards.get(uid), after.cards.get(uid)
        if was == now:
            continue
        if was is not None and now is not None:
            names = [name for name in FIELDS if was[name] != now[name]]
            was, now = ({name: row[name] for name in names} for row in (was, now))
        old.setdefault("cards", {})[uid] = was
        new.setdefault("cards", {})[uid] = now
    return old, new


def _keep(panel: InstructionPanel, user: User | None, label: str, old: Row, new: Row) -> None:
    steps = Edit.objects.filter(panel=panel)
    steps.filter(user=user).exclude(undone_at=None).delete()
    last = steps.first()
    if last is not None and _goes_on(last, user, label, new):
        _go_on(last, old, new)
        return
    Edit.objects.create(panel=panel, user=user, label=label, before=old, after=new)
    oldest = steps.values_list("pk", flat=True)[KEPT : KEPT + 1]
    if oldest:
        steps.filter(pk__lte=oldest[0]).delete()


def _goes_on(last: Edit, user: User | None, label: str, new: Row) -> bool:
    """Whether somebody is still typing in the same card, section or instructions."""
    same = last.user_id == (user.pk if user else None) and last.undone_at is None
    typed = _typed_in(last.after) == _typed_in(new) is not None
    return same and typed and last.label == label and timezone.now() - last.at < ONE_GO


def _typed_in(after: Row) -> tuple[str, ...] | None:
    """What a step typed in; None where it did something else: added, moved, switched."""
    if set(after) == {"cards"} and len(after["cards"]) == 1:
        [(uid, row)] = after["cards"].items()
        return (uid,) if row and "enabled" not in row else None
    return tuple(sorted(after)) if set(after) <= {"name", "instructions", "settings"} else None


def _go_on(last: Edit, old: Row, new: Row) -> None:
    """The step begins where it began and ends here; where that is the same it is none."""
    before, after = {**old, **last.before}, {**last.after, **new}
    for uid, row in new.get("cards", {}).items():
        was = {**old["cards"][uid], **last.before["cards"][uid]}
        now = {**last.after["cards"][uid], **row}
        changed = [name for name in now if was[name] != now[name]]
        before["cards"] = {uid: {name: was[name] for name in changed}} if changed else {}
        after["cards"] = {uid: {name: now[name] for name in changed}} if changed else {}
    same = [name for name in after if before[name] == after[name]]
    last.before = {name: row for name, row in before.items() if name not in same}
    last.after = {name: row for name, row in after.items() if name not in same}
    if last.after:
        last.save(update_fields=["before", "after"])
    else:
        last.delete()


def last_step(panel: InstructionPanel, user: object) -> Edit | None:
    """What this person would undo."""
    return _mine(panel, user).filter(undone_at=None).order_by("-pk").first()


def last_undone(panel: InstructionPanel, user: object) -> Edit | None:
    """What this person would redo."""
    return _mine(panel, user).exclude(undone_at=None).order_by("-undone_at", "-pk").first()


def _mine(panel: InstructionPanel, user: object) -> QuerySet[Edit]:
    steps = Edit.objects.filter(panel=panel)
    return steps.filter(user=user) if isinstance(user, User) else steps.none()


def who_touched(panel: InstructionPanel, uid: str, user: object) -> str:
    """The other person who changed a card last; empty where there is none."""
    steps = Edit.objects.filter(panel=panel, undone_at=None).select_related("user")
    found = (edit for edit in steps if uid in edit.cards and edit.user_id != _pk(user))
    return next(map(name_of, found), "")


def who_typed(panel: InstructionPanel, user: object) -> str:
    """The other person who changed the instructions last; empty where there is none."""
    return _who_changed(panel, user, "instructions")


def who_set(panel: InstructionPanel, user: object) -> str:
    """The other person who changed the settings last; empty where there is none."""
    return _who_changed(panel, user, "settings")


def _who_changed(panel: InstructionPanel, user: object, what: str) -> str:
    steps = Edit.objects.filter(panel=panel, undone_at=None).select_related("user")
    found = (one for one in steps if what in one.after and one.user_id != _pk(user))
    return next(map(name_of, found), "")


def deletion_of(panel: InstructionPanel, uid: str) -> Edit | None:
    """The step that took a card off the panel."""
    steps = Edit.objects.filter(panel=panel, undone_at=None).select_related("user")
    return next((one for one in steps if one.after.get("cards", {}).get(uid, one) is None), None)


def name_of(edit: Edit) -> str:
    """Who did it."""
    return str(edit.user) if edit.user else "Somebody"


def _pk(user: object) -> int | None:
    return user.pk if isinstance(user, User) else None


@transaction.atomic
def undo(*, edit: Edit, user: object = None) -> None:
    """Take a step back; raises CannotUndo."""
    _refuse_if_overtaken(edit, user)
    _turn(edit.panel, have=edit.after, want=edit.before)
    _turned(edit, timezone.now(), "undid", user)


@transaction.atomic
def redo(*, edit: Edit, user: object = None) -> None:
    """Do again what was undone; raises CannotUndo."""
    _refuse_if_overtaken(edit, user)
    _turn(edit.panel, have=edit.before, want=edit.after)
    _turned(edit, None, "redid", user)


def _turned(edit: Edit, undone_at: datetime | None, verb: str, user: object) -> None:
    """Claim the step once the panel is locked: of two who undo it, one does."""
    other_way = Edit.objects.filter(pk=edit.pk, undone_at__isnull=undone_at is not None)
    if not other_way.update(undone_at=undone_at):
        raise CannotUndo("Somebody else has just done this.")
    edit.undone_at = undone_at
    count_change(edit.panel)
    agent = edit.panel.agent
    audit(
        actor=str(user or ""), verb=verb, kind="agent", object_id=agent.uuid, label=agent.name,
        reason=edit.label,
    )  # fmt: skip


def _refuse_if_overtaken(edit: Edit, user: object) -> None:
    """Another person's later change of the same card or text must not be lost."""
    later = Edit.objects.filter(panel=edit.panel, pk__gt=edit.pk, undone_at=None)
    for other in later.select_related("user"):
        if other.user_id in (edit.user_id, _pk(user)):
            continue
        if edit.cards & other.cards:
            raise CannotUndo(f"{edit.label}: {name_of(other)} has changed this action since.")
        if "instructions" in edit.after and "instructions" in other.after:
            raise CannotUndo(f"{name_of(other)} has changed the instructions since.")


def _turn(panel: InstructionPanel, *, have: Row, want: Row) -> None:
    """Lead the panel from one state to the other, if it still is in the one."""
    now = _state(panel)
    if "instructions" in want:
        if now.instructions != have["instructions"]:
            raise CannotUndo("The instructions have been changed since.")
        InstructionPanel.objects.filter(pk=panel.pk).update(instructions=want["instructions"])
        panel.instructions = want["instructions"]
    if "name" in want:
        if now.name != have["name"]:
            raise CannotUndo("The name has been changed since.")
        Agent.objects.filter(panel=panel).update(name=want["name"])
    if "settings" in want:
        if now.settings != have["settings"]:
            raise CannotUndo("The settings have been changed since.")
        Agent.objects.filter(panel=panel).update(settings=want["settings"])
    for uid, row in want.get("cards", {}).items():
        _turn_card(panel, uid, now.cards.get(uid), have["cards"][uid], row)
    if "order" in want:
        place(panel, want["order"])


def _turn_card(
    panel: InstructionPanel, uid: str, now: Row | None, have: Row | None, want: Row | None
) -> None:
    if have is None:
        if now is not None:
            raise CannotUndo("This action is already there.")
        assert want is not None  # noqa: S101 - a step changes something
        Action.objects.create(panel=panel, uid=UUID(uid), position=32_000, **want)
        return
    if now is None:
        raise CannotUndo("This action was deleted since.")
    if any(now[name] != value for name, value in have.items()):
        raise CannotUndo("This action has been changed since.")
    row = Action.objects.filter(uid=UUID(uid))
    if want is None:
        row.delete()
    else:
        row.update(**want, revision=F("revision") + 1)


def place(panel: InstructionPanel, wanted: Sequence[str]) -> None:
    """Put the cards into this order; one that it does not name stays behind its neighbour."""
    rows = list(Action.objects.filter(panel=panel))
    by_uid = {str(row.uid): row for row in rows}
    order = [uid for uid in wanted if uid in by_uid]
    before = ""
    for uid in by_uid:
        if uid not in wanted:
            order.insert(order.index(before) + 1 if before else 0, uid)
        before = uid
    renumber([by_uid[uid] for uid in order])


def renumber(rows: Sequence[Action]) -> None:
    """Give the rows their positions; one query however many move."""
    moved = []
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            moved.append(row)
    Action.objects.bulk_update(moved, ["position"])
