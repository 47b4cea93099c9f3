"""Offering free times of a calendar, from a day that somebody wishes for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.base import Collect, Outcome
from actions.context import Context
from actions.languages import ENGLISH, Language
from actions.ports import Slot
from actions.understood.slots import wished

Desk = tuple[str, str]
"""A calendar and one of its services, as references."""


@dataclass(frozen=True)
class Wish:
    """From when on, what is said first, and a start that is not offered again."""

    after: datetime | None = None
    lead: str = ""
    refused: datetime | None = None


def wish_of(ctx: Context, desk: Desk, words: str | None) -> Wish:
    """A day in the contact's words, in the zone in which the calendar's times are."""
    first = ctx.calendar.free(*desk, count=1) if words else []
    if not words or not first:
        return Wish()
    zone = first[0].start.tzinfo
    since = wished(words, ctx.now().astimezone(zone).date(), ctx.language)
    return Wish(since.replace(tzinfo=zone)) if since else Wish()


def offer(ctx: Context, desk: Desk, wish: Wish, count: int) -> Outcome:
    """The next free times, as a question; from the wished day on, or else the very next."""
    lead, language = wish.lead, ctx.language
    found = ctx.calendar.free(*desk, after=wish.after, count=count + 1)
    if wish.after and (not found or found[0].start.date() != wish.after.date()):
        lead = language.say("nothing_on_day", day=language.speaking.day(wish.after))
    if wish.after and not found:
        found = ctx.calendar.free(*desk, count=count + 1)
    slots = [slot for slot in found if slot.start != wish.refused][:count]
    if slots:
        return _question(lead, slots, language)
    said = f"{lead} {language.say('no_time')}".strip()
    return Outcome("No time is free", said, said, outcome="no_slot")


def _question(lead: str, slots: Sequence[Slot], language: Language) -> Outcome:
    labels = [_label(slot, language) for slot in slots]
    said = _listed(labels, language.speaking.either)
    which = language.say("which_time" if len(slots) > 1 else "that_time")
    options = tuple((slot.start.isoformat(), _label(slot, language)) for slot in slots)
    times = "; ".join(f"{label} ({value})" for value, label in options)
    return Outcome(
        f"Offered {_listed([slot.label for slot in slots], ENGLISH.speaking.either)}",
        to_model=f"{lead} Free times: {times}. Offer these and no others.".strip(),
        flow=Collect(
            f"{lead} {language.say('offered', times=said)} {which}".strip(),
            "start",
            kind="option",
            options=options,
            strict=False,
        ),
        outcome="offered",
    )


def _label(slot: Slot, language: Language) -> str:
    """A time as the contact hears it; in English as people read it."""
    return slot.label if language is ENGLISH else language.speaking.time(slot.start)


def _listed(labels: Sequence[str], either: str) -> str:
    return f" {either} ".join(filter(None, ("; ".join(labels[:-1]), labels[-1])))
