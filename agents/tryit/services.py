"""Writes of Try it: starting a test, repeating one, keeping what the tester did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from actions import registry
from actions.base import ActionError
from actions.facts import Booked
from agents.calendars.reading import desk
from agents.contacts.models import Contact
from agents.contacts.services import snapshot
from agents.conversations.models import Conversation
from agents.conversations.services import Fence, change, open_conversation
from agents.conversations.situation import stored_bookings
from agents.core.models import User
from agents.panels.freeze import content_to_try
from agents.panels.models import Agent, Version
from agents.panels.services import freeze_panel
from agents.panels.stored import read_content
from agents.tryit.models import TestStep
from agents.tryit.replay import cut_of

World = dict[str, Any]
MAX_STEPS = 500


class TooManySteps(Exception):
    """A test has as many steps as it may have."""


@transaction.atomic
def keep_step(*, fence: Fence, after: int, frame: dict[str, Any]) -> None:
    """Keep what the tester did beside the messages, so that it can be repeated."""
    change(fence=fence)
    position = TestStep.objects.filter(conversation_id=fence.conversation_id).count()
    if position >= MAX_STEPS:
        raise TooManySteps
    TestStep.objects.create(
        conversation_id=fence.conversation_id, position=position, after=after, frame=frame
    )


def _offset(version: Version, start: World) -> float:
    """Seconds until the time at which a test wants to begin."""
    wanted = start.get("hours", "")
    if not wanted:
        return 0.0
    hours = read_content(version.content).settings.hours.in_zone(settings.TIME_ZONE)
    now = timezone.now()
    return ((hours.next_time(now, open=wanted == "open") or now) - now).total_seconds()


def _appointment(version: Version, now: datetime) -> list[dict[str, str]]:
    """The first free time from tomorrow on, in the calendar that the agent books in."""
    for action in read_content(version.content).actions:
        kind = registry.get(action.type)
        if not (action.enabled and kind and "calendar" in kind.answered_by):
            continue
        calendar, service = action.config.get("calendar", ""), action.config.get("service", "")
        try:
            free = desk(calendar=calendar, service=service, now=now)
            found = free.free(now + timedelta(days=1), 1)
        except ActionError:
            continue
        return stored_bookings(
            Booked(str(uuid4()), calendar, service, one.start, one.end) for one in found
        )
    return []


@transaction.atomic
def start_test(
    *,
    agent: Agent,
    contact: Contact | None,
    channel: str,
    direction: str,
    attempt: int,
    user: User | None,
    hours: str = "",
    simulated: Mapping[str, str] | None = None,
    booked: bool = False,
) -> Conversation:
    """A sandbox conversation on an unnumbered version made from the draft.

    `hours` puts its clock to when the agent is `open` or `closed`; else it is now. `simulated` is
    what others answer; `booked`: the contact begins with an appointment.
    """
    version = freeze_panel(panel=agent.panel, content=content_to_try(agent.panel))
    world: World = {"hours": hours} if hours else {}
    if simulated:
        world["simulated"] = dict(simulated)
    offset = _offset(version, world)
    if booked:
        world["bookings"] = _appointment(version, timezone.now() + timedelta(seconds=offset))
    if contact:
        world["contact"] = snapshot(contact=contact, agent_uuid=agent.uuid)
    return open_conversation(
        agent=agent,
        version=version,
        contact=contact,
        channel=channel,
        direction=direction,
        attempt=attempt,
        sandbox=True,
        world={**world, "start": world},
        clock_offset=offset,
        started_by=user.username if user else "",
    )


@transaction.atomic
def replay_test(
    *, test: Conversation, turn: int, text: str, on_draft: bool, user: User | None
) -> Conversation:
    """A new test that repeats another one up to a turn; `text` says something else in that turn.

    The steps are done again when the new test is opened. Raises ValueError for a turn that no
    step of the tester made.
    """
    if cut_of(test, turn) is None:
        raise ValueError("This turn cannot be replayed.")
    start = test.world.get("start", {})
    panel = test.agent.panel
    draft = content_to_try(panel) if on_draft else None
    version = freeze_panel(panel=panel, content=draft) if draft else test.version
    replay = {"of": str(test.pk), "turn": turn, "text": text}
    return open_conversation(
        agent=test.agent,
        version=version,
        contact=test.contact,
        channel=test.channel,
        direction=test.direction,
        attempt=test.attempt,
        sandbox=True,
        world={**start, "start": start, "replay": replay},
        clock_offset=_offset(version, start),
        started_by=user.username if user else "",
    )
