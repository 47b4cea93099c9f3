"""*Only if*: conditions that code checks, pure functions over the facts. One class per kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from actions.base import Names, Settings
from actions.facts import Facts
from actions.fields import choice, line, number
from actions.fields import pick as pick_field


class Guard(Settings):
    """One stored condition: a kind, what it is about, and whether it is turned round."""

    id: str = ""
    kind: str = ""
    ref: str = pick_field("What", "property", "tag", "action")
    value: str = line("Value")
    number: int = number("Number", 1, ge=1, le=1000)
    scope: str = choice(
        "Within", "conversation", labels={"turn": "this turn", "conversation": "this conversation"}
    )


@dataclass(frozen=True)
class GuardKind:
    """A kind of guard: its words, which parts of a `Guard` it uses, and the check."""

    slug: str
    label: str
    uses: tuple[str, ...]
    check: Callable[[Guard, Facts], bool]
    sentence: Callable[[Guard, Names], str]
    options: tuple[tuple[str, str], ...] = ()
    picks: tuple[str, ...] = ()


def _key(guard: Guard) -> str:
    return guard.ref.partition(":")[2]


def _said(guard: Guard, facts: Facts) -> bool:
    wanted = [word.strip() for word in guard.value.split(",") if word.strip()]
    heard = " \n ".join([*facts.said, facts.message])
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", heard, re.IGNORECASE) for word in wanted
    )


def _ended_with(guard: Guard, facts: Facts) -> bool:
    return any(
        run.action == _key(guard)
        and run.outcome == guard.value
        and (guard.scope == "conversation" or run.turn == facts.turn)
        for run in facts.runs
    )


_CHANNELS = (("voice", "a call"), ("sms", "SMS"), ("chat", "web chat"))
_WAYS = (("inbound", "the contact reached out"), ("outbound", "the agent reached out"))

KINDS: dict[str, GuardKind] = {
    kind.slug: kind
    for kind in (
        GuardKind(
            "channel", "the channel is", ("value",),
            lambda g, f: f.channel == g.value,
            lambda g, n: f"it is {dict(_CHANNELS).get(g.value, g.value)}",
            _CHANNELS,
        ),
        GuardKind(
            "direction", "the direction is", ("value",),
            lambda g, f: f.direction == g.value,
            lambda g, n: dict(_WAYS).get(g.value, g.value),
            _WAYS,
        ),
        GuardKind(
            "open", "during business hours", (),
            lambda g, f: f.open_now, lambda g, n: "during business hours",
        ),
        GuardKind(
            "closed", "outside business hours", (),
            lambda g, f: not f.open_now, lambda g, n: "outside business hours",
        ),
        GuardKind(
            "has_property", "the contact has", ("ref",),
            lambda g, f: bool(f.contact.values.get(_key(g))),
            lambda g, n: f"the contact has {n.label(g.ref)}", (), ("property",),
        ),
        GuardKind(
            "lacks_property", "the contact lacks", ("ref",),
            lambda g, f: not f.contact.values.get(_key(g)),
            lambda g, n: f"the contact lacks {n.label(g.ref)}", (), ("property",),
        ),
        GuardKind(
            "has_tag", "the contact or conversation has the tag", ("ref",),
            lambda g, f: g.ref in f.contact.tags | f.tags,
            lambda g, n: f"tagged {n.label(g.ref)}", (), ("tag",),
        ),
        GuardKind(
            "lacks_tag", "the contact and conversation lack the tag", ("ref",),
            lambda g, f: g.ref not in f.contact.tags | f.tags,
            lambda g, n: f"not tagged {n.label(g.ref)}", (), ("tag",),
        ),
        GuardKind(
            "said", "the contact said one of the words", ("value",), _said,
            lambda g, n: f"the contact said {g.value}",
        ),
        GuardKind(
            "turn_from", "from turn", ("number",),
            lambda g, f: f.turn >= g.number, lambda g, n: f"from turn {g.number}",
        ),
        GuardKind(
            "turn_to", "up to turn", ("number",),
            lambda g, f: f.turn <= g.number, lambda g, n: f"up to turn {g.number}",
        ),
        GuardKind(
            "ended_with", "an action ended with", ("ref", "value", "scope"), _ended_with,
            lambda g, n: f"{n.label(g.ref)} ended with {g.value} in this {g.scope}",
            (), ("action",),
        ),
        GuardKind(
            "not_ended_with", "an action has not ended with", ("ref", "value", "scope"),
            lambda g, f: not _ended_with(g, f),
            lambda g, n: f"{n.label(g.ref)} has not ended with {g.value} in this {g.scope}",
            (), ("action",),
        ),
    )
}  # fmt: skip


def failed_guard(guards: list[Guard], facts: Facts) -> Guard | None:
    """The first condition that does not hold; a kind that is no more never holds."""
    for guard in guards:
        kind = KINDS.get(guard.kind)
        if kind is None or not kind.check(guard, facts):
            return guard
    return None


OPPOSITES = (
    ("open", "closed"),
    ("has_property", "lacks_property"),
    ("has_tag", "lacks_tag"),
    ("ended_with", "not_ended_with"),
)


def never_true(guards: Sequence[Guard], channels: Collection[str]) -> str:
    """Why these conditions can never hold together for an agent of these channels, else empty."""
    by_kind: dict[str, list[Guard]] = {}
    for guard in guards:
        by_kind.setdefault(guard.kind, []).append(guard)
    wanted = {guard.value for guard in by_kind.get("channel", ())}
    if wanted - set(channels):
        return "This agent does not use that channel."
    if len(wanted) > 1 or len({guard.value for guard in by_kind.get("direction", ())}) > 1:
        return "A conversation has one channel and one direction."
    starts = [guard.number for guard in by_kind.get("turn_from", ())]
    ends = [guard.number for guard in by_kind.get("turn_to", ())]
    if starts and ends and max(starts) > min(ends):
        return f"No turn is both {max(starts)} or later and {min(ends)} or earlier."
    for one, other in OPPOSITES:
        said = {_about(guard) for guard in by_kind.get(one, ())}
        if any(_about(guard) in said for guard in by_kind.get(other, ())):
            return "Two of the conditions contradict each other."
    return ""


def _about(guard: Guard) -> tuple[str, str, str]:
    ended = "ended_with" in guard.kind
    return guard.ref, guard.value if ended else "", guard.scope if ended else ""


def guard_sentence(guard: Guard, names: Names) -> str:
    """How the card and the log name a condition."""
    kind = KINDS.get(guard.kind)
    return kind.sentence(guard, names) if kind else "a condition that no longer exists"
