"""The facts of a test as they are now, and what the test changed in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from agents.contacts.models import Property
from agents.conversations.models import Conversation
from agents.core import picks

World = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """One value; `state` is new or gone where this test made it so."""

    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class TestFact:
    """One line: what it is and its values."""

    label: str
    marks: tuple[Mark, ...]
    chips: bool = True

    @property
    def changes(self) -> int:
        """How many of its values this test changed."""
        return sum(bool(mark.state) for mark in self.marks)


@dataclass(frozen=True, slots=True)
class TestFacts:
    """The facts panel of Try it."""

    contact: tuple[TestFact, ...]
    conversation: tuple[TestFact, ...]

    @property
    def changes(self) -> int:
        """How many values this test changed."""
        return sum(fact.changes for fact in (*self.contact, *self.conversation))


def facts_of_test(test: Conversation) -> TestFacts:
    """What the snapshot holds now beside what it held when the test began."""
    then, now = test.world.get("start", {}), test.world
    names = _names(test, then, now)
    was, has = then.get("contact", {}), now.get("contact", {})
    contact = [
        *_properties(was.get("values", {}), has.get("values", {})),
        _flags(was, has),
        TestFact("Contact disposition", _one(was.get("status"), has.get("status"), names)),
        TestFact("Tags", _many(was.get("tags"), has.get("tags"), names)),
        TestFact("Lists", _many(was.get("lists"), has.get("lists"), names)),
        TestFact("Sequences", _many(was.get("sequences"), has.get("sequences"), names)),
        TestFact("Appointments", _bookings(then, now, names), chips=False),
    ]
    conversation = [
        TestFact("Disposition", _one(then.get("disposition"), now.get("disposition"), names)),
        TestFact("Conversation tags", _many(then.get("tags"), now.get("tags"), names)),
        TestFact("Inbox", _one(then.get("inbox"), now.get("inbox"), names)),
        TestFact("Notes", _notes(then, now), chips=False),
    ]
    return TestFacts(_with_values(contact), _with_values(conversation))


def _with_values(facts: Iterable[TestFact]) -> tuple[TestFact, ...]:
    return tuple(fact for fact in facts if fact.marks)


def _names(test: Conversation, *worlds: World) -> dict[str, str]:
    """The labels of all references: the version's own, else those of today."""
    refs: set[str] = set()
    for world in worlds:
        contact = world.get("contact", {})
        refs |= {world.get("disposition", ""), world.get("inbox", ""), contact.get("status", "")}
        refs |= set(world.get("tags", ()))
        refs |= {ref for kind in ("tags", "lists", "sequences") for ref in contact.get(kind, ())}
        refs |= {one["calendar"] for one in world.get("bookings", ())}
    known: dict[str, str] = test.version.content.get("names", {})
    return picks.labels(ref for ref in refs if ref and ref not in known) | known


def _properties(was: Mapping[str, str], has: Mapping[str, str]) -> Iterable[TestFact]:
    """Known properties in their own order, then what no property describes any more."""
    labels = dict(Property.objects.values_list("key", "label"))
    for key in dict.fromkeys([*labels, *was, *has]):
        old, new = str(was.get(key) or ""), str(has.get(key) or "")
        label = labels.get(key) or key.replace("_", " ").capitalize()
        yield TestFact(label, _replaced(old, new), chips=False)


def _replaced(old: str, new: str) -> tuple[Mark, ...]:
    if old == new:
        return (Mark(new),) if new else ()
    marks = Mark(new, "new") if new else None, Mark(old, "gone") if old else None
    return tuple(mark for mark in marks if mark)


def _flags(was: World, has: World) -> TestFact:
    """What keeps the contact from being reached."""
    marks = []
    for name, words in (
        ("dnc", "do not call, do not write"),
        ("sms_opted_out", "opted out of SMS"),
        ("disengaged", "disengaged"),
    ):
        if has.get(name):
            marks.append(Mark(words, "" if was.get(name) else "new"))
        elif was.get(name):
            marks.append(Mark(words, "gone"))
    return TestFact("Reach", tuple(marks))


def _one(old: Any, new: Any, names: Mapping[str, str]) -> tuple[Mark, ...]:
    return _replaced(*(names.get(ref, "missing") if ref else "" for ref in (old, new)))


def _many(old: Any, new: Any, names: Mapping[str, str]) -> tuple[Mark, ...]:
    then, now = list(old or ()), list(new or ())
    kept = [Mark(names.get(ref, "missing"), "" if ref in then else "new") for ref in now]
    gone = [Mark(names.get(ref, "missing"), "gone") for ref in then if ref not in now]
    return (*kept, *gone)


def _bookings(then: World, now: World, names: Mapping[str, str]) -> tuple[Mark, ...]:
    old = [_booked(one, names) for one in then.get("bookings", ())]
    new = [_booked(one, names) for one in now.get("bookings", ())]
    kept = [Mark(text, "" if text in old else "new") for text in new]
    return (*kept, *(Mark(text, "gone") for text in old if text not in new))


def _booked(one: Mapping[str, str], names: Mapping[str, str]) -> str:
    start = timezone.localtime(datetime.fromisoformat(one["start"]))
    where = names.get(one["calendar"], "missing")
    return f"{date_format(start, 'D j M, H:i')}, {where}"


def _notes(then: World, now: World) -> tuple[Mark, ...]:
    old = list(then.get("notes", ()))
    new = list(now.get("notes", ()))
    return tuple(Mark(str(text), "" if n < len(old) else "new") for n, text in enumerate(new))
