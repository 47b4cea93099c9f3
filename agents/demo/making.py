"""Makes the demo business step by step; whoever makes it holds a lease, and says how far it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from agents.contacts.models import Consent, Contact, TimelineEntry
from agents.demo import library, staff
from agents.demo.models import THE_ONE, Demo
from agents.demo.names import Names
from agents.demo.playing import Beginning, Played, Stage, play
from agents.demo.removing import clear
from agents.demo.story import Story
from agents.demo.week import TRIED, WEEK
from agents.panels.models import Agent, Edit, Version

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
AT_ONCE = 32  # conversations that are held at the same time
SWITCH = 3  # the day on which the second versions went live
DAYS = 6
SUNDAY = 6
STEPS = (
    "People, groups and inboxes",
    "Contacts",
    "Agents and their versions",
)
TALKS = "Conversations of the last week"
FAILED = "Something went wrong while it was created."
Versions = dict[str, tuple[Version, Version]]


@dataclass
class Maker:
    """Whoever makes it; `owner` is the lease."""

    stage: Stage = field(default_factory=Stage)
    owner: str = field(default_factory=lambda: uuid4().hex)
    played: list[Played] = field(default_factory=list)

    def run(self) -> bool:
        """Make all of it; False where somebody else is at it, or nobody wants it any more.

        What an earlier maker left half done is removed first.
        """
        if not self._claim():
            return False
        try:
            clear()
            self._make()
        except Exception:
            log.exception("The demo business could not be made")
            self._mine().update(state=Demo.State.FAILED, doing=FAILED, until=None)
            return False
        return True

    # --- the lease ----------------------------------------------------------------------

    def _mine(self) -> QuerySet[Demo]:
        return Demo.objects.filter(pk=THE_ONE, state=Demo.State.MAKING, owner=self.owner)

    def _claim(self) -> bool:
        now = timezone.now()
        free = Demo.objects.filter(Q(until=None) | Q(until__lte=now), state=Demo.State.MAKING)
        total = len(STEPS) + len(WEEK) + len(TRIED)
        return bool(free.update(owner=self.owner, until=now + LEASE, done=0, total=total))

    def _on(self, doing: str) -> None:
        """One step further; raises where the lease is lost."""
        until = timezone.now() + LEASE
        if not self._mine().update(doing=doing, done=F("done") + 1, until=until):
            raise LookupError("The demo business was taken over or removed.")

    # --- the steps ----------------------------------------------------------------------

    def _make(self) -> None:
        names = Names()
        library.make_library(names)
        self._on(STEPS[0])
        library.make_contacts(names)
        self._on(STEPS[1])
        staff.make_agents(names)
        library.make_sequences(names)
        versions = staff.publish_both(names)
        self._on(STEPS[2])
        days = working_days(timezone.now())
        date_versions(versions, days)
        date_contacts(names, days[0])
        asyncio.run(self._play(names, versions, days))
        ready = {"state": Demo.State.READY, "doing": "", "until": None}
        self._mine().update(**ready, ready_at=timezone.now())

    async def _play(self, names: Names, versions: Versions, days: Sequence[datetime]) -> None:
        places = asyncio.Semaphore(AT_ONCE)
        tests = Stage(True, self.stage.writer, self.stage.asking)
        work = [(self.stage, chain) for chain in chains(WEEK)]
        work += [(tests, [story]) for story in TRIED]

        async def follow(stage: Stage, chain: Sequence[Story]) -> None:
            for story in chain:
                async with places:
                    at = time_of(story, days)
                    version = versions[story.agent][stage.sandbox or story.day >= SWITCH]
                    contact = UUID(names.key(f"contact:{story.contact}"))
                    beginning = Beginning(version, contact, at)
                    self.played.append(await play(story, beginning, stage))
                    await stage.write(partial(self._on, TALKS))

        async with asyncio.TaskGroup() as group:
            for stage, chain in work:
                group.create_task(follow(stage, chain))


def chains(stories: Iterable[Story]) -> list[list[Story]]:
    """The stories of each contact, one after the other; the longest rows first.

    Contacts who make an appointment want other days, so that nobody takes another one's time.
    """
    by_contact: dict[str, list[Story]] = {}
    for story in stories:
        by_contact.setdefault(story.contact, []).append(story)
    return sorted(by_contact.values(), key=len, reverse=True)


def working_days(now: datetime) -> list[datetime]:
    """The last six days that were no Sunday, at midnight, today left out."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(hour=0, minute=0, second=0)
    days = (today.replace(microsecond=0) - timedelta(days=n) for n in range(1, DAYS + 2))
    return sorted(day for day in days if day.weekday() != SUNDAY)[-DAYS:]


def time_of(story: Story, days: Sequence[datetime]) -> datetime:
    """When a story begins."""
    return datetime.combine(
        days[story.day].date(), time.fromisoformat(story.time.zfill(5)), days[0].tzinfo
    )


# --- dates of what the services wrote today ------------------------------------------------------


@transaction.atomic
def date_versions(versions: Versions, days: Sequence[datetime]) -> None:
    """The first versions went live before the week began, the second ones within it."""
    for pair in versions.values():
        for version, day in zip(pair, (days[0], days[SWITCH]), strict=True):
            at = day + timedelta(hours=6, minutes=40)
            Version.objects.filter(pk=version.pk).update(created_at=at, published_at=at)
            notes = Edit.objects.filter(panel__agent=version.agent_id, label=version.note)
            notes.update(at=at - timedelta(minutes=5))
    made = days[0] - timedelta(days=2)
    Agent.objects.filter(pk__in=[pair[0].agent_id for pair in versions.values()]).update(
        created_at=made
    )


@transaction.atomic
def date_contacts(names: Names, begin: datetime) -> None:
    """They have been customers for a while."""
    found = [names.key(name[1:]) for name in names.refs if name.startswith("@contact:")]
    for number, key in enumerate(found, 1):
        at = begin - timedelta(days=9 * number, hours=-10, minutes=7 * number)
        Contact.objects.filter(pk=key).update(created_at=at)
        TimelineEntry.objects.filter(contact=key).update(at=at)
        Consent.objects.filter(contact=key).update(given_at=at)
